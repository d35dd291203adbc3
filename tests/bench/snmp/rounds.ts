import { median } from '../in-turns.ts';
import type { Round } from './device-messages.ts';

interface Visit {
  readonly startMs: number;
  endMs: number;
  requests: number;
}

/** Requests to devices by round: the nth visit to each device belongs to round n. */
export class Rounds {
  readonly #visits: Visit[][];

  constructor(devices: number) {
    this.#visits = Array.from({ length: devices }, () => []);
  }

  record(device: number, isFirst: boolean, nowMs: number): void {
    const visits = this.#visits[device];
    if (isFirst) visits?.push({ startMs: nowMs, endMs: nowMs, requests: 0 });
    const visit = visits?.at(-1);
    if (visit === undefined) return; // The rest of a round that began before reset().
    visit.endMs = nowMs;
    visit.requests++;
  }

  /** Without the last one, which may still be running. */
  complete(): Round[] {
    const count = Math.min(...this.#visits.map((visits) => visits.length)) - 1;
    return Array.from({ length: Math.max(0, count) }, (_unused, round) => {
      const visits = this.#visits.flatMap((all) => all[round] ?? []);
      return {
        requests: visits.reduce((sum, { requests }) => sum + requests, 0),
        durationMs:
          Math.max(...visits.map(({ endMs }) => endMs)) - Math.min(...visits.map(({ startMs }) => startMs)),
        deviceMs: median(visits.map(({ startMs, endMs }) => endMs - startMs)),
      };
    });
  }
}
