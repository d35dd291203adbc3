import { stateSchema, type AgentState } from '../../contract/state.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ReportedConfig } from '../agent-config/standing.ts';
import type { BatchContext, BatchObserver } from '../samples/batch-observer.ts';
import type { StateDatabase } from '../state/database.ts';
import type { SampleBatch } from '../samples/sample-table.ts';
import type { Inventory } from '../inventory/inventory.ts';

/**
 * `live`: heard of within three of its intervals. `silent`: was heard of, is no more: we are blind there.
 * `stopped`: said goodbye. `never_seen`: in the inventory only.
 */
export type AgentPhase = 'live' | 'silent' | 'stopped' | 'never_seen';

export interface AgentView {
  readonly id: string;
  readonly phase: AgentPhase;
  /** In the inventory. */
  readonly expected: boolean;
  readonly kind?: 'gateway' | 'server';
  readonly site?: string;
  readonly unit?: string;
  readonly software?: string;
  readonly intervalMs: number;
  readonly firstSeenAtMs?: number;
  readonly lastSeenAtMs?: number;
  /** Smallest arrival − sending time lately: transit plus clock difference. */
  readonly clockOffsetMs?: number;
  readonly queueBytes?: number;
  readonly lostBatches?: number;
  /** What it last said of its config. */
  readonly config?: ReportedConfig;
}

interface Known {
  state: AgentState | undefined;
  site: string | undefined;
  unit: string | undefined;
  intervalMs: number;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
  stopped: boolean;
  /** Known to be away, and not heard since. */
  gone: boolean;
  offsets: number[];
  dirty: boolean;
}

export interface AgentRegistry extends BatchObserver {
  onState(agent: string, state: AgentState, receivedAtMs: number): void;
  /** A sign of life without data. */
  hear(agent: string, atMs: number): void;
  /** A death that is certain to belong to its newest connection: silent at once, until it is heard again. */
  lose(agent: string): void;
  list(nowMs: number): readonly AgentView[];
  get(agent: string, nowMs: number): AgentView | undefined;
  /** What the agent last said of its config; undefined: nothing was heard of it. */
  configOf(agent: string): ReportedConfig | undefined;
  phaseOf(agent: string, nowMs: number): AgentPhase;
  counts(nowMs: number): Readonly<Record<AgentPhase, number>>;
  /** Writes what changed, so that an agent that never returns is still missed after a restart. */
  save(): void;
}

const DEFAULT_INTERVAL_MS = 10_000;
/** Batches and births come with jitter; three intervals without any is silence (transport study, section 8). */
const SILENT_AFTER_INTERVALS = 3;
const OFFSETS_KEPT = 12;

const MIGRATIONS = [
  `CREATE TABLE agent (
     id TEXT PRIMARY KEY, state TEXT, interval_ms INTEGER NOT NULL, first_seen_ms INTEGER NOT NULL,
     last_seen_ms INTEGER NOT NULL, stopped INTEGER NOT NULL
   )`,
];

