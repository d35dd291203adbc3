import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Collected, Collector } from '../collectors/collector.ts';

export interface RunResult {
  readonly samples: readonly Sample[];
  readonly errors: readonly Error[];
  readonly failed: boolean;
  readonly durationMs: number;
  /** As the collector gave it. */
  readonly settle?: Collected['settle'];
  /** Settles when collect() does, which may be long after the timeout for a collector that ignores its signal. */
  readonly settled: Promise<void>;
}

/** After its signal a collector has this long to hand over what it has. */
export const GRACE_MS = 1_000;

/**
 * One run within `timeoutMs`. Never rejects, whatever the collector does. Its signal aborts at the timeout or with
 * `signal`; what the collector still hands over within the grace time counts.
 */
export async function runOnce(
  collector: Collector,
  options: { readonly timeoutMs: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<RunResult> {
  const { clock, timeoutMs, signal } = options;
  const startMs = clock.monotonicMs();
  // Not AbortSignal.any(): on Node 20 each call leaves something behind on a signal that lives as long as the agent.
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
    // What it still hands over nobody takes any more.
    collected.then((late) => late.settle?.(false)).catch(() => undefined);
    return { samples: [], errors: [outcome], failed: true, durationMs, settled };
  }
  return { ...outcome, failed: false, durationMs, settled };
}

/** In a promise of its own, so that a collector that throws outright is no different from one that rejects. */
async function start(collector: Collector, signal: AbortSignal): Promise<Collected> {
  return collector.collect(signal);
}

/** Aborts the run at the timeout, and resolves a grace time after it was aborted for whatever reason. */
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
    // Aborted: what comes next is due at once.
  }
}
