export type LossReason = 'queue-full' | 'queue-age' | 'disk-full' | 'damaged' | 'stuck';

/** Batches `from`…`to` are lost; `points` is 0 if unknown. */
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

/** Limit of one batch (contract/batch.ts). */
export const MAX_LOSSES_PER_BATCH = 64;
/** Beyond this, neighbours are merged; central does not count as lost what it has stored. */
const MAX_OPEN_LOSSES = 512;

/** Counts losses, and holds each until its declaration is acknowledged. */
export class LossDeclarations {
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

  record(loss: QueueLoss): void {
    this.#lostBatches += loss.to - loss.from + 1;
    this.#lostPoints += loss.points;
    this.#add(loss);
  }

  get hasUndeclared(): boolean {
    return this.#undeclared.length > 0;
  }

  /** For the next declaration; to be followed by markDeclared() or returnTaken(). */
  takeUndeclared(): readonly QueueLoss[] {
    this.#taken = this.#undeclared.splice(0, MAX_LOSSES_PER_BATCH);
    return this.#taken;
  }

  /** The losses taken last are durable in batch `seq`. */
  markDeclared(seq: number): void {
    if (this.#taken.length > 0) this.#declared.set(seq, this.#taken);
    this.#taken = [];
  }

  /** The declaration of the losses taken last could not be written. */
  returnTaken(): void {
    this.#undeclared.unshift(...this.#taken);
    this.#taken = [];
  }

  /** Batch `seq` is acknowledged. */
  markAcknowledged(seq: number): void {
    this.#declared.delete(seq);
  }

  /** Batch `seq` is lost itself: its losses must be declared again. */
  redeclare(seq: number): void {
    const losses = this.#declared.get(seq) ?? [];
    this.#declared.delete(seq);
    for (const loss of losses) this.#add(loss);
  }

  unacknowledged(): readonly OpenLoss[] {
    const declared = [...this.#declared].flatMap(([declaredBy, losses]) =>
      losses.map((loss) => ({ ...loss, declaredBy })),
    );
    return [...declared, ...this.#taken, ...this.#undeclared];
  }

  /** Restores saved losses; those whose declaration is no longer pending are declared again. */
  restore(losses: readonly OpenLoss[], isPending: (seq: number) => boolean): void {
    for (const { declaredBy, ...loss } of losses) {
      if (declaredBy === undefined || !isPending(declaredBy)) this.#add(loss);
      else this.#declared.set(declaredBy, [...(this.#declared.get(declaredBy) ?? []), loss]);
    }
  }

  /** In order and merged with its neighbours, so that a queue that stays full has one loss, not thousands. */
  #add(loss: QueueLoss): void {
    const losses = this.#undeclared;
    const at = losses.findLastIndex((other) => other.from <= loss.from) + 1;
    losses.splice(at, 0, loss);
    if (isContinued(losses[at], losses[at + 1])) mergeAt(losses, at);
    if (isContinued(losses[at - 1], losses[at])) mergeAt(losses, at - 1);
    if (losses.length > MAX_OPEN_LOSSES) mergeAt(losses, 0);
  }
}

function isContinued(first: QueueLoss | undefined, second: QueueLoss | undefined): boolean {
  if (first === undefined || second === undefined) return false;
  return first.reason === second.reason && first.to + 1 >= second.from;
}

function mergeAt(losses: QueueLoss[], index: number): void {
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
