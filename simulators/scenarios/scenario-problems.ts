import type { InventoryFile } from '../../contract/inventory.ts';
import { nearestName } from '../../runtime/nearest-name.ts';
import type { FaultKind } from '../city/faults.ts';
import { faultTargets, RECURRING_KINDS, STAGED_KINDS } from '../staging/effects.ts';
import type { Happening, Scenario } from './scenario.ts';

export const FAULT_KINDS: readonly FaultKind[] = [...RECURRING_KINDS, ...STAGED_KINDS];
/** Central and its agents have just begun: rules over the inventory judge nothing yet. */
const CALM_MS = 600_000;

/** What a schema cannot see: names that do not exist, times that cannot be, contradictions. Pure. */
export function scenarioProblems(
  scenario: Scenario,
  rules: readonly string[],
  inventory: InventoryFile,
): readonly string[] {
  const { happens, maintenance, never, length } = scenario;
  const names = namesOf(inventory);
  const check = checker(names, rules);
  return [
    ...happens.flatMap((happening, at) => [
      ...targetProblems(happening, inventory).map((problem) => `happens[${at}].${problem}`),
      ...timeProblems(happening, length).map((problem) => `happens[${at}].${problem}`),
      ...ruleProblems(happening, never, check).map((problem) => `happens[${at}].${problem}`),
      ...refProblems(happening, check).map((problem) => `happens[${at}].${problem}`),
    ]),
    ...overlaps(happens),
    ...maintenance.flatMap(({ covers, begin, length: lastsMs }, at) => [
      ...covers.flatMap((ref, index) => check.ref(`maintenance[${at}].covers[${index}]`, ref)),
      ...(begin + lastsMs > length
        ? [
            `maintenance[${at}].length: expected an end within the scenario (${minutes(length)}), got ${minutes(begin + lastsMs)}`,
          ]
        : []),
    ]),
    ...never.flatMap((rule, at) => check.rule(`never[${at}]`, rule)),
  ];
}

function targetProblems({ fault, target }: Happening, inventory: InventoryFile): readonly string[] {
  const kind = FAULT_KINDS.find((each) => each === fault);
  if (kind === undefined) return [`fault: ${unknown('a kind of fault', fault, FAULT_KINDS)}`];
  const targets = faultTargets(kind, inventory);
  return targets.includes(target)
    ? []
    : [`target: ${unknown(`a target of ${kind} in this city`, target, targets)}`];
}

function timeProblems(
  { begin, length: lastsMs, due, rise, period }: Happening,
  length: number,
): readonly string[] {
  const problems: string[] = [];
  if (begin < CALM_MS)
    problems.push(
      `begin: expected at least ${minutes(CALM_MS)}, by which time central judges everything, got ${minutes(begin)}`,
    );
  if (lastsMs === 0) problems.push('length: expected more than nothing, got 0 min');
  if (begin + lastsMs > length)
    problems.push(
      `length: expected an end within the scenario (${minutes(length)}), got ${minutes(begin + lastsMs)}`,
    );
  if (rise !== undefined && rise > lastsMs)
    problems.push(`rise: expected at most its length (${minutes(lastsMs)}), got ${minutes(rise)}`);
  if (period !== undefined && (period === 0 || period > lastsMs))
    problems.push(
      `period: expected more than nothing and at most its length (${minutes(lastsMs)}), got ${minutes(period)}`,
    );
  due.forEach(({ within, after = 0 }, at) => {
    if (after >= within)
      problems.push(
        `due[${at}].after: expected less than within (${minutes(within)}), got ${minutes(after)}`,
      );
    if (begin + within > length)
      problems.push(
        `due[${at}].within: expected within the scenario (${minutes(length)}), got ${minutes(begin + within)} after its begin`,
      );
  });
  return problems;
}

function ruleProblems(
  { due, symptoms }: Happening,
  never: readonly string[],
  check: Checker,
): readonly string[] {
  return [
    ...due.flatMap(({ rules: wanted }, at) =>
      wanted.flatMap((rule, index) => [
        ...check.rule(`due[${at}].rules[${index}]`, rule),
        ...(never.includes(rule) || never.includes('*')
          ? [`due[${at}].rules[${index}]: expected no rule of "never", got ${JSON.stringify(rule)}`]
          : []),
      ]),
    ),
    ...symptoms.flatMap((rule, at) => check.rule(`symptoms[${at}]`, rule)),
  ];
}

function refProblems(
  { root = [], path = [], units = [], services = [], due }: Happening,
  check: Checker,
): readonly string[] {
  const asked = [...root, ...path, ...units, ...services].length;
  return [
    // Of what nothing is due nothing is told, and nothing would be looked at.
    ...(due.length === 0 && asked > 0
      ? ['due: expected what is due, since root, path, units or services are asked for, got nothing']
      : []),
    ...root.flatMap((ref, at) => check.ref(`root[${at}]`, ref)),
    ...path.flatMap((ref, at) => check.ref(`path[${at}]`, ref)),
    ...units.flatMap((code, at) => check.ref(`units[${at}]`, code, 'unit:')),
    ...services.flatMap((id, at) => check.ref(`services[${at}]`, id, 'service:')),
  ];
}

/** Of one kind at one target there is one at a time. */
function overlaps(happens: readonly Happening[]): readonly string[] {
  return happens.flatMap((happening, at) => {
    const { fault, target, begin, length } = happening;
    const other = happens.findIndex(
      (each, index) =>
        index < at &&
        each.fault === fault &&
        each.target === target &&
        each.begin < begin + length &&
        begin < each.begin + each.length,
    );
    return other === -1
      ? []
      : [`happens[${at}]: expected one ${fault} of ${target} at a time, got another in happens[${other}]`];
  });
}

interface Checker {
  readonly rule: (where: string, rule: string) => readonly string[];
  readonly ref: (where: string, ref: string, prefix?: string) => readonly string[];
}

function checker(names: readonly string[], rules: readonly string[]): Checker {
  return {
    rule: (where, rule) => {
      const isKnown = rule.endsWith('*')
        ? rules.some((each) => each.startsWith(rule.slice(0, -1)))
        : rules.includes(rule);
      return isKnown ? [] : [`${where}: ${unknown('a shipped rule', rule, rules)}`];
    },
    ref: (where, ref, prefix = '') =>
      names.includes(prefix + ref)
        ? []
        : [
            `${where}: ${unknown(
              'something of this city',
              ref,
              names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
            )}`,
          ],
  };
}

function namesOf({
  sites,
  devices,
  agents,
  links,
  pools,
  services,
  units,
}: InventoryFile): readonly string[] {
  return [
    ...sites.map(({ id }) => `site:${id}`),
    ...devices.map(({ id }) => `device:${id}`),
    ...agents.map(({ id }) => `agent:${id}`),
    'agent:central',
    ...links.map(({ id }) => `link:${id}`),
    ...pools.map(({ id }) => `pool:${id}`),
    ...services.map(({ id }) => `service:${id}`),
    ...units.map(({ code }) => `unit:${code}`),
  ];
}

function unknown(expected: string, got: string, known: readonly string[]): string {
  const nearest = nearestName(got, known);
  return `expected ${expected}, got ${JSON.stringify(got)}${nearest === undefined ? '' : `, did you mean "${nearest}"?`}`;
}

function minutes(ms: number): string {
  return `${Math.round(ms / 6_000) / 10} min`;
}
