/** As many as a node may have. */
const MAX_DEVICES = 5_000;
const GRACE_MS = 30_000;

/** After a node's rebirth each of its devices is born again; one that is not has gone without a word. */
export class ExpectedDevices {
  /** When it is overdue, monotonic; Infinity: nothing is awaited of it. */
  readonly #dueAtMs = new Map<string, number>();

  born(device: string): void {
    if (this.#dueAtMs.has(device) || this.#dueAtMs.size < MAX_DEVICES) this.#dueAtMs.set(device, Infinity);
  }

  /** By its own death certificate. */
  died(device: string): void {
    this.#dueAtMs.delete(device);
  }

  nodeBorn(nowMs: number): void {
    for (const device of this.#dueAtMs.keys()) this.#dueAtMs.set(device, nowMs + GRACE_MS);
  }

  /** Each once for a birth of the node. */
  overdue(nowMs: number): readonly string[] {
    const devices = [...this.#dueAtMs].filter(([, dueAtMs]) => nowMs >= dueAtMs).map(([device]) => device);
    for (const device of devices) this.#dueAtMs.set(device, Infinity);
    return devices;
  }
}
