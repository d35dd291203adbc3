const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** As rule files have it: `15m`, `90s`. Whole seconds. Pure. */
export function describeMs(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, size]) => ms !== 0 && ms % size === 0) ?? ['s', 1_000];
  return `${ms / unitMs}${unit}`;
}
