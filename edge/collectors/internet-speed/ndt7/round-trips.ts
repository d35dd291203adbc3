import type { WebSocket } from 'ws';
import type { Probe } from '../responsiveness.ts';

/** Round trips on a WebSocket (RFC 6455, section 5.5.2), one at a time. */
export class RoundTrips {
  readonly #ws: WebSocket;
  readonly #elapsedMs: () => number;
  readonly #probes: Probe[] = [];
  #pending: { readonly text: string; readonly atMs: number } | undefined;
  #count = 0;

  constructor(ws: WebSocket, elapsedMs: () => number) {
    this.#ws = ws;
    this.#elapsedMs = elapsedMs;
    ws.on('pong', (data) => this.#receive(data.toString()));
  }

  get probes(): readonly Probe[] {
    return this.#probes;
  }

  /** Unless one is under way. */
  next(): void {
    if (this.#pending !== undefined || this.#ws.readyState !== this.#ws.OPEN) return;
    this.#pending = { text: String(++this.#count), atMs: this.#elapsedMs() };
    this.#ws.ping(this.#pending.text, undefined, () => undefined);
  }

  #receive(text: string): void {
    const pending = this.#pending;
    if (pending?.text !== text) return;
    this.#pending = undefined;
    this.#probes.push({ atMs: pending.atMs, rttMs: this.#elapsedMs() - pending.atMs });
  }
}
