import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InventoryFile } from '../contract/inventory.ts';
import { checkConfig, readConfigFile } from '../runtime/config.ts';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { nearestName } from '../runtime/nearest-name.ts';
import { scenarioProblems } from './scenarios/scenario-problems.ts';
import { scenarioSchema, startMs, type Scenario, type ScenarioFile } from './scenarios/scenario.ts';

/** Beside this file, in the source as in the bundle. */
export const SCENARIOS_DIRECTORY = fileURLToPath(new URL('./scenarios/', import.meta.url));

const ENDING = '.yaml';
const MAX_SCENARIOS = 1_000;
const MAX_DEPTH = 8;

export interface ScenarioSources {
  readonly directory: string;
  /** Ids of the rules that may be named. */
  readonly rules: readonly string[];
  readonly inventoryOf: (city: Scenario['city']) => InventoryFile;
}

/** The names of all scenarios of a directory, sorted. Throws a UserError (exit 2). */
export function scenarioNames(directory: string): readonly string[] {
  let files: readonly string[];
  try {
    files = readdirSync(directory);
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${directory}: cannot be read: ${messageOf(error)}`], error);
  }
  const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
  if (names.length > MAX_SCENARIOS)
    throw new UserError(EXIT.badConfig, [
      `${directory}: at most ${MAX_SCENARIOS} scenarios, got ${names.length}`,
    ]);
  return names.sort();
}

/**
 * Reads scenarios, by name of a directory or as paths of files, with all that they include. Throws one UserError (exit 2) with every problem of
 * every file as `file: path: what was expected, got value`.
 */
export function loadScenarios(
  wanted: readonly string[],
  { directory, rules, inventoryOf }: ScenarioSources,
): readonly Scenario[] {
  const known = scenarioNames(directory);
  const problems: string[] = [];
  const scenarios = wanted.flatMap((name): readonly Scenario[] => {
    try {
      const isPath = name.endsWith(ENDING);
      if (!isPath && !known.includes(name)) throw unknownScenario('scenario', name, known);
      const file = isPath ? name : join(directory, `${name}${ENDING}`);
      const read = readScenario(file, { directory, known, depth: 0 });
      const scenario = { ...read, id: basename(file, ENDING) };
      problems.push(
        ...scenarioProblems(scenario, rules, inventoryOf(scenario.city)).map(
          (problem) => `${file}: ${problem}`,
        ),
      );
      return [scenario];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new UserError(EXIT.badConfig, [...new Set(problems)]);
  return scenarios;
}

interface Reading {
  readonly directory: string;
  readonly known: readonly string[];
  readonly depth: number;
}

/** What it includes happens in its own city, so much later; only the city and the length of the including one count. */
function readScenario(file: string, { directory, known, depth }: Reading): Omit<Scenario, 'id'> {
  if (depth > MAX_DEPTH)
    throw new UserError(EXIT.badConfig, [
      `${file}: include: expected at most ${MAX_DEPTH} levels, and no circle`,
    ]);
  const read = checkConfig<ScenarioFile>(file, readConfigFile(file), scenarioSchema);
  const { include, ...own } = read;
  const included = include.map(({ scenario, after = 0 }, at) => {
    if (!known.includes(scenario)) throw unknownScenario(`${file}: include[${at}].scenario`, scenario, known);
    const other = readScenario(join(directory, `${scenario}${ENDING}`), {
      directory,
      known,
      depth: depth + 1,
    });
    const later = <T extends { readonly begin: number }>(each: T): T => ({
      ...each,
      begin: each.begin + after,
    });
    return {
      happens: other.happens.map(later),
      maintenance: other.maintenance.map(later),
      never: other.never,
    };
  });
  return {
    ...own,
    fromMs: startMs(own.start),
    happens: [...own.happens, ...included.flatMap(({ happens }) => happens)],
    maintenance: [...own.maintenance, ...included.flatMap(({ maintenance }) => maintenance)],
    never: [...own.never, ...included.flatMap(({ never }) => never)],
  };
}

function unknownScenario(where: string, name: string, known: readonly string[]): UserError {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? '' : `, did you mean "${nearest}"?`;
  return new UserError(EXIT.badConfig, [
    `${where}: expected a known scenario, got ${JSON.stringify(name)}${hint}`,
  ]);
}
