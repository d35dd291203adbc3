import type { Logger } from '../../runtime/logger.ts';
import { listenProblem } from './listen-problem.ts';

export interface Openable {
  /** As shown in errors. */
  readonly name: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** The inputs of a collector that is sent to: opened at its first run, those that failed again at each run. */
export class OpenListeners<Listener extends Openable> {
  readonly #kind: string;
  readonly #listeners: readonly Listener[];
  readonly #log: Logger;
  readonly #open = new Set<Listener>();

  constructor(kind: string, listeners: readonly Listener[], log: Logger) {
    this.#kind = kind;
    this.#listeners = listeners;
    this.#log = log;
  }

  get all(): readonly Listener[] {
    return [...this.#open];
  }

  /** Resolves with what could not be opened; rejects if nothing is open. */
  async open(): Promise<readonly Error[]> {
    const errors: Error[] = [];
    for (const listener of this.#listeners) {
      if (this.#open.has(listener)) continue;
      try {
        await listener.open();
        this.#open.add(listener);
        this.#log.info({ listener: listener.name }, `${this.#kind} listens`);
      } catch (error) {
        errors.push(new Error(`${this.#kind}: ${listener.name}: ${listenProblem(error)}`, { cause: error }));
      }
    }
    if (this.#open.size > 0) return errors;
    throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((listener) => listener.close()));
    this.#open.clear();
  }
}
