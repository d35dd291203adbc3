import { CENTRAL_AGENT } from '../../contract/topics.ts';
import type { NewestRow } from './latest-cache.ts';

/** What is known of those who send. */
export interface Senders {
  get(agent: string, nowMs: number): { readonly phase: string; readonly intervalMs: number } | undefined;
  clockCorrectionOf(agent: string): number;
}

interface Sender {
  readonly isLive: boolean;
  readonly intervalMs: number;
  readonly correctionMs: number;
}

/** As long as that a value counts as current, in the intervals of its agent, or of its series where those are longer. */
const CURRENT_INTERVALS = 3;
/** Of the samples that central writes itself. */
const OWN_INTERVAL_MS = 10_000;

/** Tells at one instant which newest rows still hold. Each agent is asked about once: not to be kept for longer. */
export class Freshness {
  readonly #senders: Senders;
  readonly #nowMs: number;
  readonly #known = new Map<string, Sender>();

  constructor(senders: Senders, nowMs: number) {
    this.#senders = senders;
    this.#nowMs = nowMs;
  }

  /** When the row was measured, by central's clock. */
  measuredAtMs(agent: string, { timeMs }: Pick<NewestRow, 'timeMs'>): number {
    return timeMs + this.#senderOf(agent).correctionMs;
  }

  /** False: nobody can say that it still is so, its agent is not live or its series ended. */
  isCurrent(agent: string, { timeMs, paceMs }: Pick<NewestRow, 'timeMs' | 'paceMs'>): boolean {
    const { isLive, intervalMs, correctionMs } = this.#senderOf(agent);
    const longestMs = Math.max(intervalMs, Number.isNaN(paceMs) ? 0 : paceMs);
    return isLive && this.#nowMs - (timeMs + correctionMs) <= CURRENT_INTERVALS * longestMs;
  }

  #senderOf(agent: string): Sender {
    let sender = this.#known.get(agent);
    if (sender === undefined) this.#known.set(agent, (sender = this.#find(agent)));
    return sender;
  }

  #find(agent: string): Sender {
    if (agent === CENTRAL_AGENT) return { isLive: true, intervalMs: OWN_INTERVAL_MS, correctionMs: 0 };
    const view = this.#senders.get(agent, this.#nowMs);
    return {
      isLive: view?.phase === 'live',
      intervalMs: view?.intervalMs ?? 0,
      correctionMs: this.#senders.clockCorrectionOf(agent),
    };
  }
}
