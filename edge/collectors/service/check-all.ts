import { setMaxListeners } from 'node:events';
import type { Sample } from '../../../contract/sample.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected } from '../collector.ts';
import { checkName, type Check } from './check.ts';
import { runCheck, type RunOptions } from './run-check.ts';
import { checkSamples, withoutRepeats } from './samples.ts';

export const MAX_PARALLEL = 32;

/** All checks, some at a time; samples in the order of the checks. An aborted check is an error without a sample. */
export async function checkAll(
  checks: readonly Check[],
  commonTags: Sample['tags'],
  options: RunOptions,
): Promise<Collected> {
  const { signal } = options;
  const run = new AbortController();
  setMaxListeners(MAX_PARALLEL, run.signal); // one a check
  const onAbort = (): void => run.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const errors: Error[] = [];
  const samples = checks.map((): readonly Sample[] => []);
  const waiting = [...checks.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, check] = next;
      try {
        const outcome = await runCheck(check, { ...options, signal: run.signal });
        samples[index] = checkSamples(check, outcome, commonTags, options.clock.now());
      } catch (error) {
        const what = `service ${check.service} ${checkName(check)}`;
        errors.push(new Error(`${what}: ${messageOf(error)}`, { cause: error }));
      }
    }
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
  signal.removeEventListener('abort', onAbort);
  return { samples: withoutRepeats(samples.flat()), errors };
}
