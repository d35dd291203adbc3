/** What the board takes from the browser's clock: an argument, so that tests choose it. */
export interface Time {
  /** Unix ms. */
  now(): number;
  /** Calls once after `delayMs`; returns what takes it back. */
  after(delayMs: number, call: () => void): () => void;
}

export const browserTime: Time = {
  now: () => Date.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
