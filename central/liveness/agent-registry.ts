import type { AgentState } from '../../contract/state.ts';
import { isPhone } from '../../contract/survey-topics.ts';
import { CENTRAL_AGENT } from '../../contract/topics.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ReportedConfig } from '../agent-config/standing.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { BatchContext, BatchObserver } from '../samples/batch-observer.ts';
import { locationFrom, type Location } from '../samples/location.ts';
import type { SampleBatch } from '../samples/sample-table.ts';
import type { StateDatabase } from '../state/database.ts';
import { absenceOf, missedIntervalsOf, type Absence, type Heartbeats } from './absence.ts';
import { openAgentRepository } from './agent-repository.ts';
import type { AgentPhase, AgentView } from './agent-view.ts';
import { ClockOffset } from './clock-offset.ts';
import { Hearing, type HeardAgent } from './hearing.ts';
import { TwinWatch } from './twin-watch.ts';

interface KnownAgent {
  /** Its last birth. */
  state: AgentState | undefined;
  site: string | undefined;
  unit: string | undefined;
  intervalMs: number;
  readonly firstSeenAtMs: number;
  lastSeenAtMs: number;
  /** lastSeenAtMs, later by the time in which central stood still since: what its phase goes by. */
  heardAtMs: number;
  excusedUntilMs: number;
  stopped: boolean;
  /** Certain to be dead, and not seen since. */
  isDead: boolean;
  readonly clockOffset: ClockOffset;
  readonly twins: TwinWatch;
  isUnsaved: boolean;
}

/**
 * The one place that knows which agent was seen when, and whether central could receive anything. Central itself is no
 * agent, though its own samples come in like theirs.
 */
export interface AgentRegistry extends BatchObserver {
  /** A birth or a clean stop. A last will alone proves nothing: the agent may be back on another connection. */
  recordState(agent: string, state: AgentState, receivedAtMs: number): void;
  /** Whose birth it is: also one that is stale, since of two agents with one id one is behind. */
  recordIdentity(agent: string, state: AgentState, receivedAtMs: number): void;
  /** A sign of life without data. */
  recordHeartbeat(agent: string, atMs: number): void;
  /** A death that is certain to belong to its newest connection: silent at once, until it is seen again. */
  markDead(agent: string): void;
  /** It could not send before `untilMs`, for no fault of its own: the time until then is no absence, and no news either. */
  excuseAbsence(agent: string, untilMs: number): void;
  /** False while nothing can be received, or agents are told to hold: nobody is absent then. */
  setListening(isListening: boolean): void;
  /** Central did not run for `stalledMs` until now: that is nobody's silence, and agents have time to come back. */
  recordStall(stalledMs: number): void;
  /** Central's time was set by `stepMs`: what was noted by the time before is moved by as much. */
  shiftTime(stepMs: number): void;
  /** Central's clock minus that of each agent heard in the last five minutes, transit included, ms. */
  clockOffsets(nowMs: number): number[];
  /** Calls `look` for each agent heard in the last five minutes; `correctionMs`: what turns its time into central's, 0 where they agree. */
  eachClockCorrection(nowMs: number, look: (agent: string, correctionMs: number) => void): void;
  /** Of one agent, however long ago it was heard. */
  clockCorrectionOf(agent: string): number;
  /** Each second. True while nearly all agents fell silent at once: central is deaf, and nobody is absent. */
  checkHearing(nowMs: number): boolean;
  /**
   * Of all agents, seen or in the inventory; none while central does not listen or is deaf. `isWanted` is asked before anything is made
   * of an agent that did not stop: each second nearly all of thousands are well.
   */
  absences(nowMs: number, isWanted?: (agent: string, missedIntervals: number) => boolean): readonly Absence[];
  /** Calls `look` for each of them; returns how long central has listened, ms. undefined, and no call: it does not, or is deaf. */
  eachPhase(nowMs: number, look: (agent: string, phase: AgentPhase) => void): number | undefined;
  /** Of all agents, seen or in the inventory. */
  ids(): Iterable<string>;
  /** As the inventory has it; what the agent says counts only where that lacks it. */
  locationOf(agent: string): Location;
  list(nowMs: number): readonly AgentView[];
  get(agent: string, nowMs: number): AgentView | undefined;
  /** What the agent last reported of its config; undefined: no birth is known of it. */
  configOf(agent: string): ReportedConfig | undefined;
  phaseOf(agent: string, nowMs: number): AgentPhase;
  /** Between two of its batches, as it says, ms. */
  intervalOf(agent: string): number;
  counts(nowMs: number): Readonly<Record<AgentPhase, number>>;
  /** The inventory was replaced: who is new in it is missed from now on, and what it says of the others holds at once. */
  recordInventoryChange(before: Pick<Inventory, 'agents'>): void;
  /** Nobody expects it any more, though the inventory may name it, until it reports again. */
  retire(agent: string): void;
  /** Writes what changed, so that an agent that never returns is still missed after a restart. */
  save(): void;
}

