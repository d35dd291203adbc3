import { useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { formatDay, formatNumber } from '../../language/format.ts';
import { useApp } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { fanOf, whatIf } from './fan.ts';

type Pool = Answers['/api/v1/pools']['items'][number];

const DAY_MS = 86_400_000;
const FACTORS = ['1', '1.5', '2', '3'] as const;

/** One resource of a pool: how much is used, when it is full, and when if it grew faster. */
export function PoolCard({ pool }: { readonly pool: Pool }) {
  const { texts, locale } = useApp();
  const [factor, setFactor] = useState<string>(FACTORS[0]);
  const { forecast } = pool;
  const resource = texts.capacity.resources[pool.resource] ?? pool.resource;
  const days = forecast?.daysToFull === undefined ? undefined : whatIf(forecast.daysToFull, Number(factor));
  const dayAfter = (count: number): string => formatDay(locale, (forecast?.madeAtMs ?? 0) + count * DAY_MS);
  return (
    <section class="panel">
      <h2>
        <Link to={{ page: 'element', kind: 'pool', id: pool.id }}>{pool.id}</Link> · {resource}
      </h2>
      {forecast === undefined ? (
        <p class="dim">{texts.capacity.outcome.too_little_history}</p>
      ) : (
        <>
          <p>
            {texts.capacity.used}: <b>{formatNumber(locale, forecast.usedPercent, 1)} %</b> ·{' '}
            {texts.capacity.outcome[forecast.outcome]}{' '}
            <span class="dim small">({texts.capacity.history(forecast.historyDays)})</span>
          </p>
          <meter
            class="bar"
            min={0}
            max={100}
            value={forecast.usedPercent}
            aria-label={texts.capacity.used}
          />
          {days !== undefined && (
            <>
              <p>
                {texts.capacity.full} <b>{texts.days(days.middle)}</b>
                {days.early !== undefined &&
                  days.late !== undefined &&
                  ` (${days.early}–${days.late})`} · {texts.city.fullBy(dayAfter(days.early ?? days.middle))}
              </p>
              <FanPicture usedPercent={forecast.usedPercent} days={days} />
              <label class="small">
                {texts.capacity.whatIf}
                <select value={factor} onChange={({ currentTarget }) => setFactor(currentTarget.value)}>
                  {FACTORS.map((each) => (
                    <option key={each} value={each}>
                      {texts.capacity.whatIfFactor(each)}
                    </option>
                  ))}
                </select>
              </label>
            </>
          )}
        </>
      )}
    </section>
  );
}

interface FanPictureProps {
  readonly usedPercent: number;
  readonly days: Parameters<typeof fanOf>[1];
}

function FanPicture({ usedPercent, days }: FanPictureProps) {
  const { texts } = useApp();
  const fan = fanOf(usedPercent, days);
  const pointsOf = (points: (typeof fan)['band']): string =>
    points.map(([x, y]) => `${(100 * x) / fan.days},${105 - y}`).join(' ');
  return (
    <svg
      class="fan"
      viewBox="0 0 100 105"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${texts.capacity.fan}: ${texts.city.fullIn(texts.days(days.middle))}`}
    >
      <line class="limit" x1={0} y1={5} x2={100} y2={5} />
      <polygon class="band" points={pointsOf(fan.band)} />
      <polyline class="middle" points={pointsOf(fan.middle)} />
    </svg>
  );
}
