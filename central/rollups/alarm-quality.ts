import type { Sample } from '../../contract/sample.ts';

/** How long something took with several alerts; undefined: there were none. */
interface Durations {
  readonly medianMs: number | undefined;
  readonly p90Ms: number | undefined;
}

/** What the alerts say of themselves: the same that the API answers from. */
export interface AlarmFigures {
  readonly fired: number;
  readonly acknowledged: Durations;
  readonly recovered: Durations;
  readonly severities: readonly {
    readonly severity: string;
    readonly fired: number;
    readonly acknowledged: Durations;
    readonly recovered: Durations;
  }[];
  readonly per10Min: { readonly floodRatio: number };
}

export interface AlarmQuality {
  readonly atMs: number;
  /** Of the last ten minutes. */
  readonly recent: Pick<AlarmFigures, 'fired'>;
  readonly day: AlarmFigures;
  /** That flap now. */
  readonly chattering: number;
  /** Active for more than 24 h. */
  readonly stale: number;
  /** undefined: there is no calendar. */
  readonly peopleOnCall: number | undefined;
}

/** EEMUA 191: more in ten minutes are a flood. */
const FLOOD_ABOVE = 10;
/** About 80, 15 and 5 % is what EEMUA 191 asks for. */
const PRIORITIES: readonly (readonly [field: string, severities: readonly string[]])[] = [
  ['low_priority_pct', ['warning', 'minor']],
  ['medium_priority_pct', ['major']],
  ['high_priority_pct', ['critical']],
];

/** Pure. As central stores one minute of it: all alarms together, and each severity of which there was something in the last 24 hours. */
export function alarmQualitySamples(quality: AlarmQuality): Sample[] {
  const { atMs, recent, day, chattering, stale, peopleOnCall = 1 } = quality;
  // While nobody is on call, all of them are told.
  const alarmRate = recent.fired / Math.max(1, peopleOnCall);
  const firedOf = (wanted: readonly string[]): number =>
    day.severities.reduce((sum, { severity, fired }) => sum + (wanted.includes(severity) ? fired : 0), 0);
  const whole: Sample = {
    measurement: 'alarm_quality',
    tags: {},
    fields: {
      alarm_rate: alarmRate,
      flood: alarmRate > FLOOD_ABOVE,
      flood_pct: 100 * day.per10Min.floodRatio,
      ...(day.fired > 0 &&
        Object.fromEntries(PRIORITIES.map(([field, of]) => [field, (100 * firedOf(of)) / day.fired]))),
      ...{ chattering, stale },
      ...durationFields(day),
    },
    timeMs: atMs,
  };
  const bySeverity = day.severities.flatMap((each): Sample[] => {
    const fields = durationFields(each);
    if (Object.keys(fields).length === 0) return [];
    return [{ measurement: 'alarm_quality', tags: { severity: each.severity }, fields, timeMs: atMs }];
  });
  return [whole, ...bySeverity];
}

/** Without those of which there were none. */
function durationFields({ acknowledged, recovered }: Pick<AlarmFigures, 'acknowledged' | 'recovered'>) {
  const all = {
    mtta_p50_s: acknowledged.medianMs,
    mtta_p90_s: acknowledged.p90Ms,
    mttr_p50_s: recovered.medianMs,
    mttr_p90_s: recovered.p90Ms,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([field, ms]) => (ms === undefined ? [] : [[field, ms / 1_000] as const])),
  );
}
