interface Suspect {
  /** Sends since the first one, on this connection. */
  resends: number;
  /** Sends that stayed unanswered although something sent later was answered. */
  passedOver: number;
  /** Order of its last send among all sends; undefined once that connection ended. */
  sendOrder: number | undefined;
}

/** More batches than this time out together only while central is silent; then the oldest record is dropped. */
const MAX_SUSPECTS = 256;

/**
 * Distinguishes a batch that central does not answer from a central that does not answer at all: only an answer to a
 * batch that was sent later proves the former.
 */
export class Unanswered {
  readonly #suspects = new Map<number, Suspect>();
  readonly #stuckAfterResends: number;
  #lastAnsweredOrder = -1;

  constructor(stuckAfterResends: number) {
    this.#stuckAfterResends = stuckAfterResends;
  }

  resendsOf(seq: number): number {
    return this.#suspects.get(seq)?.resends ?? 0;
  }

  recordTimeout(seq: number, sendOrder: number): void {
    const suspect = this.#suspects.get(seq);
    if (suspect !== undefined) {
      suspect.sendOrder = sendOrder;
      return;
    }
    if (this.#suspects.size >= MAX_SUSPECTS) {
      for (const oldest of this.#suspects.keys()) {
        this.#suspects.delete(oldest);
        break;
      }
    }
    this.#suspects.set(seq, { resends: 0, passedOver: 0, sendOrder });
  }

  /** Call before each send: counts resends; true when the batch should be set aside instead. */
  isStuck(seq: number): boolean {
    const suspect = this.#suspects.get(seq);
    if (suspect?.sendOrder === undefined) return false;
    if (this.#lastAnsweredOrder > suspect.sendOrder) suspect.passedOver++;
    if (suspect.passedOver > this.#stuckAfterResends) return true;
    suspect.resends++;
    suspect.sendOrder = undefined;
    return false;
  }

  recordAnswer(sendOrder: number): void {
    this.#lastAnsweredOrder = Math.max(this.#lastAnsweredOrder, sendOrder);
  }

  remove(seq: number): void {
    this.#suspects.delete(seq);
  }

  removeIf(isAnswered: (seq: number) => boolean): void {
    for (const seq of this.#suspects.keys()) if (isAnswered(seq)) this.#suspects.delete(seq);
  }

  /** Unanswered sends of this connection prove nothing; only proof already gathered is kept. */
  disconnected(): void {
    for (const [seq, suspect] of this.#suspects) {
      suspect.resends = 0;
      suspect.sendOrder = undefined;
      if (suspect.passedOver === 0) this.#suspects.delete(seq);
    }
  }
}
