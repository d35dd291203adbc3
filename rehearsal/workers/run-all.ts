import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FinishedRun, PlannedRun } from './finished-run.ts';

export interface RunAll {
  /** The file of rehearse-worker.ts as it is built. */
  readonly program: URL;
  readonly shutdown: AbortSignal;
  /** Each as it ends, in any order; `at`: its place in what was planned. */
  readonly onEnd: (finished: FinishedRun, at: number) => void;
}

/** Most of what a run makes dies young. */
const YOUNG_GENERATION_MIB = 64;

/** Runs what is planned, one thread a processor, the longest first. Rejects where a run fails, and when `shutdown` aborts. */
export async function runAll(
  planned: readonly PlannedRun[],
  { program, shutdown, onEnd }: RunAll,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  const clearAway = (): void => rmSync(directory, { recursive: true, force: true });
  // A second signal ends the process at once.
  process.once('exit', clearAway);
  const waiting = [...planned.entries()].sort(([, a], [, b]) => a.scenario.length - b.scenario.length);
  const threads = Array.from({ length: Math.min(availableParallelism(), planned.length) }, () => {
    return new Worker(program, {
      workerData: { directory },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    });
  });
  const work = async (thread: Worker): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [at, run] = next;
      const answer = once(thread, 'message', { signal: shutdown });
      thread.postMessage(run);
      const [finished] = (await answer) as [FinishedRun];
      onEnd(finished, at);
    }
  };
  try {
    shutdown.throwIfAborted();
    await Promise.all(threads.map(work));
  } catch (error) {
    shutdown.throwIfAborted();
    throw error;
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
    process.off('exit', clearAway);
    clearAway();
  }
}
