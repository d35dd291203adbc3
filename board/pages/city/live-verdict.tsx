import { useApp, useNow, useWatched } from '../../parts/app-context.ts';
import { verdictOf, type Evidence } from './verdict.ts';
import { VerdictLine } from './verdict-line.tsx';

const LOOK_EVERY_MS = 5_000;

/** The verdict, judged anew as the evidence ages; a component of its own, so that the map is not drawn with it. */
export function LiveVerdict(read: Omit<Evidence, 'isLive' | 'nowMs'>) {
  const { live } = useApp();
  const { connection } = useWatched(live.state);
  const nowMs = useNow(LOOK_EVERY_MS);
  return <VerdictLine verdict={verdictOf({ ...read, isLive: connection === 'live', nowMs })} />;
}
