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

export function statusFlags(words: StatusWords): number {
  return Object.entries(BITS).reduce(
    (flags, [word, bit]) => (words.has(word) ? flags | (1 << bit) : flags),
    0,
  );
}

/** upsOutputSource (RFC 1628); the first that applies: the source of power before its regulation. */
const OUTPUT_SOURCES = [
  ['OB', 5],
  ['OFF', 2],
  ['BYPASS', 4],
  ['BOOST', 6],
  ['TRIM', 7],
  ['OL', 3],
] as const;

export function outputSource(words: StatusWords): number | undefined {
  return OUTPUT_SOURCES.find(([word]) => words.has(word))?.[1];
}

const BATTERY_NORMAL = 2;
const BATTERY_LOW = 3;

/** upsBatteryStatus (RFC 1628). `FSD`: the server shuts its clients down, because the battery is nearly empty. */
export function batteryStatus(words: StatusWords): number {
  return words.has('LB') || words.has('FSD') ? BATTERY_LOW : BATTERY_NORMAL;
}

/** Those that are alarms in upsAlarmTable (RFC 1628) too: on battery, low, to be replaced, overload, bypass, fault. */
const ALARMS = ['OB', 'LB', 'RB', 'OVER', 'BYPASS', 'ALARM'];

export function countAlarms(words: StatusWords): number {
  return ALARMS.filter((word) => words.has(word)).length;
}
