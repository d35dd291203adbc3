import { formatDayTime, formatDuration, formatTime } from '../language/format.ts';
import { useApp, useNow } from './app-context.ts';

/** `since 19:02 (5 min)`, growing. */
export function Since({ atMs }: { readonly atMs: number }) {
  const { texts, locale } = useApp();
  const nowMs = useNow();
  return (
    <time dateTime={new Date(atMs).toISOString()}>
      {texts.since(formatTime(locale, atMs, nowMs), formatDuration(locale, nowMs - atMs))}
    </time>
  );
}

export function At({ atMs }: { readonly atMs: number }) {
  const { locale } = useApp();
  const nowMs = useNow(60_000);
  return <time dateTime={new Date(atMs).toISOString()}>{formatTime(locale, atMs, nowMs)}</time>;
}

/** How long ago, growing. */
export function Ago({ atMs }: { readonly atMs: number }) {
  const { texts, locale } = useApp();
  const nowMs = useNow();
  return (
    <time dateTime={new Date(atMs).toISOString()}>{texts.ago(formatDuration(locale, nowMs - atMs))}</time>
  );
}

/** From when to when, each with its day. */
export function Span({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) {
  const { locale } = useApp();
  const time = (atMs: number) => (
    <time dateTime={new Date(atMs).toISOString()}>{formatDayTime(locale, atMs)}</time>
  );
  return (
    <>
      {time(fromMs)} – {time(toMs)}
    </>
  );
}
