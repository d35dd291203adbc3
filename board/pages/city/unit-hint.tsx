import type { Answers } from '../../api/answers.ts';
import { formatNumber, formatRatio } from '../../language/format.ts';
import { useApp } from '../../parts/app-context.ts';
import { StateMark } from '../../parts/marks.tsx';
import { Since } from '../../parts/times.tsx';

interface UnitHintProps {
  readonly unit: Answers['/api/v1/city']['units'][number] | undefined;
  readonly coveredPercent?: number | undefined;
  /** Share of the time that was measured, 0 to 1. */
  readonly completeness?: number | undefined;
}

/** Beside the pointer: what a unit is, how it is, since when. */
export function UnitHint({ unit, coveredPercent, completeness }: UnitHintProps) {
  const { texts, locale } = useApp();
  if (unit === undefined) return null;
  const { up, down, unreachable, unknown } = unit.devices;
  return (
    <>
      <b>
        {texts.elementKinds[unit.kind]} {unit.name}
      </b>
      <div>
        <StateMark state={unit.state} />
      </div>
      {unit.state !== 'up' && (
        <div>
          <Since atMs={unit.sinceMs} />
        </div>
      )}
      <div class="dim">
        {texts.sites(unit.sites)} · {texts.devices(up + down + unreachable + unknown)}
        {unit.activeAlerts > 0 && ` · ${texts.alertsCount(unit.activeAlerts)}`}
      </div>
      {coveredPercent !== undefined && (
        <div>
          {texts.city.coverageOf(`${formatNumber(locale, coveredPercent, 1)} %`)} · {texts.coverage.complete}{' '}
          {formatRatio(locale, completeness)}
        </div>
      )}
    </>
  );
}