export function openAgentRegistry(inventory: Inventory, database: StateDatabase, log: Logger): AgentRegistry {
  database.migrate('agent', MIGRATIONS);
  const known = new Map<string, Known>();
  for (const row of database.prepare('SELECT * FROM agent').all()) {
    const id = String(row['id']);
    const state = typeof row['state'] === 'string' ? savedState(id, row['state'], log) : undefined;
    known.set(id, {
      state,
      site: state?.site,
      unit: state?.unit,
      intervalMs: Number(row['interval_ms']),
      firstSeenAtMs: Number(row['first_seen_ms']),
      lastSeenAtMs: Number(row['last_seen_ms']),
      stopped: row['stopped'] === 1,
      gone: false,
      offsets: [],
      dirty: false,
    });
  }
  const upsert = database.prepare(
    `INSERT INTO agent (id, state, interval_ms, first_seen_ms, last_seen_ms, stopped) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, interval_ms = excluded.interval_ms,
       last_seen_ms = excluded.last_seen_ms, stopped = excluded.stopped`,
  );

  const touch = (agent: string, atMs: number): Known => {
    let entry = known.get(agent);
    if (entry === undefined) {
      entry = {
        state: undefined,
        site: undefined,
        unit: undefined,
        intervalMs: DEFAULT_INTERVAL_MS,
        firstSeenAtMs: atMs,
        lastSeenAtMs: atMs,
        stopped: false,
        gone: false,
        offsets: [],
        dirty: true,
      };
      known.set(agent, entry);
    }
    entry.lastSeenAtMs = Math.max(entry.lastSeenAtMs, atMs);
    entry.gone = false;
    entry.dirty = true;
    return entry;
  };

  const phase = (entry: Known | undefined, nowMs: number): AgentPhase => {
    if (entry === undefined) return 'never_seen';
    if (entry.stopped) return 'stopped';
    if (entry.gone) return 'silent';
    return nowMs - entry.lastSeenAtMs > SILENT_AFTER_INTERVALS * entry.intervalMs ? 'silent' : 'live';
  };

  const view = (id: string, entry: Known | undefined, nowMs: number): AgentView => {
    const expected = inventory.agents.get(id);
    const kind = entry?.state?.kind ?? expected?.kind;
    const site = entry?.site ?? expected?.site;
    const unit = entry?.unit ?? expected?.unit;
    const config = reportedConfig(entry?.state);
    return {
      id,
      phase: phase(entry, nowMs),
      expected: expected !== undefined,
      intervalMs: entry?.intervalMs ?? DEFAULT_INTERVAL_MS,
      ...(kind !== undefined && { kind }),
      ...(site !== undefined && { site }),
      ...(unit !== undefined && { unit }),
      ...(entry?.state?.software !== undefined && { software: entry.state.software }),
      ...(entry !== undefined && { firstSeenAtMs: entry.firstSeenAtMs, lastSeenAtMs: entry.lastSeenAtMs }),
      ...(entry !== undefined && entry.offsets.length > 0 && { clockOffsetMs: Math.min(...entry.offsets) }),
      ...(entry?.state?.queueBytes !== undefined && { queueBytes: entry.state.queueBytes }),
      ...(entry?.state?.lostBatches !== undefined && { lostBatches: entry.state.lostBatches }),
      ...(config !== undefined && { config }),
    };
  };

  const ids = (): string[] => [...new Set([...inventory.agents.keys(), ...known.keys()])].sort();

  return {
    observe: (batch: SampleBatch, context: BatchContext) => {
      const entry = touch(batch.agent, context.receivedAtMs);
      entry.stopped = false;
      entry.offsets.push(context.receivedAtMs - context.sentAtMs);
      if (entry.offsets.length > OFFSETS_KEPT) entry.offsets.shift();
    },
    onState: (agent, state, receivedAtMs) => {
      if (!state.online && state.reason !== 'stop') {
        // A last will alone is no proof of silence: the agent may already be back on another connection.
        return;
      }
      const entry = touch(agent, receivedAtMs);
      entry.stopped = !state.online;
      if (!state.online) return;
      entry.state = state;
      entry.site = state.site ?? entry.site;
      entry.unit = state.unit ?? entry.unit;
      entry.intervalMs = state.intervalMs ?? entry.intervalMs;
    },
    hear: (agent, atMs) => {
      touch(agent, atMs).stopped = false;
    },
    lose: (agent) => {
      const entry = known.get(agent);
      if (entry !== undefined) entry.gone = true;
    },
    list: (nowMs) => ids().map((id) => view(id, known.get(id), nowMs)),
    get: (agent, nowMs) =>
      known.has(agent) || inventory.agents.has(agent) ? view(agent, known.get(agent), nowMs) : undefined,
    configOf: (agent) => reportedConfig(known.get(agent)?.state),
    phaseOf: (agent, nowMs) => phase(known.get(agent), nowMs),
    counts: (nowMs) => {
      const counts: Record<AgentPhase, number> = { live: 0, silent: 0, stopped: 0, never_seen: 0 };
      for (const id of ids()) counts[phase(known.get(id), nowMs)]++;
      return counts;
    },
    save: () => {
      const changed = [...known].filter(([, entry]) => entry.dirty);
      if (changed.length === 0) return;
      database.transaction(() => {
        for (const [id, entry] of changed) {
          const state = entry.state === undefined ? null : JSON.stringify(entry.state);
          upsert.run(
            id,
            state,
            entry.intervalMs,
            entry.firstSeenAtMs,
            entry.lastSeenAtMs,
            entry.stopped ? 1 : 0,
          );
          entry.dirty = false;
        }
      });
    },
  };
}

/** One that cannot be read costs what it says until the agent's next birth, never the start of central. */
function savedState(agent: string, text: string, log: Logger): AgentState | undefined {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    log.error(
      { agent, error: messageOf(error) },
      'the saved state of an agent cannot be read; it is dropped',
    );
    return undefined;
  }
}

function reportedConfig(state: AgentState | undefined): ReportedConfig | undefined {
  if (state === undefined) return undefined;
  const { configRevision = 0, configTrial = false, configProblem } = state;
  return {
    revision: configRevision,
    trial: configTrial,
    ...(configProblem !== undefined && { problem: configProblem }),
  };
}
