/** What `chronyc -c tracking` prints: reference id and name, stratum, … in this order; chronyc(1). */
export interface Tracking {
  readonly referenceId: string;
  readonly stratum: number;
  /** `Normal`, `Insert second`, `Delete second` or `Not synchronised`. */
  readonly leapStatus: string;
  /** Seconds and ppm, by Telegraf's names. `system_time` above 0: the clock is fast. */
  readonly fields: Readonly<Record<string, number>>;
}

const FIELDS = [
  'system_time',
  'last_offset',
  'rms_offset',
  'frequency',
  'residual_freq',
  'skew',
  'root_delay',
  'root_dispersion',
  'update_interval',
] as const;
const FIRST_FIELD = 4;
const COLUMNS = FIRST_FIELD + FIELDS.length + 1;
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const LEAP_STATUS = /^(Normal|Insert second|Delete second|Not synchronised)$/;

/** Undefined: not such a line. Pure. */
export function parseTracking(csv: string): Tracking | undefined {
  const columns = csv.trim().split(',');
  const [referenceId = '', name = '', stratum = ''] = columns;
  const leapStatus = columns[COLUMNS - 1] ?? '';
  if (columns.length !== COLUMNS || !/^\d{1,2}$/.test(stratum) || !LEAP_STATUS.test(leapStatus))
    return undefined;
  const fields: Record<string, number> = {};
  for (const [index, field] of FIELDS.entries()) {
    const text = columns[FIRST_FIELD + index] ?? '';
    if (!NUMBER.test(text)) return undefined;
    // chronyc's sign is the other way round: its minus is "fast of NTP time", plus in Telegraf.
    fields[field] = field === 'system_time' ? 0 - Number(text) : Number(text);
  }
  return {
    referenceId: name === '' ? referenceId : name.slice(0, 128),
    stratum: Number(stratum),
    leapStatus,
    fields,
  };
}

/** 127.127.1.1: chronyd's own clock (directive `local`), synchronised to nothing. */
const OWN_CLOCK = '7F7F0101';

export function isSynchronised({ leapStatus, referenceId }: Tracking): boolean {
  return leapStatus !== 'Not synchronised' && referenceId !== OWN_CLOCK;
}
