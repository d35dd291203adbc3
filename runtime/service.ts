import type { Logger } from './logger.ts';

/** A part of a program. `stop()` may come twice or before `start()`. */
export interface Service {
  readonly name: string;
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

export interface RunOptions {
  readonly log: Logger;
  readonly shutdown: AbortSignal;
  readonly stopTimeoutMs: number;
  /** Called once everything runs. */
  readonly onReady?: () => void;
}

/** Starts in order, waits for `shutdown`, stops in reverse, each within `stopTimeoutMs`; joins failures in an AggregateError. */
export async function runServices(services: readonly Service[], options: RunOptions): Promise<void> {
  const { log, shutdown } = options;
  const started: Service[] = [];
  const failures: unknown[] = [];
  try {
    for (const service of services) {
      if (shutdown.aborted) break;
      started.push(service);
      await service.start(shutdown);
      log.debug({ service: service.name }, 'started');
    }
    if (!shutdown.aborted) options.onReady?.();
    await aborted(shutdown);
  } catch (error) {
    failures.push(error);
  }
  for (const service of started.reverse()) {
    try {
      await withTimeout(service.stop(), options.stopTimeoutMs, `stopping ${service.name}`);
      log.debug({ service: service.name }, 'stopped');
    } catch (error) {
      failures.push(error);
    }
  }
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
