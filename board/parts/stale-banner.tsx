import { formatDuration } from '../language/format.ts';
import { useApp, useNow, useWatched } from './app-context.ts';

/** From here on silence is no longer a short break. Central says something every 15 s. */
const STALE_AFTER_MS = 20_000;

/** Loud, and read out: all that is shown may be untrue by now. */
export function StaleBanner() {
  const { texts, live, locale } = useApp();
  const { connection, heardAtMs } = useWatched(live.state);
  const nowMs = useNow(1_000);
  const silentMs = heardAtMs === undefined ? undefined : nowMs - heardAtMs;
  const isStale =
    connection === 'lost' ||
    (connection !== 'refused' && silentMs !== undefined && silentMs > STALE_AFTER_MS);
  return (
    <div aria-live="assertive">
      {isStale && (
        <div class="stale">
          <b>{texts.live.stale}</b>{' '}
          {silentMs === undefined
            ? texts.live.staleNever
            : texts.live.staleSince(formatDuration(locale, silentMs))}
        </div>
      )}
    </div>
  );
}
