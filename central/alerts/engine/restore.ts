import { locationFrom, type Location } from '../../samples/location.ts';
import { restoreState, type AlertRecord, type PendingRecord } from '../history/alert-record.ts';
import type { AlertRepository } from '../history/alert-repository.ts';
import { isFired } from '../lifecycle/alert-state.ts';
import type { AlertJournal } from '../history/alert-journal.ts';
import { closedRecord, eventOf } from './alert-record-changes.ts';
import { keyOfEntity } from './entity-columns.ts';
import { CLOSED_KEPT_MS, type LiveEntity, type RuleRuntime } from './rule-runtime.ts';

/**
 * Fills the runtimes with what was on disk, so that each alert continues. One whose rule is gone or has other
 * entity tags now is withdrawn: nothing would ever resolve it.
 */
export function restoreEntities(
  repository: AlertRepository,
  runtimes: ReadonlyMap<string, RuleRuntime>,
  journal: AlertJournal,
  nowMs: number,
): void {
  for (const record of repository.resolvedSince(nowMs - CLOSED_KEPT_MS)) restoreClosed(record, runtimes);
  for (const record of repository.pending()) {
    if (!restorePending(record, runtimes, nowMs)) journal.endPending(record);
  }
  for (const record of repository.open()) {
    if (restoreFired(record, runtimes, nowMs)) continue;
    const closed = closedRecord(record, nowMs, nowMs);
    journal.add({ record: closed, events: [eventOf('withdrawn', closed, nowMs)] });
  }
}

type Stored = Pick<AlertRecord, 'rule' | 'entityKey' | 'entity' | 'agent' | 'value'>;

/** Undefined when the rule is gone or has other entity tags now. */
function entityFor(
  record: Stored,
  location: Location,
  runtimes: ReadonlyMap<string, RuleRuntime>,
  nowMs: number,
): { readonly runtime: RuleRuntime; readonly live: LiveEntity } | undefined {
  const runtime = runtimes.get(record.rule);
  if (runtime === undefined) return undefined;
  if (keyOfEntity(runtime.evaluator.entityTags, record.entity) !== record.entityKey) return undefined;
  const live: LiveEntity = runtime.entities.get(record.entityKey) ?? {
    key: record.entityKey,
    entity: record.entity,
    agent: record.agent,
    location,
    state: undefined,
    lastSampleMs: -Infinity,
    touchedAtMs: nowMs,
    startValue: record.value,
    value: record.value,
    alert: undefined,
    closedAtMs: undefined,
    pendingSaved: false,
  };
  return { runtime, live };
}

function restoreClosed(record: AlertRecord, runtimes: ReadonlyMap<string, RuleRuntime>): void {
  const found = entityFor(record, locationFrom(record.unit, record.site), runtimes, record.updatedAtMs);
  if (found === undefined) return;
  found.live.lastSampleMs = Math.max(found.live.lastSampleMs, record.lastSampleMs);
  found.live.closedAtMs = record.updatedAtMs;
  found.runtime.entities.set(found.live.key, found.live);
}

function restorePending(
  record: PendingRecord,
  runtimes: ReadonlyMap<string, RuleRuntime>,
  nowMs: number,
): boolean {
  const found = entityFor(record, record.place, runtimes, nowMs);
  if (found === undefined) return false;
  const { runtime, live } = found;
  const state = restoreState(record.state, runtime.severities);
  if (state.levels.every((level) => level.phase === 'off')) return false;
  live.state = state;
  live.startValue = record.value;
  live.value = record.value;
  live.lastSampleMs = state.lastSampleMs;
  live.pendingSaved = true;
  runtime.entities.set(live.key, live);
  return true;
}

function restoreFired(
  record: AlertRecord,
  runtimes: ReadonlyMap<string, RuleRuntime>,
  nowMs: number,
): boolean {
  const found = entityFor(record, locationFrom(record.unit, record.site), runtimes, nowMs);
  if (found === undefined || record.state === undefined) return false;
  const { runtime, live } = found;
  const state = restoreState(record.state, runtime.severities);
  if (!isFired(state)) return false;
  live.state = state;
  live.alert = record;
  live.value = record.lastValue;
  live.lastSampleMs = record.lastSampleMs;
  runtime.entities.set(live.key, live);
  return true;
}
