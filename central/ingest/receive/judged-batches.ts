import { addRange, contains, subtract, type Ranges } from '../../ledger/intervals.ts';

export interface JudgedLimits {
  /** Ranges of batches that are remembered, of all agents; one takes about 100 bytes. */
  readonly maxJudgedRanges: number;
  /** Of one agent, so that none with scattered numbers takes the memory of the others. */
  readonly maxJudgedRangesPerAgent: number;
}

/**
 * Batches that observers saw although the write buffer had no space for them, by the agent's numbers. Their agents send
 * them again, and observers must see them once. An agent numbers without gaps, so that one range holds an outage of days.
 */
export class JudgedBatches {
  readonly #limits: JudgedLimits;
  /** By agent, then by epoch. */
  readonly #agents = new Map<string, Map<string, Ranges>>();
  #ranges = 0;

  constructor(limits: JudgedLimits) {
    this.#limits = limits;
  }

  get fillRatio(): number {
    return this.#ranges / this.#limits.maxJudgedRanges;
  }

  has(agent: string, epoch: string, seq: number): boolean {
    const ranges = this.#agents.get(agent)?.get(epoch);
    return ranges !== undefined && contains(ranges, seq);
  }

  /** False: there is no memory for it, so it must not be shown to observers. */
  add(agent: string, epoch: string, seq: number): boolean {
    const epochs = this.#agents.get(agent) ?? new Map<string, Ranges>();
    const before = epochs.get(epoch) ?? [];
    const after = addRange(before, seq, seq);
    const added = after.length - before.length;
    if (added > 0 && !this.#hasRoom(epochs)) return false;
    this.#agents.set(agent, epochs.set(epoch, after));
    this.#ranges += added;
    return true;
  }

  /** Call it for a batch that found space: without it, one that is not shown to observers every other time makes a range each time. */
  bridge(agent: string, epoch: string, seq: number): void {
    if (this.#agents.get(agent)?.has(epoch) === true) this.add(agent, epoch, seq);
  }

  /** The agent no longer has what is below `lowest`, nor anything of its other epochs. */
  forgetBelow(agent: string, epoch: string, lowest: number): void {
    const epochs = this.#agents.get(agent);
    if (epochs === undefined) return;
    for (const [each, before] of epochs) {
      const after = each === epoch ? subtract(before, [[1, lowest - 1]]) : [];
      this.#ranges += after.length - before.length;
      if (after.length === 0) epochs.delete(each);
      else epochs.set(each, after);
    }
    if (epochs.size === 0) this.#agents.delete(agent);
  }

  #hasRoom(epochs: ReadonlyMap<string, Ranges>): boolean {
    if (this.#ranges >= this.#limits.maxJudgedRanges) return false;
    let ofAgent = 0;
    for (const ranges of epochs.values()) ofAgent += ranges.length;
    return ofAgent < this.#limits.maxJudgedRangesPerAgent;
  }
}
