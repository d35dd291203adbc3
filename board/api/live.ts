import { Cell, type Watched } from '../store/cell.ts';
import type { Time } from '../store/time.ts';
import type { ApiClient } from './client.ts';
import { ApiProblem } from './problem.ts';
import { SseParser, type StreamEvent } from './sse-parser.ts';

/** `refused`: not for this account; pages read anew by themselves, now and then. */
export type Connection = 'connecting' | 'live' | 'lost' | 'refused';

export interface LiveState {
  readonly connection: Connection;
  /** When central was last heard, Unix ms by the browser's clock; undefined before the first time. */
  readonly heardAtMs: number | undefined;
}

/** `reset`: events were missed, so all that is shown may be old. */
export type LiveKind = 'alert' | 'agent' | 'config' | 'state' | 'rollout' | 'reset';

export interface LiveDeps {
  readonly client: Pick<ApiClient, 'open'>;
  readonly time: Time;
  /** 0 to below 1. */
  readonly random: () => number;
}

const PATH = '/api/v1/events';
/** Central says something at least every 15 s: two of them missed, and the line is taken for dead. */
const SILENCE_MAX_MS = 32_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
const KINDS: readonly string[] = [
  'alert',
  'agent',
  'config',
  'state',
  'rollout',
  'reset',
] satisfies LiveKind[];

/**
 * What changes in the city, as it changes. Connects again by itself (full jitter, so that a hundred boards do not come back at once
 * when central does) and goes on behind the last event it has.
 */
export class Live {
  readonly #deps: LiveDeps;
  readonly #state = new Cell<LiveState>({ connection: 'connecting', heardAtMs: undefined });
  readonly #listeners = new Set<(kinds: ReadonlySet<LiveKind>) => void>();
  #lastId = '';
  #failures = 0;
  #stop: (() => void) | undefined;

  constructor(deps: LiveDeps) {
    this.#deps = deps;
  }

  get state(): Watched<LiveState> {
    return this.#state;
  }

  /**
   * Called once for all events that came together, with their kinds; returns what ends it. One change is several events: told one by one,
   * the first would have a page read, and the next have it read the same once more.
   */
  onEvents(listener: (kinds: ReadonlySet<LiveKind>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A stream that runs already goes on. */
  start(): void {
    if (this.#stop === undefined) this.#connect();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #connect(): void {
    const ending = new AbortController();
    this.#stop = () => ending.abort();
    void this.#read(ending).then((connection) => {
      if (ending.signal.aborted && this.#stop === undefined) return;
      this.#state.update((state) => ({ ...state, connection }));
      if (connection === 'lost') this.#connectLater();
      else this.#stop = undefined;
    });
  }

  #connectLater(): void {
    const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures++);
    const delayMs = FIRST_DELAY_MS / 2 + this.#deps.random() * ceilingMs;
    this.#stop = this.#deps.time.after(delayMs, () => this.#connect());
  }

  /** Reads until the stream ends, however it does. Only where the line is lost is coming again of use. */
  async #read(ending: AbortController): Promise<Exclude<Connection, 'live'>> {
    let cancelWatch = this.#watch(ending);
    try {
      const headers = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId };
      const { body } = await this.#deps.client.open(PATH, headers, ending.signal);
      if (body === null) return 'lost';
      const parser = new SseParser();
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 'lost';
        cancelWatch();
        cancelWatch = this.#watch(ending);
        this.#heard();
        this.#take(parser.push(value));
      }
    } catch (error) {
      if (!(error instanceof ApiProblem)) return 'lost';
      if (error.status === 401) return 'connecting';
      return error.status === 403 ? 'refused' : 'lost';
    } finally {
      cancelWatch();
      ending.abort();
    }
  }

  #watch(ending: AbortController): () => void {
    return this.#deps.time.after(SILENCE_MAX_MS, () => ending.abort());
  }

  #heard(): void {
    this.#failures = 0;
    this.#state.set({ connection: 'live', heardAtMs: this.#deps.time.now() });
  }

  #take(events: readonly StreamEvent[]): void {
    const kinds = new Set<LiveKind>();
    for (const { name, id } of events) {
      this.#lastId = id;
      if (KINDS.includes(name)) kinds.add(name as LiveKind);
    }
    if (kinds.size > 0) for (const listener of [...this.#listeners]) listener(kinds);
  }
}
