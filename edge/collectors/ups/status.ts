/** Bits of `upsd.status_flags` as Telegraf has them, which are those of apcupsd. */
const BITS: Readonly<Record<string, number>> = {
  CAL: 0,
  TRIM: 1,
  BOOST: 2,
  OL: 3,
  OB: 4,
  OVER: 5,
  LB: 6,
  RB: 7,
};

/** The words of `ups.status` (RFC 9271, section 5.1). */
export type StatusWords = ReadonlySet<string>;

/** undefined: unknown, as while the driver starts (`WAIT`). Pure. */
export function parseStatus(status: string | undefined): StatusWords | undefined {
  const words = new Set(status?.split(/\s+/).filter((word) => word !== ''));
  return words.size === 0 || words.has('WAIT') ? undefined : words;
}

/** Below this there is no mains power, at any nominal voltage. */
const DEAD_LINE_V = 50;

/**
 * The words as the measured values confirm them: `OL DISCHRG` without voltage at the input is on battery, and what carries a
 * load is not `OFF`. Pure.
 */
export function confirmed(
  words: StatusWords,
  { inputV, loadPct }: { readonly inputV: number | undefined; readonly loadPct: number | undefined },
): StatusWords {
  const sure = new Set(words);
  const isDead = inputV !== undefined && inputV < DEAD_LINE_V;
  if (isDead && words.has('OL') && words.has('DISCHRG')) {
    sure.delete('OL');
    sure.add('OB');
  }
  if (loadPct !== undefined && loadPct > 0) sure.delete('OFF');
  return sure;
}

/** On battery with voltage at the input: a test, or mains power too bad to be used. undefined: not known. Pure. */
export function mainsOk(words: StatusWords, inputV: number | undefined): boolean | undefined {
  if (words.has('OL')) return true;
  if (inputV !== undefined) return inputV >= DEAD_LINE_V;
  return words.has('OB') ? false : undefined;
}

/**
 * undefined: not known. A UPS whose battery ran empty is off, and not back on mains: that is known once there is mains
 * power. Pure.
 */
export function onBattery(words: StatusWords, isMainsOk: boolean | undefined): boolean | undefined {
  if (words.has('OB')) return true;
  const source = outputSource(words);
  if (source === undefined || (source === NO_OUTPUT && isMainsOk !== true)) return undefined;
  return false;
}

export function statusFlags(words: StatusWords): number {
  return Object.entries(BITS).reduce(
    (flags, [word, bit]) => (words.has(word) ? flags | (1 << bit) : flags),
    0,
  );
}

/** Without output, of upsOutputSource (RFC 1628). */
export const NO_OUTPUT = 2;

/** upsOutputSource (RFC 1628); the first that applies: the source of power before its regulation. */
const OUTPUT_SOURCES = [
  ['OFF', NO_OUTPUT],
  ['OB', 5],
  ['BYPASS', 4],
  ['BOOST', 6],
  ['TRIM', 7],
  ['OL', 3],
] as const;

export function outputSource(words: StatusWords): number | undefined {
  return OUTPUT_SOURCES.find(([word]) => words.has(word))?.[1];
}

const BATTERY_NORMAL = 2;
export const BATTERY_LOW = 3;

/**
 * upsBatteryStatus (RFC 1628). `FSD`: the server shuts its clients down, because the battery is nearly empty. undefined: a
 * UPS that is off without mains power no longer says `LB`, however empty it is.
 */
export function batteryStatus(words: StatusWords): number | undefined {
  if (words.has('LB') || words.has('FSD')) return BATTERY_LOW;
  return words.has('OFF') && !words.has('OL') ? undefined : BATTERY_NORMAL;
}

/** Those that are alarms in upsAlarmTable (RFC 1628) too: on battery, low, to be replaced, overload, bypass, fault. */
const ALARMS = ['OB', 'LB', 'RB', 'OVER', 'BYPASS', 'ALARM'];

export function countAlarms(words: StatusWords): number {
  return ALARMS.filter((word) => words.has(word)).length;
}
