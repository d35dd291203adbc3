import type { OnCallCalendars } from '../../notify/on-call/calendars.ts';
import type { TimeRange } from '../times/time-range.ts';

const HOUR_MS = 3_600_000;
/** Of a week each hour, of a year about every second day at another hour. */
const MAX_LOOKS = 168;

/** How many people were on call on average; undefined: there is no calendar. */
export function meanOnCall(
  onCall: Pick<OnCallCalendars, 'isEmpty' | 'countAt'>,
  { fromMs, toMs }: TimeRange,
): number | undefined {
  if (onCall.isEmpty) return undefined;
  const looks = Math.min(MAX_LOOKS, Math.max(1, Math.ceil((toMs - fromMs) / HOUR_MS)));
  const stepMs = (toMs - fromMs) / looks;
  let people = 0;
  for (let look = 0; look < looks; look++) people += onCall.countAt(fromMs + (look + 0.5) * stepMs);
  return people / looks;
}
