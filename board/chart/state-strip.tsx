import { formatDuration, formatTime } from '../language/format.ts';
import type { Texts } from '../language/vi.ts';
import { useApp } from '../parts/app-context.ts';
import { stripOf, type StateInterval } from './strip.ts';

interface StateStripProps {
  readonly label: string;
  readonly intervals: readonly StateInterval[];
  readonly fromMs: number;
  readonly toMs: number;
}

const LISTED = 10;

/** When something was in which state; the same in words below. */
export function StateStrip({ label, intervals, fromMs, toMs }: StateStripProps) {
  const { texts, locale } = useApp();
  const bad = intervals.filter(({ state }) => state !== 'up');
  return (
    <>
      <svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={label}>
        {stripOf(intervals, fromMs, toMs).map(({ state, from, width }) => (
          <rect key={from} class={`strip-${state}`} x={from} y={0} width={width} height={10} />
        ))}
      </svg>
      <ul class="small">
        {bad.slice(-LISTED).map((each) => (
          <li key={each.fromMs}>
            {formatTime(locale, each.fromMs, toMs)} · {texts.states[each.state as keyof Texts['states']]} ·{' '}
            {formatDuration(locale, each.toMs - each.fromMs)}
          </li>
        ))}
      </ul>
    </>
  );
}
