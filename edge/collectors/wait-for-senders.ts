import type { Clock } from '../../runtime/clock.ts';
import type { PushedSamples } from './pushed-samples.ts';

/** Messages that belong together, such as the retained ones of a broker, arrive within this. */
const MORE_MS = 500;

/** In a trial: it listens, and nobody sent anything. */
export class SilentSenders extends Error {
  override readonly name = 'SilentSenders';
}

/** In a trial: waits for the first samples, and a moment for more. Resolves with the problem text if nothing arrived. */
export async function waitForSenders(
  pushed: Pick<PushedSamples, 'whenFilled'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  const startMs = clock.monotonicMs();
  await pushed.whenFilled(signal);
  if (signal.aborted) return `nothing came within ${Math.round((clock.monotonicMs() - startMs) / 1_000)} s`;
  await clock.sleep(MORE_MS, signal).catch(() => undefined);
  return undefined;
}
