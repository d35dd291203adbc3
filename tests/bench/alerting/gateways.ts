import { setTimeout as sleepMs } from 'node:timers/promises';
import { RawAgent } from '../../support/raw-agent.ts';
import { BENCH_PASSWORD } from '../pipeline/sender.ts';
import { BEAT_GATEWAY, beatOf, troubleOf } from './lines-city.ts';

const INTERVAL_MS = 10_000;
const RETRY_MS = 20;
const BEAT_MS = 500;
const LINES_A_BEAT = 20;

/** Beats that a window of so many seconds has, and a few more. */
export function beatLinesFor(seconds: number): number {
  return Math.ceil((seconds * 1_000) / BEAT_MS + 20) * LINES_A_BEAT;
}

/** The agents of the city of lines, in the process of the bench: what they cost is not central's. */
export class Gateways {
  readonly #brokerUrl: string;
  readonly #names: readonly string[];
  readonly #sentBatches = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  #agents = new Map<string, RawAgent>();
  #beat: NodeJS.Timeout | undefined;
  #slow: readonly number[] = [];
  #nextLine = 0;

  constructor(brokerUrl: string, names: readonly string[]) {
    this.#brokerUrl = brokerUrl;
    this.#names = names;
  }

  /** Resolves once each has sent. A broker that does not answer yet is asked again, as agents do. */
  async connect(): Promise<void> {
    for (const name of this.#names) {
      const agent = await this.#connectOne(name);
      agent.continueAfter(this.#sentBatches.get(name) ?? 0);
      this.#agents.set(name, agent);
      agent.announce(INTERVAL_MS);
      agent.send(troubleOf(name, Date.now()));
      this.#timers.push(setInterval(() => agent.send(troubleOf(name, Date.now())), INTERVAL_MS));
    }
  }

  /** The connections are gone, and what is not acknowledged stays so. */
  disconnect(): void {
    this.stopBeat();
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    for (const [name, agent] of this.#agents) {
      this.#sentBatches.set(name, agent.sentBatches);
      agent.end();
    }
    this.#agents = new Map();
  }

  /** So many lines get slow and those before them heal, again and again. */
  startBeat(): void {
    this.#beat = setInterval(() => this.beatOnce(), BEAT_MS);
  }

  stopBeat(): void {
    clearInterval(this.#beat);
  }

  /** Returns the first of the lines that are slow now. */
  beatOnce(): number {
    const first = this.#nextLine;
    const healed = this.#slow;
    this.#slow = Array.from({ length: LINES_A_BEAT }, (_, at) => first + at);
    this.#nextLine += LINES_A_BEAT;
    this.#agents.get(BEAT_GATEWAY)?.send(beatOf(this.#slow, healed, Date.now()));
    return first;
  }

  async #connectOne(name: string): Promise<RawAgent> {
    for (;;) {
      try {
        return await RawAgent.connect(this.#brokerUrl, name, BENCH_PASSWORD);
      } catch {
        await sleepMs(RETRY_MS);
      }
    }
  }
}
