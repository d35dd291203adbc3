export type LossReason = 'queue-full' | 'queue-age' | 'disk-full' | 'damaged' | 'stuck';

/** Batches `from`…`to` are gone; `points` is 0 where nobody knows. */
export interface QueueLoss {
  readonly from: number;
  readonly to: number;
  readonly points: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: LossReason;
}

/** As saved: `declaredBy` is the seq of the batch that carries the declaration. */
export interface OpenLoss extends QueueLoss {
  readonly declaredBy?: number | undefined;
}

/** What one batch may declare (contract/batch.ts). */
export const MAX_LOSSES_PER_BATCH = 64;
/** Above this, neighbours become one; central does not count as lost what it has stored. */
const MAX_OPEN_LOSSES = 512;

/** Counts losses, and keeps each until its declaration is acknowledged. */
export class LossBook {
  #lostBatches: number;
  #lostPoints: number;
  readonly #undeclared: QueueLoss[] = [];
  #taken: readonly QueueLoss[] = [];
  readonly #declared = new Map<number, readonly QueueLoss[]>();

  constructor(counted: { readonly lostBatches: number; readonly lostPoints: number }) {
    this.#lostBatches = counted.lostBatches;
    this.#lostPoints = counted.lostPoints;
  }

  get lostBatches(): number {
    return this.#lostBatches;
  }

  get lostPoints(): number {
    return this.#lostPoints;
  }

  lose(loss: QueueLoss): void {
    this.#lostBatches += loss.to - loss.from + 1;
    this.#lostPoints += loss.points;
    this.#add(loss);
  }

  get hasUndeclared(): boolean {
    return this.#undeclared.length > 0;
  }

  /** What the next declaration carries; followed by declare() or giveBack(). */
  take(): readonly QueueLoss[] {
    this.#taken = this.#undeclared.splice(0, MAX_LOSSES_PER_BATCH);
    return this.#taken;
  }

  /** What was taken is durable in batch `seq`. */
  declare(seq: number): void {
    if (this.#taken.length > 0) this.#declared.set(seq, this.#taken);
    this.#taken = [];
  }

  /** The declaration could not be written. */
  giveBack(): void {
    this.#undeclared.unshift(...this.#taken);
    this.#taken = [];
  }

  /** Batch `seq` is acknowledged. */
  confirm(seq: number): void {
    this.#declared.delete(seq);
  }

  /** Batch `seq` is lost itself: what it declared must be declared again. */
  reopen(seq: number): void {
    const losses = this.#declared.get(seq) ?? [];
    this.#declared.delete(seq);
    for (const loss of losses) this.#add(loss);
  }

  open(): readonly OpenLoss[] {
    const declared = [...this.#declared].flatMap(([declaredBy, losses]) =>
      losses.map((loss) => ({ ...loss, declaredBy })),
    );
    return [...declared, ...this.#taken, ...this.#undeclared];
  }

  /** Takes over what was saved; a declaration that is not pending any more is made again. */
  restore(losses: readonly OpenLoss[], isPending: (seq: number) => boolean): void {
    for (const { declaredBy, ...loss } of losses) {
      if (declaredBy === undefined || !isPending(declaredBy)) this.#add(loss);
      else this.#declared.set(declaredBy, [...(this.#declared.get(declaredBy) ?? []), loss]);
    }
  }

  /** In order and joined with its neighbours, so that a queue that stays full has one loss, not thousands. */
  #add(loss: QueueLoss): void {
    const losses = this.#undeclared;
    const at = losses.findLastIndex((other) => other.from <= loss.from) + 1;
    losses.splice(at, 0, loss);
    if (goesOn(losses[at], losses[at + 1])) joinAt(losses, at);
    if (goesOn(losses[at - 1], losses[at])) joinAt(losses, at - 1);
    if (losses.length > MAX_OPEN_LOSSES) joinAt(losses, 0);
  }
}

function goesOn(first: QueueLoss | undefined, second: QueueLoss | undefined): boolean {
  if (first === undefined || second === undefined) return false;
  return first.reason === second.reason && first.to + 1 >= second.from;
}

function joinAt(losses: QueueLoss[], index: number): void {
  const [first, second] = [losses[index], losses[index + 1]];
  if (first === undefined || second === undefined) return;
  losses.splice(index, 2, {
    from: first.from,
    to: Math.max(first.to, second.to),
    points: first.points + second.points,
    fromMs: Math.min(first.fromMs, second.fromMs),
    toMs: Math.max(first.toMs, second.toMs),
    reason: second.reason,
  });
}
