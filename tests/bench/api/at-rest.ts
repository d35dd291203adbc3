import { usageOf } from '../process-usage.ts';
import { sleep } from '../sleep.ts';

/** A store that compacts what a fill wrote for longer is measured while it does, and the table says so. */
export const LONGEST_REST_S = 90;
const LOOK_S = 3;
const IDLE_RATIO = 0.05;

/** Resolves once a process takes hardly any CPU time, or after LONGEST_REST_S. */
export async function secondsUntilAtRest(pid: number): Promise<number> {
  for (let s = 0; s < LONGEST_REST_S; s += LOOK_S) {
    const before = usageOf(pid).cpuS;
    await sleep(LOOK_S);
    if (usageOf(pid).cpuS - before < IDLE_RATIO * LOOK_S) return s;
  }
  return LONGEST_REST_S;
}
