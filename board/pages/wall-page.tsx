import { useEffect, useState } from 'preact/hooks';
import { formatClock, formatNumber, formatRatio } from '../language/format.ts';
import { CityMap } from '../map/city-map.tsx';
import { LiveSign } from '../parts/live-sign.tsx';
import { useApp, useNow } from '../parts/app-context.ts';
import { Link } from '../parts/link.tsx';
import { StaleBanner } from '../parts/stale-banner.tsx';
import { usePageTitle } from '../parts/use-page-title.ts';
import { ServicesCard, WorstUnits } from './city/city-cards.tsx';
import { IncidentWords } from './city/incident-words.tsx';
import { freshFigures } from './city/fresh-figures.ts';
import { UnitHint } from './city/unit-hint.tsx';
import { LiveVerdict } from './city/live-verdict.tsx';
import { useCity } from './city/use-city.ts';

const ON_ONE_PAGE = 5;
const TURN_MS = 12_000;
/** Nothing stands at one place of a screen for days: the whole moves by some pixels, in this circle. */
const SHIFT_EVERY_MS = 60_000;
const SHIFTS = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [-4, 4],
  [-4, 0],
  [-4, -4],
  [0, -4],
] as const;

/** For the wall of a control room: read from five metres, without a mouse. */
export function WallPage() {
  const { texts, router, locale } = useApp();
  usePageTitle(texts.nav.wall);
  const city = useCity();
  const { units = [], incidents, services = [] } = city.value ?? {};
  const nowMs = useNow(1_000);
  const pages = Math.max(1, Math.ceil((incidents?.items.length ?? 0) / ON_ONE_PAGE));
  const page = Math.floor(nowMs / TURN_MS) % pages;
  const [x, y] = useShift();
  const agents = units.reduce((sum, unit) => sum + unit.agents.live, 0);
  const { completenessPercent } = freshFigures(city, nowMs);
  return (
    <main class="wall" id="content" style={{ transform: `translate(${x}px, ${y}px)` }}>
      <header>
        <LiveVerdict city={city} />
        <span class="clock">{formatClock(locale, nowMs)}</span>
      </header>
      <CityMap
        label={texts.city.mapLabel}
        units={units}
        onOpenUnit={(id) => router.go({ page: 'element', kind: 'unit', id })}
        onOpenSite={() => undefined}
        tell={(code) => <UnitHint unit={units.find((unit) => unit.code === code)} />}
      />
      <section class="side" aria-label={texts.wall.incidents}>
        <StaleBanner />
        <ul class="cards">
          {(incidents?.items ?? []).slice(page * ON_ONE_PAGE, (page + 1) * ON_ONE_PAGE).map((incident) => (
            <li key={incident.id} class={`card edge-${incident.severity}`}>
              <Link to={{ page: 'incident', id: incident.id }}>
                <IncidentWords incident={incident} />
              </Link>
            </li>
          ))}
        </ul>
        <ServicesCard services={services} />
        <WorstUnits units={units} />
        {pages > 1 && (
          <p class="dim">
            {page + 1} / {pages}
          </p>
        )}
      </section>
      <footer>
        <LiveSign />
        <span>
          {texts.city.agentsLive}: <b>{formatNumber(locale, agents)}</b>
        </span>
        <span>
          {texts.city.completeness}:{' '}
          <b>
            {formatRatio(locale, completenessPercent === undefined ? undefined : completenessPercent / 100)}
          </b>
        </span>
        <Link to={{ page: 'city' }}>{texts.wall.leave}</Link>
      </footer>
    </main>
  );
}

function useShift(): readonly [number, number] {
  const { time } = useApp();
  const [at, setAt] = useState(0);
  useEffect(() => time.after(SHIFT_EVERY_MS, () => setAt((at + 1) % SHIFTS.length)), [time, at]);
  return SHIFTS[at] ?? SHIFTS[0];
}
