import type { Answers } from '../../api/answers.ts';
import { formatDay, formatNumber, formatQuantity, formatRatio } from '../../language/format.ts';
import { useApp, useNow } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { StateMark, WORST_FIRST } from '../../parts/marks.tsx';
import { Since } from '../../parts/times.tsx';
import { Why } from '../../parts/why.tsx';
import { freshFigures } from './fresh-figures.ts';
import type { ShownCity } from './use-city.ts';
import { VITAL_CHECKS } from './verdict.ts';

type City = Answers['/api/v1/city'];
type Unit = City['units'][number];

const DAY_MS = 86_400_000;
const UNITS_SHOWN = 12;

/** Agents and completeness of data, of the whole city; each leads to its curves. */
export function FactsCards({ city, value }: { readonly city: ShownCity; readonly value: City }) {
  const { texts, locale } = useApp();
  const { completenessPercent } = freshFigures(city, useNow());
  const sum = (phase: keyof Unit['agents']): number =>
    value.units.reduce((total, unit) => total + unit.agents[phase], 0);
  const missing = sum('silent') + sum('stopped') + sum('never_seen');
  return (
    <section class="facts">
      <div class="fact">
        <Link to={{ page: 'fleet' }}>
          <b>{formatNumber(locale, sum('live'))}</b> {texts.city.agentsLive}
        </Link>
        {missing > 0 && <small class="warn">{texts.city.agentsMissing(missing)}</small>}
      </div>
      <div class="fact">
        <Link to={{ page: 'figures' }}>
          <b>
            {formatRatio(locale, completenessPercent === undefined ? undefined : completenessPercent / 100)}
          </b>{' '}
          {texts.city.completeness}
        </Link>
      </div>
    </section>
  );
}

/** Whether Wardwatch itself is well: without that, every other line is in doubt. */
export function OwnHealthCard({ city, value }: { readonly city: ShownCity; readonly value: City }) {
  const { texts, locale } = useApp();
  const { samplesPerS, lagMs } = freshFigures(city, useNow());
  const bad = value.readiness.checks.filter(({ ok }) => !ok);
  const isBroken = bad.some(({ name }) => VITAL_CHECKS.includes(name));
  return (
    <section class="panel">
      <h2>
        <Link to={{ page: 'figures' }}>{texts.city.own}</Link>
      </h2>
      <p class={isBroken ? 'warn' : ''}>
        {bad.length === 0 ? texts.city.ownWell : isBroken ? texts.city.ownBad : texts.city.ownMinor}
      </p>
      {bad.length > 0 && (
        <ul class="small dim">
          {bad.map(({ name, detail, reasons }) => (
            <li key={name}>
              <b>{texts.city.checks[name] ?? name}</b>: <Why words={detail} reasons={reasons} />
            </li>
          ))}
        </ul>
      )}
      <p class="dim small">
        {samplesPerS === undefined
          ? `– ${texts.city.samplesPerS}`
          : formatQuantity(locale, samplesPerS, texts.city.samplesPerS)}
        {' · '}
        {texts.city.lag(lagMs === undefined ? '–' : formatQuantity(locale, lagMs, 'ms'))}
      </p>
    </section>
  );
}

/** The services that people use, the worst first; calm ones in one line. */
export function ServicesCard({ services }: { readonly services: City['services'] }) {
  const { texts } = useApp();
  return (
    <section class="panel">
      <h2>{texts.city.services}</h2>
      <ul class="chips">
        {[...services]
          .sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state))
          .map(({ id, name, state }) => (
            <li key={id}>
              <Link to={{ page: 'element', kind: 'service', id }}>
                <StateMark state={state} isSilent />
                <span class="hidden">{texts.states[state]}</span> {name}
              </Link>
            </li>
          ))}
      </ul>
    </section>
  );
}

/** What will be full first, by the early end of its forecast. */
export function CapacityCard({ pools: { soonest, unknown } }: { readonly pools: City['pools'] }) {
  const { texts, locale } = useApp();
  const nowMs = useNow(60_000);
  return (
    <section class="panel">
      <h2>
        <Link to={{ page: 'capacity' }}>{texts.city.capacity}</Link>
      </h2>
      {soonest.length === 0 && unknown === 0 && <p class="dim">{texts.city.capacityNone}</p>}
      <ul class="rows">
        {soonest.map(({ id, resource, days, madeAtMs }) => (
          <li key={`${id} ${resource}`}>
            <Link to={{ page: 'element', kind: 'pool', id }}>
              {id} · {texts.capacity.resources[resource] ?? resource}
            </Link>
            <span class="dim" title={texts.city.fullIn(texts.days(days))}>
              {texts.city.fullBy(formatDay(locale, Math.max(nowMs, madeAtMs + days * DAY_MS)))}
            </span>
          </li>
        ))}
      </ul>
      {unknown > 0 && <p class="dim small">{texts.city.capacityUnknown(unknown)}</p>}
    </section>
  );
}

/** The map in words: every unit that is not well, the worst first. */
export function WorstUnits({ units }: { readonly units: readonly Unit[] }) {
  const { texts } = useApp();
  const worst = units
    .filter(({ state }) => state !== 'up')
    .sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state) || a.sinceMs - b.sinceMs);
  return (
    <section class="panel">
      <h2>{texts.city.worstUnits}</h2>
      <ul class="rows">
        {worst.slice(0, UNITS_SHOWN).map(({ code, name, state, sinceMs }) => (
          <li key={code}>
            <Link to={{ page: 'element', kind: 'unit', id: code }}>
              <StateMark state={state} isSilent /> {name}
            </Link>
            <span class="dim small">
              {texts.states[state]} · <Since atMs={sinceMs} />
            </span>
          </li>
        ))}
      </ul>
      {worst.length > UNITS_SHOWN && <p class="dim small">{texts.more(worst.length - UNITS_SHOWN)}</p>}
      <p class="dim small">{texts.city.unitsWell(units.length - worst.length)}</p>
    </section>
  );
}