export interface AgentRegistryDeps {
  readonly inventory: Inventory;
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called again and again as long as two agents use one id. */
  readonly onTwins?: (agent: string, nowMs: number) => void;
}

const DEFAULT_INTERVAL_MS = 10_000;
/** An agent says how often it reports; with a longer time it would never be missed. An edge agent reports every 30 s at least. */
const MAX_INTERVAL_MS = 600_000;
/** Batches and births come with jitter; three intervals without any is silence (transport study, section 8). */
const SILENT_AFTER_INTERVALS = 3;
const LATE_AFTER_INTERVALS = 1.5;
/** An agent's clock is asked only as long as it was heard lately. */
const OFFSET_HOLDS_MS = 300_000;
/** Nearly all of a city: they are asked for each second. */
const OWN_FILE: ReportedConfig = { revision: 0, trial: false };
/** In the inventory only. */
const NEVER_SEEN = {
  intervalMs: DEFAULT_INTERVAL_MS,
  lastSeenAtMs: 0,
  excusedUntilMs: 0,
  stopped: false,
} as const;

/** Central listens from now on. */
export function openAgentRegistry(deps: AgentRegistryDeps): AgentRegistry {
  const { inventory, database, clock, log, onTwins } = deps;
  const repository = openAgentRepository(database, log);
  const known = new Map<string, KnownAgent>();
  const retired = repository.retired();
  for (const [id, saved] of repository.all()) {
    // Kept from before the name was reserved: nothing can ever come from it.
    if (id === CENTRAL_AGENT) continue;
    const { site, unit } = saved.state ?? {};
    known.set(id, {
      ...newAgent(saved.firstSeenAtMs),
      ...saved,
      site,
      unit,
      intervalMs: boundedIntervalMs(inventory, id, saved.intervalMs),
      heardAtMs: saved.lastSeenAtMs,
      isUnsaved: false,
    });
  }
  /** Of agents that came into the inventory since central started. */
  const expectedSinceMs = new Map<string, number>();
  let listeningSinceMs = clock.now();
  let isListening = true;
  let unseen: { readonly expected: Inventory['agents']; readonly ids: readonly string[] } | undefined;
  const hearing = new Hearing();

  const recordSeen = (agent: string, atMs: number): KnownAgent => {
    let entry = known.get(agent);
    if (entry === undefined) {
      entry = newAgent(atMs);
      known.set(agent, entry);
      unseen = undefined;
      if (retired.delete(agent)) repository.readmit(agent);
    }
    entry.lastSeenAtMs = Math.max(entry.lastSeenAtMs, atMs);
    entry.heardAtMs = Math.max(entry.heardAtMs, atMs);
    entry.stopped = false;
    entry.isDead = false;
    entry.isUnsaved = true;
    return entry;
  };

  const locationOf = (id: string): Location => {
    const entry = known.get(id);
    const expected = inventory.agents.get(id);
    if (expected !== undefined) return locationFrom(expected.unit, expected.site);
    return locationFrom(entry?.unit, entry?.site);
  };

  const viewOf = (id: string, nowMs: number): AgentView => {
    const entry = known.get(id);
    const expected = inventory.agents.get(id);
    const kind = entry?.state?.kind ?? expected?.kind;
    const clockOffsetMs = entry?.clockOffset.valueMs;
    return {
      id,
      phase: phaseAt(entry, nowMs),
      expected: expected !== undefined,
      intervalMs: entry?.intervalMs ?? DEFAULT_INTERVAL_MS,
      ...(kind !== undefined && { kind }),
      ...locationOf(id),
      ...(entry?.state?.software !== undefined && { software: entry.state.software }),
      ...(entry !== undefined && { firstSeenAtMs: entry.firstSeenAtMs, lastSeenAtMs: entry.lastSeenAtMs }),
      ...(clockOffsetMs !== undefined && { clockOffsetMs }),
      ...(entry?.state?.queueBytes !== undefined && { queueBytes: entry.state.queueBytes }),
      ...(entry?.state?.lostBatches !== undefined && { lostBatches: entry.state.lostBatches }),
    };
  };

  const isExpected = (id: string): boolean => inventory.agents.has(id) && !retired.has(id);
  // Agents fall silent one after the other, over one interval, before it is known that nearly all have.
  const canMiss = (): boolean => isListening && !hearing.isInDoubt;
  /** Expected ones; asked several times a second, and nearly always the same. */
  const neverSeen = (): readonly string[] => {
    const expected = inventory.agents;
    if (unseen?.expected !== expected)
      unseen = { expected, ids: [...expected.keys()].filter((id) => !known.has(id) && !retired.has(id)) };
    return unseen.ids;
  };
  const ids = (): Set<string> =>
    new Set([...[...inventory.agents.keys()].filter(isExpected), ...known.keys()]);

  return {
    observe: (batch: SampleBatch, context: BatchContext) => {
      // A phone is switched off when its user goes home.
      if (batch.agent === CENTRAL_AGENT || isPhone(batch.agent) || context.replayed === true) return;
      const { agent, epoch } = batch;
      const { clockOffset, twins } = recordSeen(agent, context.receivedAtMs);
      clockOffset.record(context.sentAtMs, context.receivedAtMs);
      if (twins.recordEpoch(epoch, context.receivedAtMs)) onTwins?.(agent, context.receivedAtMs);
    },
    recordIdentity: (agent, { online, epoch, run }, receivedAtMs) => {
      // A will is published when its agent is gone, and may come late.
      const twins = online ? known.get(agent)?.twins : undefined;
      if (twins === undefined) return;
      const byEpoch = epoch !== undefined && twins.recordEpoch(epoch, receivedAtMs);
      const byRun = run !== undefined && twins.recordRun(run, receivedAtMs);
      if (byEpoch || byRun) onTwins?.(agent, receivedAtMs);
    },
    recordState: (agent, state, receivedAtMs) => {
      if (!state.online && state.reason !== 'stop') return;
      const entry = recordSeen(agent, receivedAtMs);
      entry.stopped = !state.online;
      if (!state.online) return;
      entry.state = state;
      entry.site = state.site ?? entry.site;
      entry.unit = state.unit ?? entry.unit;
      entry.intervalMs = boundedIntervalMs(inventory, agent, state.intervalMs ?? entry.intervalMs);
    },
    recordHeartbeat: (agent, atMs) => {
      recordSeen(agent, atMs);
    },
    markDead: (agent) => {
      const entry = known.get(agent);
      if (entry !== undefined) entry.isDead = true;
    },
    excuseAbsence: (agent, untilMs) => {
      const entry = known.get(agent);
      if (entry !== undefined) entry.excusedUntilMs = untilMs;
    },
    setListening: (isOn) => {
      if (isOn && !isListening) listeningSinceMs = clock.now();
      isListening = isOn;
    },
    recordStall: (stalledMs) => {
      const nowMs = clock.now();
      listeningSinceMs = nowMs;
      for (const entry of known.values()) entry.heardAtMs = Math.min(nowMs, entry.heardAtMs + stalledMs);
    },
    shiftTime: (stepMs) => {
      listeningSinceMs += stepMs;
      for (const [agent, sinceMs] of expectedSinceMs) expectedSinceMs.set(agent, sinceMs + stepMs);
      for (const entry of known.values()) {
        entry.lastSeenAtMs += stepMs;
        entry.heardAtMs += stepMs;
        entry.excusedUntilMs += stepMs;
        entry.clockOffset.shift(stepMs);
      }
    },
    clockOffsets: (nowMs) => {
      const offsetsMs: number[] = [];
      for (const { lastSeenAtMs, clockOffset } of known.values()) {
        const offsetMs = nowMs - lastSeenAtMs <= OFFSET_HOLDS_MS ? clockOffset.valueMs : undefined;
        if (offsetMs !== undefined) offsetsMs.push(offsetMs);
      }
      return offsetsMs;
    },
    eachClockCorrection: (nowMs, look) =>
      known.forEach(({ lastSeenAtMs, clockOffset }, agent) => {
        if (nowMs - lastSeenAtMs <= OFFSET_HOLDS_MS) look(agent, clockOffset.correctionMs);
      }),
    clockCorrectionOf: (agent) => known.get(agent)?.clockOffset.correctionMs ?? 0,
    checkHearing: (nowMs) => {
      const wasDeaf = hearing.isDeaf;
      const isDeaf = hearing.update(heardAgents(known.values(), nowMs), nowMs, listeningSinceMs);
      if (wasDeaf && !isDeaf) listeningSinceMs = nowMs;
      return isDeaf;
    },
    absences: (nowMs, isWanted) => {
      const found: Absence[] = [];
      if (!canMiss()) return found;
      const look = (agent: string, heartbeats: Heartbeats, sinceMs: number): void => {
        const isNeeded =
          heartbeats.stopped || (isWanted?.(agent, missedIntervalsOf(heartbeats, sinceMs, nowMs)) ?? true);
        if (isNeeded) found.push(absenceOf(agent, heartbeats, sinceMs, nowMs));
      };
      known.forEach((entry, agent) => look(agent, entry, listeningSinceMs));
      for (const agent of neverSeen())
        look(agent, NEVER_SEEN, Math.max(listeningSinceMs, expectedSinceMs.get(agent) ?? 0));
      return found;
    },
    eachPhase: (nowMs, look) => {
      if (!canMiss()) return undefined;
      known.forEach((entry, agent) => look(agent, phaseAt(entry, nowMs)));
      for (const agent of neverSeen()) look(agent, 'never_seen');
      return nowMs - listeningSinceMs;
    },
    *ids() {
      yield* known.keys();
      yield* neverSeen();
    },
    locationOf,
    list: (nowMs) => [...ids()].sort().map((id) => viewOf(id, nowMs)),
    get: (agent, nowMs) => (known.has(agent) || isExpected(agent) ? viewOf(agent, nowMs) : undefined),
    configOf: (agent) => reportedConfig(known.get(agent)?.state),
    phaseOf: (agent, nowMs) => phaseAt(known.get(agent), nowMs),
    intervalOf: (agent) => known.get(agent)?.intervalMs ?? DEFAULT_INTERVAL_MS,
    counts: (nowMs) => {
      const counts: Record<AgentPhase, number> = { live: 0, silent: 0, stopped: 0, never_seen: 0 };
      for (const id of ids()) counts[phaseAt(known.get(id), nowMs)]++;
      return counts;
    },
    recordInventoryChange: (before) => {
      unseen = undefined;
      for (const agent of inventory.agents.keys()) {
        if (before.agents.has(agent)) continue;
        expectedSinceMs.set(agent, clock.now());
        if (retired.delete(agent)) repository.readmit(agent);
      }
      for (const agent of expectedSinceMs.keys()) {
        if (!inventory.agents.has(agent)) expectedSinceMs.delete(agent);
      }
      for (const [agent, entry] of known) {
        entry.intervalMs = boundedIntervalMs(inventory, agent, entry.state?.intervalMs ?? entry.intervalMs);
      }
    },
    retire: (agent) => {
      known.delete(agent);
      retired.add(agent);
      unseen = undefined;
      repository.retire(agent);
    },
    save: () => {
      const changed = [...known].filter(([, entry]) => entry.isUnsaved);
      if (changed.length === 0) return;
      repository.save(changed);
      for (const [, entry] of changed) entry.isUnsaved = false;
    },
  };
}

