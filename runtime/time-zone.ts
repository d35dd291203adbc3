const HOUR_MS = 3_600_000;

/** A name of the IANA time zone database, such as `Asia/Ho_Chi_Minh` or `UTC`. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Local time minus UTC, ms: 25,200,000 in `Asia/Ho_Chi_Minh`. Pure. Throws a RangeError for a zone that does not exist. */
export function utcOffsetMs(zone: string, atMs: number): number {
  return offsetReader(zone)(atMs);
}

/** The same for many times. */
export function offsetReader(zone: string): (atMs: number) => number {
  const formatter = formatterOf(zone);
  return (atMs) => {
    const parts = formatter.formatToParts(atMs);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    // `GMT`, `GMT+07:00` or, long ago, `GMT+07:06:30`.
    const [, sign, hours = 0, minutes = 0, seconds = 0] =
      /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? [];
    const offsetMs = Number(hours) * HOUR_MS + Number(minutes) * 60_000 + Number(seconds) * 1_000;
    return sign === '-' ? -offsetMs : offsetMs;
  };
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
}
