import { isFired, type AlertState } from '../lifecycle/alert-state.ts';
import type { AlertRecord } from '../history/alert-record.ts';
import type { AlertValue } from '../history/alert.ts';
import { compileRule, type CompiledRule } from '../rules/kinds/threshold.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { Location } from '../../samples/location.ts';

/** An entity that is not simply healthy: pending, alerting, or lately resolved. */
export interface LiveEntity {
  readonly key: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly agent: string;
  readonly place: Location;
  /** undefined: inactive, kept for a while so that late samples are known as such. */
  state: AlertState | undefined;
  lastSampleMs: number;
  /** By central's clock. */
  touchedAtMs: number;
  startValue: AlertValue;
  value: AlertValue;
  /** While it is fired. */
  alert: AlertRecord | undefined;
  /** Its last alert was resolved then, by central's clock. */
  closedAtMs: number | undefined;
  /** Stands in the table of pending breaches. */
  pendingSaved: boolean;
}

export interface RuleRuntime {
  readonly rule: AlertRule;
  readonly compiled: CompiledRule;
  readonly entities: Map<string, LiveEntity>;
}

/** How long a resolved alert's newest sample is remembered; live samples are never that late. */
export const CLOSED_KEPT_MS = 86_400_000;

export function createRuntimes(rules: readonly AlertRule[]): ReadonlyMap<string, RuleRuntime> {
  return new Map(
    rules.map((rule) => [
      rule.id,
      { rule, compiled: compileRule(rule), entities: new Map<string, LiveEntity>() },
    ]),
  );
}

export function entityTags(rule: AlertRule): readonly string[] {
  return rule.kind === 'silence' ? ['agent'] : rule.entity;
}

/** Whether the next sample would find the same without it: a breach too old to count, an end too long ago. */
export function isForgettable(runtime: RuleRuntime, live: LiveEntity, nowMs: number): boolean {
  if (live.state !== undefined && isFired(live.state)) return false;
  if (live.closedAtMs !== undefined && nowMs - live.closedAtMs < CLOSED_KEPT_MS) return false;
  if (live.state === undefined) return true;
  const { intervalMs, levels } = runtime.compiled.stateRule;
  const longestForMs = levels.reduce((longest, level) => Math.max(longest, level.forMs), 0);
  return nowMs - live.touchedAtMs > 3 * Math.max(intervalMs, live.state.stepMs ?? 0) + longestForMs;
}
