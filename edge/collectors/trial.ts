import type { Clock } from '../../runtime/clock.ts';
import type { Inbox } from './inbox.ts';

/** What comes together, such as the retained messages of a broker, comes within this. */
const MORE_MS = 500;

/** In a trial: waits for the first delivery, and a moment for what comes with it. Resolves with words when there was none. */
export async function waitForSenders(
  inbox: Inbox,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  const startMs = clock.monotonicMs();
  await inbox.whenFilled(signal);
  if (signal.aborted) return `nothing came within ${Math.round((clock.monotonicMs() - startMs) / 1_000)} s`;
  await clock.sleep(MORE_MS, signal).catch(() => undefined);
  return undefined;
}
