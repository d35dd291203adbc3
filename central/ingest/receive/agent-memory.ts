import type { AgentState } from '../../../contract/state.ts';
import { CANARY_AGENT, CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { Series } from '../../samples/series.ts';
import { ingestBatchSeries } from '../commit/pending-batch.ts';

const BACKFILLING_FOR_MS = 30_000;

interface Known {
  birth: number;
  epoch: string | undefined;
  lastRowMs: number;
  lastSeenAtMs: number;
  batchSeries: Series | undefined;
}

/** What ingest remembers of each agent while it runs. Bounded: the agent with the oldest last message is forgotten first. */
export class AgentMemory {
  readonly #maxAgents: number;
  readonly #agents = new Map<string, Known>();
  /** Of those that lately sent history. */
  readonly #lastBackfillAtMs = new Map<string, number>();

  constructor(maxAgents: number) {
    this.#maxAgents = maxAgents;
  }

  /** Central itself is none, and neither is its canary. */
  get count(): number {
    const own = [CENTRAL_AGENT, CANARY_AGENT].filter((agent) => this.#agents.has(agent));
    return this.#agents.size - own.length;
  }

  recordBatch(agent: string, batch: { readonly backfill: boolean }, receivedAtMs: number): void {
    this.#touch(agent, receivedAtMs);
    if (batch.backfill) this.#lastBackfillAtMs.set(agent, receivedAtMs);
  }

  /** receivedAtMs, or the first free ms after the agent's previous one. */
  uniqueTimeMs(agent: string, receivedAtMs: number): number {
    const known = this.#touch(agent, receivedAtMs);
    known.lastRowMs = Math.max(receivedAtMs, known.lastRowMs + 1);
    return known.lastRowMs;
  }

  /** Of the rows that central stores about the agent's batches. */
  batchSeries(agent: string, receivedAtMs: number): Series {
    const known = this.#touch(agent, receivedAtMs);
    return (known.batchSeries ??= ingestBatchSeries(agent));
  }

  countBackfilling(nowMs: number): number {
    for (const [agent, lastAtMs] of this.#lastBackfillAtMs) {
      if (nowMs - lastAtMs >= BACKFILLING_FOR_MS) this.#lastBackfillAtMs.delete(agent);
    }
    return this.#lastBackfillAtMs.size;
  }

  /**
   * Records a birth or death; false: it is stale. A birth under a new epoch is never stale, since an agent with a wiped
   * disk counts its births from 1 again; a will is valid only for the newest known connection.
   */
  acceptState(agent: string, state: AgentState, receivedAtMs: number): boolean {
    const known = this.#touch(agent, receivedAtMs);
    const isSameEpoch = known.epoch === undefined || state.epoch === undefined || known.epoch === state.epoch;
    if (isSameEpoch ? state.birth < known.birth : !state.online) return false;
    known.birth = state.birth;
    known.epoch = state.epoch ?? known.epoch;
    return true;
  }

  #touch(agent: string, nowMs: number): Known {
    let known = this.#agents.get(agent);
    if (known === undefined) {
      known = {
        birth: 0,
        epoch: undefined,
        lastRowMs: 0,
        lastSeenAtMs: nowMs,
        batchSeries: undefined,
      };
      if (this.#agents.size >= this.#maxAgents) this.#forgetOldest();
      this.#agents.set(agent, known);
    }
    known.lastSeenAtMs = nowMs;
    return known;
  }

  #forgetOldest(): void {
    let oldest: [string, Known] | undefined;
    for (const entry of this.#agents) {
      if (oldest === undefined || entry[1].lastSeenAtMs < oldest[1].lastSeenAtMs) oldest = entry;
    }
    if (oldest === undefined) return;
    this.#agents.delete(oldest[0]);
    this.#lastBackfillAtMs.delete(oldest[0]);
  }
}
