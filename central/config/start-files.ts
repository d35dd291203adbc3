import type { Catalogue } from '../../contract/catalogue.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import type { RuleVersions } from '../alerts/history/rule-versions.ts';
import { lastGoodRules } from '../alerts/reload/last-good-rules.ts';
import { manyRemoved } from '../alerts/reload/many-removed.ts';
import type { RefusedAtStart } from '../alerts/reload/rule-directory-watch.ts';
import type { AlertRule } from '../alerts/rules/rule.ts';
import { problemsOfRulesWith } from '../alerts/rules/rules-with.ts';
import type { CustomMeasurements } from '../catalogue/custom-measurements.ts';
import { declareFromFiles } from '../catalogue/declare-from-files.ts';
import { routeRuleProblems } from '../notify/settings/read-routes.ts';
import type { CentralConfig } from './config.ts';
import { readRules, type StartConfig } from './resolve-config.ts';

/** What was in force when central last ran. */
export interface Before {
  readonly versions: Pick<RuleVersions, 'lastOwn'>;
  readonly measurements: CustomMeasurements;
}

/** What a start makes of the files that central follows while it runs. */
export interface StartFiles {
  readonly rules: readonly AlertRule[];
  /** Undefined: the files of rules run as they are. */
  readonly refusedRules: RefusedAtStart | undefined;
  /** Why the files of declared measurements do not count as they are; empty: they do. */
  readonly refusedDeclarations: readonly string[];
}

/**
 * Rules and declared measurements as their files have them; files that cannot be used change nothing, as while central runs: what was in force
 * before goes on. Throws a UserError (exit 2) with every problem where nothing was.
 */
export function startFiles(config: CentralConfig, resolved: StartConfig, before: Before): StartFiles {
  const refusedDeclarations = declareAtStart(config, resolved, before);
  return { ...rulesAtStart(config, resolved, before), refusedDeclarations };
}

function declareAtStart(
  { measurementsDirectory, ...config }: CentralConfig,
  resolved: StartConfig,
  before: Before,
): readonly string[] {
  const { measurements } = before;
  if (measurementsDirectory === undefined) {
    measurements.configure(undefined);
    return [];
  }
  const check = (next: Catalogue): readonly string[] => problemsOfOwnRules(next, config, resolved, before);
  const problems = problemsIn(() => {
    declareFromFiles(measurementsDirectory, measurements, 'what is mounted', check);
  });
  if (problems.length > 0 && measurements.configured === undefined) throw allProblems(resolved, problems);
  return problems;
}

/** Why the rules that are about to run could not do so with `next`, but can with the catalogue as it is. */
function problemsOfOwnRules(
  next: Catalogue,
  config: Pick<CentralConfig, 'rulesDirectory'>,
  { shippedRules, notify }: StartConfig,
  { versions, measurements: { catalogue } }: Before,
): readonly string[] {
  const withNext = problemsIn(() => readRules(config, next));
  if (withNext.length === 0 || problemsIn(() => readRules(config, catalogue)).length === 0) return withNext;
  const problemsOf = routeProblems(notify);
  const last = lastGoodRules({ versions, shipped: shippedRules, catalogue, problemsOf });
  return problemsOfRulesWith(next, last?.rules ?? []);
}

function rulesAtStart(
  config: CentralConfig,
  resolved: StartConfig,
  { versions, measurements: { catalogue } }: Before,
): Omit<StartFiles, 'refusedDeclarations'> {
  const problemsOf = routeProblems(resolved.notify);
  let rules: readonly AlertRule[] = [];
  const problems = problemsIn(() => {
    ({ rules } = readRules(config, catalogue));
    const { rulesDirectory } = config;
    const found = [
      ...problemsOf(rules.map(({ id }) => id)),
      ...(rulesDirectory === undefined ? [] : manyRemoved(rulesDirectory, versions.lastOwn() ?? [], rules)),
    ];
    if (found.length > 0) throw new UserError(EXIT.badConfig, found);
  });
  if (problems.length === 0) return { rules, refusedRules: undefined };
  const last = lastGoodRules({ versions, shipped: resolved.shippedRules, catalogue, problemsOf });
  if (last === undefined) throw allProblems(resolved, problems);
  return { rules: last.rules, refusedRules: { problems, leftOut: last.leftOut } };
}

function routeProblems(notify: StartConfig['notify']) {
  return (ids: readonly string[]): readonly string[] => routeRuleProblems(notify?.routes ?? [], ids);
}

/** Of all files where they were read together. */
function allProblems({ refused }: StartConfig, problems: readonly string[]): UserError {
  return refused ?? new UserError(EXIT.badConfig, problems);
}

function problemsIn(work: () => void): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems;
  }
}
