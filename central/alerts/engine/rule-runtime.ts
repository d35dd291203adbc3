import { isFired, type AlertState, type StateRule } from '../lifecycle/alert-state.ts';
import { isRecent, type Recent } from '../lifecycle/flapping.ts';
import { gapLimitOf } from '../lifecycle/next-alert-state.ts';
import type { AlertRecord } from '../history/alert-record.ts';
import type { AlertValue } from '../lifecycle/alert-value.ts';
import type { Parts } from '../lifecycle/parts.ts';
import type { RuleEvaluator } from '../rules/kinds/rule-kind.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { Severity } from '../rules/severity.ts';
import type { Location } from '../../samples/location.ts';
import type { TokenBucket } from '../../../runtime/token-bucket.ts';
import { keyOfEntity } from './entity-columns.ts';

/** What one agent has of the entities that are kept. */
export interface AgentShare {
  readonly agent: string;
  entities: number;
  /** Resolved lately, oldest first: kept as long as there is room. */
  readonly closed: Map<LiveEntity, RuleRuntime>;
  readonly steps: TokenBucket;
  /** Evaluations and steps left out for its own limits, since they were last asked for. */
  refused: number;
}

/** An entity that is not simply healthy: pending, alerting, or lately resolved. */
export interface LiveEntity {
  readonly key: string;
  readonly entity: Readonly<Record<string, string>>;
  agent: string;
  /** Whose limit it counts against: that of its agent. */
  share: AgentShare;
  location: Location;
  /** All tags of the sample that began it; undefined: an older version wrote it. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** undefined: inactive, kept for a while so that late samples are known as such. */
  state: AlertState | undefined;
  lastSampleMs: number;
  /** What each of those who tell of it last said; none right after a restart. */
  readonly parts: Parts;
  /** By central's clock. */
  touchedAtMs: number;
  startValue: AlertValue;
  value: AlertValue;
  /** While it is fired. */
  alert: AlertRecord | undefined;
  /** Its alert that a person closed, while the breach goes on. */
  closedByHand: AlertRecord | undefined;
  /** The level that the last event of its alert told of. */
  toldLevel: number;
  /** Its last alert was resolved then, by central's clock. */
  closedAtMs: number | undefined;
  /** It has a row in the table of pending breaches. */
  pendingSaved: boolean;
  /** What may make it flap with the next begin. */
  recent: Recent;
}

/** A rule and what follows from it. */
interface CompiledRule<Evaluator extends RuleEvaluator> {
  rule: AlertRule;
  evaluator: Evaluator;
  stateRule: StateRule;
  /** What is evaluated, without limits. */
  subject: string;
  /** Of each level, mildest first. */
  severities: readonly Severity[];
}

/** A rule and the entities that it watches closely. It is the same object for as long as the rule evaluates the same. */
export interface RuleRuntime<Evaluator extends RuleEvaluator = RuleEvaluator> extends Readonly<
  CompiledRule<Evaluator>
> {
  readonly entities: Map<string, LiveEntity>;
}

/** The device that it is about; undefined: none, or several series tell of it and it has no device of its own. */
export function deviceOf({ entity, tags, parts }: LiveEntity): string | undefined {
  return entity['device'] ?? (parts.size > 1 ? undefined : tags?.['device']);
}

/** Whether it is about what agents report, and not about Wardwatch. */
export function judgesReports(evaluator: RuleEvaluator): boolean {
  return evaluator.reads === 'rows' || evaluator.judgesReports === true;
}

/** How long a resolved alert's newest sample is remembered; live samples are never that late. */
export const CLOSED_KEPT_MS = 86_400_000;

export function createRuntimes(rules: readonly AlertRule[]): Map<string, RuleRuntime> {
  return new Map(rules.map((rule) => [rule.id, createRuntime(rule)]));
}

export function createRuntime(rule: AlertRule): RuleRuntime {
  return { ...compile(rule), entities: new Map() };
}

/** `rule`: an edit that evaluates the same. Everything that refers to the runtime follows it. */
export function editRuntime(runtime: RuleRuntime, rule: AlertRule): void {
  Object.assign<CompiledRule<RuleEvaluator>, CompiledRule<RuleEvaluator>>(runtime, compile(rule));
}

export function subjectOf({ settings, evaluator }: AlertRule): string {
  return `${settings.kind} ${evaluator.subject}`;
}

/** Whether the rule, as it is now, would look at the entity. */
export function takesEntity(
  { evaluator }: RuleRuntime,
  { key, entity, tags }: Pick<LiveEntity, 'key' | 'entity' | 'tags'>,
): boolean {
  if (keyOfEntity(evaluator.entityTags, entity) !== key) return false;
  if (evaluator.reads !== 'rows') return true;
  return Object.entries(evaluator.where).every(([tag, values]) => {
    if (tags === undefined && entity[tag] === undefined) return true;
    const value = tags?.[tag] ?? entity[tag];
    return value !== undefined && values.includes(value);
  });
}

function compile(rule: AlertRule): CompiledRule<RuleEvaluator> {
  const { settings, evaluator } = rule;
  return {
    rule,
    evaluator,
    subject: subjectOf(rule),
    stateRule: {
      intervalMs: evaluator.intervalMs,
      isState: evaluator.isState,
      levels: settings.levels.map((level) => ({
        forMs: level.for ?? settings.for,
        clearForMs: settings.clearFor,
      })),
    },
    severities: settings.levels.map((level) => level.severity),
  };
}

/** Whether the next sample would find the same without it: a breach too old to count, an end too long ago. */
export function isForgettable(runtime: RuleRuntime, live: LiveEntity, nowMs: number): boolean {
  if (live.state !== undefined && isFired(live.state)) return false;
  if (live.closedAtMs !== undefined && nowMs - live.closedAtMs < CLOSED_KEPT_MS) return false;
  if (live.state === undefined) return !isRecent(live.recent, runtime.stateRule, nowMs);
  const { stateRule } = runtime;
  const longestForMs = stateRule.levels.reduce((longest, level) => Math.max(longest, level.forMs), 0);
  return nowMs - live.touchedAtMs > gapLimitOf(stateRule, live.state) + longestForMs;
}
