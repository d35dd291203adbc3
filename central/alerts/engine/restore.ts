import { locationFrom, type Location } from '../../samples/location.ts';
import {
  restoreParts,
  restoreState,
  type AlertRecord,
  type AlertWrite,
  type PendingRecord,
} from '../history/alert-record.ts';
import type { AlertRepository } from '../history/alert-repository.ts';
import { isFired, levelOf } from '../lifecycle/alert-state.ts';
import { NOTHING_RECENT, withTime } from '../lifecycle/flapping.ts';
import type { AlertJournal } from '../history/alert-journal.ts';
import { leftInBreach, severityChange, updatedRecord, withdrawal } from './alert-record-changes.ts';
import type { EntityShares } from './entity-shares.ts';
import {
  CLOSED_KEPT_MS,
  takesEntity,
  type AgentShare,
  type LiveEntity,
  type RuleRuntime,
} from './rule-runtime.ts';

export interface RestoreDeps {
  readonly repository: AlertRepository;
  readonly runtimes: ReadonlyMap<string, RuleRuntime>;
  readonly journal: AlertJournal;
  readonly shares: EntityShares;
}

/**
 * Fills the runtimes with what was on disk, so that each alert continues. One whose rule is gone, or was edited so that it
 * evaluates something else or no longer takes the entity, is withdrawn: nothing would ever resolve it. Alerts that are open are all restored; breaches that are
 * pending and ends that are remembered only within the limit of their agent.
 */
export function restoreEntities({ repository, runtimes, journal, shares }: RestoreDeps, nowMs: number): void {
  const entities = new StoredEntities(runtimes, shares);
  for (const record of repository.open()) {
    const change = entities.restoreFired(record, nowMs);
    if (change === 'none') continue;
    journal.add(change === 'withdrawn' ? withdrawal(record, nowMs) : change);
  }
  for (const record of repository.closedInBreach()) {
    if (!entities.restoreClosedByHand(record, nowMs))
      journal.add({ record: leftInBreach(record), events: [] });
  }
  for (const record of repository.pending()) {
    if (!entities.restorePending(record, nowMs)) journal.endPending(record);
  }
  for (const record of repository.resolvedSince(nowMs - CLOSED_KEPT_MS)) entities.restoreClosed(record);
}

type Stored = Pick<
  AlertRecord,
  'rule' | 'entityKey' | 'entity' | 'agent' | 'value' | 'state' | 'subject' | 'tags'
>;

interface Found {
  readonly runtime: RuleRuntime;
  readonly live: LiveEntity;
  readonly isNew: boolean;
}

class StoredEntities {
  readonly #runtimes: ReadonlyMap<string, RuleRuntime>;
  readonly #shares: EntityShares;

  constructor(runtimes: ReadonlyMap<string, RuleRuntime>, shares: EntityShares) {
    this.#runtimes = runtimes;
    this.#shares = shares;
  }

  /** A write: its rule has other severities now. */
  restoreFired(record: AlertRecord, nowMs: number): AlertWrite | 'none' | 'withdrawn' {
    const found = this.#entityFor(record, locationFrom(record.unit, record.site), nowMs);
    if (found === undefined || record.state === undefined) return 'withdrawn';
    const { runtime, live } = found;
    const state = restoreState(record.state, runtime.severities);
    if (!isFired(state)) return 'withdrawn';
    live.state = state;
    live.value = record.lastValue;
    live.lastSampleMs = record.lastSampleMs;
    live.toldLevel = levelOf(state);
    const alert = updatedRecord(record, runtime, live, state, nowMs);
    const change = severityChange(record, alert, nowMs);
    live.alert = change?.record ?? record;
    this.#keep(found);
    return change ?? 'none';
  }

  restoreClosedByHand(record: AlertRecord, nowMs: number): boolean {
    const found = this.#entityFor(record, locationFrom(record.unit, record.site), nowMs);
    if (found?.isNew !== true || record.state === undefined) return false;
    const { runtime, live } = found;
    const state = restoreState(record.state, runtime.severities);
    if (!isFired(state)) return false;
    live.state = state;
    live.value = record.lastValue;
    live.lastSampleMs = record.lastSampleMs;
    live.closedByHand = record;
    this.#keep(found);
    return true;
  }

  restorePending(record: PendingRecord, nowMs: number): boolean {
    const found = this.#entityFor(record, record.place, nowMs);
    if (found === undefined || (found.isNew && !this.#shares.hasRoom(found.live.share))) return false;
    const { runtime, live } = found;
    const state = restoreState(record.state, runtime.severities);
    if (state.levels.every((level) => level.phase === 'off')) return false;
    live.state = state;
    live.startValue = record.value;
    live.value = record.value;
    live.lastSampleMs = state.lastSampleMs;
    live.pendingSaved = true;
    this.#keep(found);
    return true;
  }

  restoreClosed(record: AlertRecord): void {
    const found = this.#entityFor(record, locationFrom(record.unit, record.site), record.updatedAtMs);
    if (found === undefined || (found.isNew && !this.#makeRoom(found.live.share))) return;
    const { runtime, live } = found;
    live.lastSampleMs = Math.max(live.lastSampleMs, record.lastSampleMs);
    live.closedAtMs = record.updatedAtMs;
    this.#keep(found);
    if (live.state !== undefined) return;
    live.recent = { ...live.recent, fires: withTime(live.recent.fires, record.firedAtMs) };
    live.share.closed.set(live, runtime);
  }

  /** The newest ends are remembered. */
  #makeRoom(share: AgentShare): boolean {
    if (this.#shares.hasRoom(share)) return true;
    for (const [live, runtime] of share.closed) {
      runtime.entities.delete(live.key);
      this.#shares.remove(share, live);
      return this.#shares.hasRoom(share);
    }
    return false;
  }

  /** Undefined when the rule is gone, evaluates something else now, or no longer takes the entity. */
  #entityFor(record: Stored, location: Location, nowMs: number): Found | undefined {
    const runtime = this.#runtimes.get(record.rule);
    if (runtime === undefined) return undefined;
    if (!continues(record, runtime)) return undefined;
    const known = runtime.entities.get(record.entityKey);
    const live: LiveEntity = known ?? {
      key: record.entityKey,
      entity: record.entity,
      agent: record.agent,
      share: this.#shares.of(record.agent),
      location,
      tags: record.tags,
      state: undefined,
      lastSampleMs: -Infinity,
      parts: restoreParts(record.state, runtime.severities.length, nowMs),
      touchedAtMs: nowMs,
      startValue: record.value,
      value: record.value,
      alert: undefined,
      toldLevel: -1,
      closedByHand: undefined,
      closedAtMs: undefined,
      pendingSaved: false,
      recent: record.state?.recent ?? NOTHING_RECENT,
    };
    return { runtime, live, isNew: known === undefined };
  }

  #keep({ runtime, live, isNew }: Found): void {
    if (!isNew) return;
    runtime.entities.set(live.key, live);
    this.#shares.add(live.share);
  }
}

/** Whether the rule, as it is now, evaluates what the alert is about. */
function continues({ subject, entityKey: key, entity, tags }: Stored, runtime: RuleRuntime): boolean {
  if (subject !== undefined && subject !== runtime.subject) return false;
  return takesEntity(runtime, { key, entity, tags });
}
