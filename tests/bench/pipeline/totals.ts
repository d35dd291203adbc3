import type { WindowTotals } from './load-messages.ts';

/** What the load generator sent, and what of it is acknowledged: of all, and of what was sent in the window. */
export class Totals {
  #sentPoints = 0;
  #sentValues = 0;
  #ackedPoints = 0;
  #ackedValues = 0;
  #window = { sentValues: 0, ackedValues: 0 };
  #isWindowOpen = false;

  openWindow(): void {
    this.#window = { sentValues: 0, ackedValues: 0 };
    this.#isWindowOpen = true;
  }

  /** What is sent from now on does not belong to it; acknowledgements of what was sent before still do. */
  closeWindow(): void {
    this.#isWindowOpen = false;
  }

  /** Returns what to call when it is acknowledged. */
  sent(points: number, values: number): () => void {
    const window = this.#isWindowOpen ? this.#window : undefined;
    this.#sentPoints += points;
    this.#sentValues += values;
    if (window !== undefined) window.sentValues += values;
    return () => {
      this.#ackedPoints += points;
      this.#ackedValues += values;
      if (window !== undefined) window.ackedValues += values;
    };
  }

  get report() {
    const window: WindowTotals = { ...this.#window };
    return {
      sentPoints: this.#sentPoints,
      sentValues: this.#sentValues,
      ackedPoints: this.#ackedPoints,
      ackedValues: this.#ackedValues,
      window,
    };
  }
}
