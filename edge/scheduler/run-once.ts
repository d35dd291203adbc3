import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Collected, Collector } from '../collectors/collector.ts';

export interface RunResult {
  readonly samples: readonly Sample[];
  readonly errors: readonly Error[];
  readonly failed: boolean;
  readonly durationMs: number;
  /** From the collector. */
  readonly reportDurable?: Collected['reportDurable'];
  /** Resolves when collect() settles: long after the timeout if the collector ignores its signal. */
  readonly settled: Promise<void>;
}

/** Time for a collector to return partial results after its signal aborted. */
export const GRACE_MS = 1_000;

/**
 * One run within `timeoutMs`. Never rejects. The collector's signal aborts at the timeout or with `signal`; what it
 * returns within the grace time counts.
 */
export async function runOnce(
  collector: Collector,
  options: { readonly timeoutMs: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<RunResult> {
  const { clock, timeoutMs, signal } = options;
  const startMs = clock.monotonicMs();
  // Not AbortSignal.any(): on Node 20 each call leaks memory on a signal that lives as long as the agent.
  const run = new AbortController();
  const ended = new AbortController();
  const onStop = (): void => run.abort(signal.reason);
  signal.addEventListener('abort', onStop, { once: true });
  const collected = start(collector, run.signal);
  let outcome: Collected | Error;
  try {
    outcome = await Promise.race([collected, waitOverdue({ run, timeoutMs, clock, ended: ended.signal })]);
  } catch (error) {
    outcome = error instanceof Error ? error : new Error(String(error), { cause: error });
  }
  ended.abort();
  signal.removeEventListener('abort', onStop);
  const durationMs = clock.monotonicMs() - startMs;
  const settled = collected.then(
    () => undefined,
    () => undefined,
  );
  if (outcome instanceof Error) {
    // A late result is discarded.
    collected.then((late) => late.reportDurable?.(false)).catch(() => undefined);
    return { samples: [], errors: [outcome], failed: true, durationMs, settled };
  }
  return { ...outcome, failed: false, durationMs, settled };
}

/** async, so that a collector that throws is treated as one that rejects. */
async function start(collector: Collector, signal: AbortSignal): Promise<Collected> {
  return collector.collect(signal);
}

/** Aborts the run at the timeout, and resolves a grace time after it was aborted, for whatever reason. */
async function waitOverdue(options: {
  readonly run: AbortController;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly ended: AbortSignal;
}): Promise<Error> {
  const { run, timeoutMs, clock, ended } = options;
  const error = new Error(`took longer than ${timeoutMs} ms`);
  await sleepUnlessAborted(clock, timeoutMs, AbortSignal.any([run.signal, ended]));
  run.abort(error);
  await sleepUnlessAborted(clock, GRACE_MS, ended);
  return error;
}

async function sleepUnlessAborted(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(delayMs, signal);
  } catch {
    // Aborted: the wait is over.
  }
}