function newAgent(firstSeenAtMs: number): KnownAgent {
  return {
    state: undefined,
    site: undefined,
    unit: undefined,
    intervalMs: DEFAULT_INTERVAL_MS,
    firstSeenAtMs,
    lastSeenAtMs: firstSeenAtMs,
    heardAtMs: firstSeenAtMs,
    excusedUntilMs: 0,
    stopped: false,
    isDead: false,
    clockOffset: new ClockOffset(),
    twins: new TwinWatch(),
    isUnsaved: true,
  };
}

function boundedIntervalMs(inventory: Inventory, agent: string, intervalMs: number): number {
  return Math.min(intervalMs, inventory.agents.get(agent)?.maxIntervalMs ?? MAX_INTERVAL_MS);
}

/** One object stands for one after the other: each second there are thousands. */
function* heardAgents(agents: Iterable<KnownAgent>, nowMs: number): Iterable<HeardAgent> {
  const heard = { heardAtMs: -Infinity, isLate: false, isSilent: false };
  for (const entry of agents) {
    if (entry.stopped) continue;
    const { heardAtMs, intervalMs } = entry;
    heard.heardAtMs = heardAtMs;
    heard.isLate = nowMs - heardAtMs > LATE_AFTER_INTERVALS * intervalMs;
    heard.isSilent = phaseAt(entry, nowMs) === 'silent';
    yield heard;
  }
}

function phaseAt(entry: KnownAgent | undefined, nowMs: number): AgentPhase {
  if (entry === undefined) return 'never_seen';
  if (entry.stopped) return 'stopped';
  if (entry.isDead) return 'silent';
  return nowMs - entry.heardAtMs > SILENT_AFTER_INTERVALS * entry.intervalMs ? 'silent' : 'live';
}

function reportedConfig(state: AgentState | undefined): ReportedConfig | undefined {
  if (state === undefined) return undefined;
  const { configRevision = 0, configTrial = false, configProblem } = state;
  if (configRevision === 0 && !configTrial && configProblem === undefined) return OWN_FILE;
  return {
    revision: configRevision,
    trial: configTrial,
    ...(configProblem !== undefined && { problem: configProblem }),
  };
}
