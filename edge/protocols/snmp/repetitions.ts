/** How many rows one GETBULK requests: halved when an answer is lost or too big, then raised slowly. */
export class Repetitions {
  readonly #most: number;
  #limit: number;

  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
  }

  get limit(): number {
    return this.#limit;
  }

  /** False: already at the minimum. */
  shrink(): boolean {
    if (this.#limit === 1) return false;
    this.#limit = Math.ceil(this.#limit / 2);
    return true;
  }

  grow(): void {
    if (this.#limit < this.#most) this.#limit++;
  }
}
