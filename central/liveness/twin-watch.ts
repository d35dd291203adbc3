/** So many returns within this time are no accident of a restored disk or a repeated message. */
const RETURNS = 3;
const WITHIN_MS = 600_000;
/** Identities that are remembered besides the newest one. */
const MAX_OTHERS = 4;

/** An identity that an agent has only one of at a time, and never returns to. */
class Track {
  #current: string | undefined;
  /** Undefined as long as there was only one, as with nearly all agents. */
  #others: Map<string, number> | undefined;
  #returnsAtMs: number[] = [];

  record(id: string, nowMs: number): number {
    if (id === this.#current) return 0;
    const before = this.#current;
    this.#current = id;
    if (before === undefined) return 0;
    const others = (this.#others ??= new Map<string, number>());
    const leftAtMs = others.get(id);
    others.delete(id);
    others.set(before, nowMs);
    for (const oldest of others.keys()) {
      if (others.size <= MAX_OTHERS) break;
      others.delete(oldest);
    }
    if (leftAtMs === undefined) return 0;
    const isWithin = (atMs: number): boolean => Math.abs(nowMs - atMs) <= WITHIN_MS;
    this.#returnsAtMs = [...this.#returnsAtMs.filter(isWithin), nowMs].slice(-RETURNS);
    return isWithin(leftAtMs) ? this.#returnsAtMs.length : 0;
  }
}

/**
 * Tells two agents with one id, which take over each other's connection for ever, from one agent on a bad line: its
 * queue has one epoch and its process one run, and an agent that begins a new one never returns to the old. Pure but
 * for what it remembers of one agent.
 */
export class TwinWatch {
  readonly #epochs = new Track();
  readonly #runs = new Track();

  /** True: with this, there are two. */
  recordEpoch(epoch: string, nowMs: number): boolean {
    return this.#epochs.record(epoch, nowMs) >= RETURNS;
  }

  recordRun(run: string, nowMs: number): boolean {
    return this.#runs.record(run, nowMs) >= RETURNS;
  }
}
