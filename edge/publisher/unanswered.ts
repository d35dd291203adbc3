interface Suspect {
  /** Sends since the first one, on this connection. */
  resends: number;
  /** Sends that stayed unanswered although something sent later was answered. */
  passedOver: number;
  /** Place of its last send among all sends; undefined once that connection is gone. */
  sendOrder: number | undefined;
}

/** More batches than this never time out together, unless central is silent: then the oldest record may go. */
const MAX_SUSPECTS = 256;

/**
 * Tells a batch that central does not answer to from a central that does not answer. Silence alone proves nothing;
 * only an answer to something sent later does.
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

  timedOut(seq: number, sendOrder: number): void {
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

  /** Before each send: counts it as a resend where it is one; true when the batch should be set aside instead. */
  isStuck(seq: number): boolean {
    const suspect = this.#suspects.get(seq);
    if (suspect?.sendOrder === undefined) return false;
    if (this.#lastAnsweredOrder > suspect.sendOrder) suspect.passedOver++;
    if (suspect.passedOver > this.#stuckAfterResends) return true;
    suspect.resends++;
    suspect.sendOrder = undefined;
    return false;
  }

  answered(sendOrder: number): void {
    this.#lastAnsweredOrder = Math.max(this.#lastAnsweredOrder, sendOrder);
  }

  forget(seq: number): void {
    this.#suspects.delete(seq);
  }

  forgetIf(isAnswered: (seq: number) => boolean): void {
    for (const seq of this.#suspects.keys()) if (isAnswered(seq)) this.#suspects.delete(seq);
  }

  /** What was under way is lost without proof; only proof already gathered is kept. */
  disconnected(): void {
    for (const [seq, suspect] of this.#suspects) {
      suspect.resends = 0;
      suspect.sendOrder = undefined;
      if (suspect.passedOver === 0) this.#suspects.delete(seq);
    }
  }
}
