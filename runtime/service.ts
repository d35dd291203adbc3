import type { Logger } from './logger.ts';

/** A part of a program. `stop()` may be called twice, or before `start()`. */
export interface Service {
  readonly name: string;
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly log: Logger;
  /** Of each service. */
  readonly stopTimeoutMs: number;
}

/** Running services, each added after those it needs. They stop in reverse, also when one of them fails to. */
export class ServiceStack {
  readonly #options: StackOptions;
  readonly #services: Pick<Service, 'name' | 'stop'>[] = [];

  constructor(options: StackOptions) {
    this.#options = options;
  }

  /** A service whose start fails is stopped with the others: a part of it may run. */
  async start(service: Service, signal: AbortSignal): Promise<void> {
    this.#services.push(service);
    await service.start(signal);
    this.#options.log.debug({ service: service.name }, 'started');
  }

  /** Adds something that already runs or is open. */
  add(name: string, close: () => void | Promise<void>): void {
    this.#services.push({ name, stop: async () => close() });
  }

  /** Stops all, even if one throws; resolves with the errors. A second call has nothing left to stop. */
  async stop(): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (const service of this.#services.splice(0).reverse()) {
      try {
        await withTimeout(service.stop(), this.#options.stopTimeoutMs, `stopping ${service.name}`);
        this.#options.log.debug({ service: service.name }, 'stopped');
      } catch (error) {
        this.#options.log.error({ service: service.name, err: error }, 'not stopped cleanly');
        failures.push(error);
      }
    }
    return failures;
  }
}

export interface RunOptions extends StackOptions {
  readonly shutdown: AbortSignal;
  /** Called once everything runs. */
  readonly onReady?: () => void;
}

/** Starts in order, waits for `shutdown`, stops in reverse, each within `stopTimeoutMs`; joins failures in an AggregateError. */
export async function runServices(services: readonly Service[], options: RunOptions): Promise<void> {
  const { shutdown } = options;
  const stack = new ServiceStack(options);
  const failures: unknown[] = [];
  try {
    for (const service of services) {
      if (shutdown.aborted) break;
      await stack.start(service, shutdown);
    }
    if (!shutdown.aborted) options.onReady?.();
    await aborted(shutdown);
  } catch (error) {
    // A start that the shutdown aborted is not a failure.
    if (!shutdown.aborted || error !== shutdown.reason) failures.push(error);
  }
  failures.push(...(await stack.stop()));
  throwJoined(failures);
}

/** One failure as it is, several in an AggregateError, none: returns. */
export function throwJoined(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, 'several parts failed');
}

/** Rejects when `promise` takes longer than `timeoutMs`; the message names `what`. */
export async function withTimeout<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
