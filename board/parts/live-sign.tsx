import { formatDuration } from '../language/format.ts';
import { useApp, useNow, useWatched } from './app-context.ts';

/** Whether the page follows central, and how old its newest word is. */
export function LiveSign() {
  const { texts, live, locale } = useApp();
  const { connection, heardAtMs } = useWatched(live.state);
  const nowMs = useNow(1_000);
  return (
    <span class={`live-sign ${connection}`}>
      <span class="dot" aria-hidden="true" />
      {texts.live[connection]}
      {heardAtMs !== undefined && (
        <small> · {texts.live.heard(formatDuration(locale, nowMs - heardAtMs))}</small>
      )}
    </span>
  );
}
