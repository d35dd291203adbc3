/** Some seconds of the whole city; what waits for longer is read from disk. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The bodies of the batches that were written last, so that they are not read back to be sent. */
export class BodyCache {
  /** By place in the journal; the oldest first. */
  readonly #bodies = new Map<number, Buffer>();
  #bytes = 0;

  get(place: number): Buffer | undefined {
    return this.#bodies.get(place);
  }

  put(place: number, body: Buffer): void {
    this.#bodies.set(place, body);
    this.#bytes += body.length;
    if (this.#bytes <= MAX_BYTES) return;
    for (const oldest of this.#bodies.keys()) {
      this.delete(oldest);
      if (this.#bytes <= MAX_BYTES) return;
    }
  }

  delete(place: number): void {
    this.#bytes -= this.#bodies.get(place)?.length ?? 0;
    this.#bodies.delete(place);
  }
}
