/** Burst limit, as a share of a second's credits: keeps a pause from turning into a burst. */
const BURST_S = 0.25;

/** Credits that refill at a steady rate; the capacity is at least one, so that rates below one a second work. */
export class CreditBucket {
  #perS: number;
  #credits = 1;
  #atMs: number;

  constructor(perS: number, nowMs: number) {
    this.#perS = perS;
    this.#atMs = nowMs;
  }

  setRate(perS: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#perS = perS;
    this.#credits = Math.min(this.#credits, this.#capacity());
  }

  tryTake(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#perS <= 0 || this.#credits < 1) return false;
    this.#credits -= 1;
    return true;
  }

  /** When the next credit is available; undefined: never at this rate. */
  readyAtMs(nowMs: number): number | undefined {
    if (this.#perS <= 0) return undefined;
    this.#refill(nowMs);
    return this.#credits >= 1 ? nowMs : nowMs + Math.ceil(((1 - this.#credits) * 1_000) / this.#perS);
  }

  #capacity(): number {
    return Math.max(1, this.#perS * BURST_S);
  }

  #refill(nowMs: number): void {
    const earned = (Math.max(0, nowMs - this.#atMs) * this.#perS) / 1_000;
    // Slightly above the exact sum: rounding down would cost one more wake-up just short of a whole credit.
    this.#credits = Math.min(this.#capacity(), this.#credits + earned + 1e-9);
    this.#atMs = nowMs;
  }
}
