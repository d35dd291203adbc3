import type { Entity, EvidenceSources, TickEvaluator } from '../rules/kinds/rule-kind.ts';
import type { ActiveAlerts } from './active-alerts.ts';
import { keyOfEntity } from './entity-columns.ts';
import type { RuleRuntime } from './rule-runtime.ts';

/** Evaluates one rule that reads other evidence than rows. */
export function evaluateTick(
  runtime: RuleRuntime<TickEvaluator>,
  sources: EvidenceSources,
  alerts: ActiveAlerts,
  nowMs: number,
): void {
  const { evaluator, entities } = runtime;
  const isActive = (entity: Entity): boolean =>
    entities.size > 0 && entities.get(keyOfEntity(evaluator.entityTags, entity))?.state !== undefined;
  const active = (): Entity[] =>
    [...entities.values()].flatMap(({ state, entity }) => (state === undefined ? [] : [entity]));
  for (const finding of evaluator.evaluateAt(nowMs, sources, isActive, active)) {
    if ('isGone' in finding) {
      const gone = entities.get(keyOfEntity(evaluator.entityTags, finding.entity));
      if (gone !== undefined) alerts.withdrawEntity(runtime, gone, nowMs);
      continue;
    }
    if ('isHeard' in finding) {
      const heard = entities.get(keyOfEntity(evaluator.entityTags, finding.entity));
      if (heard?.alert !== undefined) heard.touchedAtMs = nowMs;
      continue;
    }
    const { agent, entity, location, value, evaluations, sinceMs, mayStart } = finding;
    const key = keyOfEntity(evaluator.entityTags, entity);
    const known = entities.get(key);
    if (known?.state === undefined && !(mayStart && evaluations.includes('breach'))) continue;
    if (known === undefined && evaluator.judgesReports === true && !alerts.admits(alerts.shareOf(agent)))
      continue;
    const sample = { timeMs: nowMs, sinceMs, evaluations };
    alerts.applyEvidence(
      runtime,
      { key, agent, part: '', entity, location, tags: entity, sample, value },
      nowMs,
    );
  }
}
