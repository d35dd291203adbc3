import { AgentTrack } from './agent-track.ts';
import type { BacklogStore, SavedAgent, SavedEntity } from './backlog-store.ts';
import type { EntityTrack } from './entity-track.ts';
import type { Tracks } from './tracks.ts';

const EVERY_MS = 5_000;
/** Of an agent that is not saved at all a crash would cost everything. */
const EVERY_NEW_MS = 1_000;
/** About so many: those of one agent are written together, so that its log is whole up to when it was last heard. */
const ENTITIES_AT_ONCE = 500;

/**
 * Writes how far the backlog is judged, a part at a time, and goes on from there after a restart: agents that are not saved yet,
 * then those that were saved longest ago. A crash costs as many turns as there are parts: 5 s for each 500 entities.
 */
export class Checkpoint {
  readonly #store: BacklogStore;
  readonly #tracks: Tracks;
  #atMs = 0;
  #turn = 0;
  #deletedAgents = new Set<string>();
  #deleted: { readonly agent: string; readonly rule: string; readonly key: string }[] = [];

  constructor(store: BacklogStore, tracks: Tracks) {
    this.#store = store;
    this.#tracks = tracks;
  }

  restore(nowMs: number): void {
    for (const { agent, cuts, openedAtMs, lastLiveMs } of this.#store.agents()) {
      const of = new AgentTrack(agent, cuts, openedAtMs);
      of.lastLiveMs = lastLiveMs;
      // What it still holds begins to come once it is connected.
      of.lastBackfillMs = nowMs;
      of.savedTurn = ++this.#turn;
      this.#tracks.restore(of, this.#store.entities(agent), nowMs);
    }
  }

  writeIfDue(nowMs: number): void {
    const sinceMs = Math.abs(nowMs - this.#atMs);
    if (sinceMs < EVERY_NEW_MS || (sinceMs < EVERY_MS && !this.#hasNew())) return;
    this.#atMs = nowMs;
    this.#write(ENTITIES_AT_ONCE);
  }

  writeAll(): void {
    this.#write(Infinity);
  }

  #hasNew(): boolean {
    for (const of of this.#tracks.agents.values()) {
      if (of.savedTurn === 0 && isWorthSaving(of)) return true;
    }
    return false;
  }

  delete(agent: string, { runtime, key }: EntityTrack): void {
    this.#deleted.push({ agent, rule: runtime.rule.id, key });
  }

  /** To be called within a transaction. */
  deleteNow(agent: string, tracks: readonly EntityTrack[]): void {
    for (const { runtime, key } of tracks) this.#store.deleteEntity(agent, runtime.rule.id, key);
  }

  deleteAgent(agent: string): void {
    this.#deletedAgents.add(agent);
  }

  #write(limit: number): void {
    const { agents, dirty } = this.#dirty(limit);
    if (agents.length + dirty.length + this.#deleted.length + this.#deletedAgents.size === 0) return;
    this.#store.transaction(() => {
      for (const agent of this.#deletedAgents) this.#store.deleteAgent(agent);
      for (const { agent, rule, key } of this.#deleted) this.#store.deleteEntity(agent, rule, key);
      for (const of of agents) this.#store.saveAgent(savedAgent(of));
      for (const { agent, track } of dirty) this.#store.saveEntity(agent, savedEntity(track));
    });
    this.#turn++;
    for (const of of agents) {
      of.isDirty = false;
      of.savedLiveMs = of.lastLiveMs;
      of.savedTurn = this.#turn;
    }
    for (const { track } of dirty) track.isDirty = false;
    this.#deletedAgents = new Set();
    this.#deleted = [];
  }

  #dirty(limit: number) {
    const agents: AgentTrack[] = [];
    const dirty: { readonly agent: string; readonly track: EntityTrack }[] = [];
    const oldestFirst = [...this.#tracks.agents.values()].sort((a, b) => a.savedTurn - b.savedTurn);
    for (const of of oldestFirst) {
      if (limit !== Infinity && !isWorthSaving(of)) continue;
      const tracks = [...of.entities.values()].filter(({ isDirty }) => isDirty);
      // Up to when it was heard counts by itself: what is healthy makes no track dirty.
      if (of.isDirty || tracks.length > 0 || of.lastLiveMs !== of.savedLiveMs) agents.push(of);
      for (const track of tracks) dirty.push({ agent: of.agent, track });
      if (agents.length + dirty.length >= limit) break;
    }
    return { agents, dirty };
  }
}

/** Where its backlog is still to come, when it was heard is to be known, too. Of most agents after a start of central nothing comes. */
function isWorthSaving({ entities, isAwaited }: AgentTrack): boolean {
  return entities.size > 0 || isAwaited;
}

function savedAgent({ agent, cuts, openedAtMs, lastLiveMs }: AgentTrack): SavedAgent {
  return { agent, cuts, openedAtMs, lastLiveMs };
}

function savedEntity({ runtime, key, live, log, progress }: EntityTrack): SavedEntity {
  const saved = { rule: runtime.rule.id, hash: runtime.rule.hash, key, runs: log.runs, ...progress };
  if (live === undefined) return saved;
  const { share: _share, parts, ...rest } = live;
  return { ...saved, live: { ...rest, parts: [...parts] } };
}
