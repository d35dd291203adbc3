import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import type { Recorded } from '../record.ts';

/** What a run showed of each rule. */
export interface RuleCoverage {
  readonly fired: readonly string[];
  /** What they judge was there, and they stayed quiet. */
  readonly quiet: readonly string[];
  /** Nothing that they judge was measured. */
  readonly untried: readonly string[];
  /** No rule of these kinds fired. */
  readonly kindsNeverFired: readonly string[];
}

/** Central's own health, which no agent sends. */
const OWN = 'pipeline';

/** Of rules over states, agents and the inventory there is always something to judge. Pure. */
export function ruleCoverage(
  rules: readonly AlertRule[],
  { alerts, measured }: Pick<Recorded, 'alerts' | 'measured'>,
): RuleCoverage {
  const firedIds = new Set(alerts.map(({ rule }) => rule));
  const wasMeasured = ({ evaluator: { measurement } }: AlertRule): boolean =>
    measurement === undefined || measurement === OWN || measured.includes(measurement);
  const idsOf = (some: readonly AlertRule[]): string[] => some.map(({ id }) => id).sort();
  const fired = rules.filter(({ id }) => firedIds.has(id));
  const others = rules.filter(({ id }) => !firedIds.has(id));
  const firedKinds = new Set(fired.map(({ settings }) => settings.kind));
  const kinds = [...new Set(rules.map(({ settings }) => settings.kind))].sort();
  return {
    fired: idsOf(fired),
    quiet: idsOf(others.filter(wasMeasured)),
    untried: idsOf(others.filter((rule) => !wasMeasured(rule))),
    kindsNeverFired: kinds.filter((kind) => !firedKinds.has(kind)),
  };
}
