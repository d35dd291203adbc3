import { useEffect, useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { formatClock, formatNumber, formatRatio } from '../../language/format.ts';
import { CityMap } from '../../map/city-map.tsx';
import { LiveSign } from '../../parts/live-sign.tsx';
import { useApp, useNow } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { StaleBanner } from '../../parts/stale-banner.tsx';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { freshFigures } from '../city/fresh-figures.ts';
import { LiveVerdict } from '../city/live-verdict.tsx';
import { StateLegend } from '../city/state-legend.tsx';
import { UnitHint } from '../city/unit-hint.tsx';
import { useCity, type ShownCity } from '../city/use-city.ts';
import { useTurning } from './use-turning.ts';
import { WallPartView } from './wall-part.tsx';
import { wallPages } from './wall-pages.ts';

type City = Answers['/api/v1/city'];

/**
 * Nothing stands at one place of a screen for days: the whole moves in a small circle, in thousandths of the shorter side, and map and
 * list change their sides every few rounds.
 */
const SHIFT_EVERY_MS = 60_000;
const SHIFTS = [
  [0, 0],
  [6, 0],
  [6, 6],
  [0, 6],
  [-6, 6],
  [-6, 0],
  [-6, -6],
  [0, -6],
] as const;
const ROUNDS_A_SIDE = 4;

/** For the wall of a control room: read from five metres, without a mouse. */
export function WallPage() {
  const { texts, router, locale } = useApp();
  usePageTitle(texts.nav.wall);
  const city = useCity();
  const nowMs = useNow(1_000);
  const { x, y, isSwapped } = useShift();
  const units = city.value?.units ?? [];
  return (
    <main
      class={`wall${isSwapped ? ' swapped' : ''}`}
      id="content"
      style={{ transform: `translate(${x / 10}vmin, ${y / 10}vmin)` }}
    >
      <header>
        <LiveVerdict city={city} />
        <span class="clock">{formatClock(locale, nowMs)}</span>
      </header>
      <section class="wall-map" aria-label={texts.city.mapLabel}>
        <CityMap
          label={texts.city.mapLabel}
          units={units}
          onOpenUnit={(id) => router.go({ page: 'element', kind: 'unit', id })}
          onOpenSite={() => undefined}
          tell={(code) => <UnitHint unit={units.find((unit) => unit.code === code)} />}
        />
        <StateLegend units={units} />
      </section>
      <section class="side" aria-label={texts.wall.list}>
        <StaleBanner />
        {city.value !== undefined && <Figures city={city} value={city.value} />}
        {city.value !== undefined && <Pages value={city.value} />}
      </section>
      <footer>
        <LiveSign />
        <Link to={{ page: 'city' }}>{texts.wall.leave}</Link>
      </footer>
    </main>
  );
}

function Figures({ city, value }: { readonly city: ShownCity; readonly value: City }) {
  const { texts, locale } = useApp();
  const { completenessPercent } = freshFigures(city, useNow());
  const { incidents, units } = value;
  const live = units.reduce((sum, unit) => sum + unit.agents.live, 0);
  const figures = [
    [texts.wall.incidents, `${formatNumber(locale, incidents.items.length)}${incidents.isMore ? '+' : ''}`],
    [texts.city.agentsLive, formatNumber(locale, live)],
    [
      texts.city.completeness,
      formatRatio(locale, completenessPercent === undefined ? undefined : completenessPercent / 100),
    ],
  ];
  return (
    <dl class="wall-figures">
      {figures.map(([name, figure]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

function Pages({ value }: { readonly value: City }) {
  const { texts } = useApp();
  const pages = wallPages(value);
  const { at, isPaused, pause } = useTurning(pages.length);
  const part = pages[at];
  if (part === undefined) return null;
  return (
    <section class="panel wall-list">
      <h2>
        {texts.wall.titles[part.is]}
        {pages.length > 1 && (
          <button type="button" class="quiet" aria-pressed={isPaused} onClick={pause}>
            {at + 1}/{pages.length} {isPaused ? texts.wall.resume : texts.wall.pause}
          </button>
        )}
      </h2>
      <WallPartView part={part} />
    </section>
  );
}

function useShift(): { readonly x: number; readonly y: number; readonly isSwapped: boolean } {
  const { time } = useApp();
  const [at, setAt] = useState(0);
  useEffect(() => time.after(SHIFT_EVERY_MS, () => setAt(at + 1)), [time, at]);
  const [x, y] = SHIFTS[at % SHIFTS.length] ?? SHIFTS[0];
  return { x, y, isSwapped: Math.floor(at / SHIFTS.length / ROUNDS_A_SIDE) % 2 === 1 };
}
