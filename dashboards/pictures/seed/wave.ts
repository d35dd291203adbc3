import { hash01 } from '../../../simulators/city/noise.ts';

/** In 0…1, the same for the same key and minute. */
export function noise(key: string, minute = 0): number {
  return hash01(key, minute);
}

/** Around 0, within ±1: slow waves and a little unrest, told apart by `key`. */
export function drift(key: string, minute: number): number {
  const turn = 2 * Math.PI * noise(key);
  return (
    0.5 * Math.sin(minute / 37 + turn) +
    0.25 * Math.sin(minute / 11 + 3 * turn) +
    0.5 * (noise(key, minute) - 0.5)
  );
}

/** Share of the busiest hour, by local time (UTC+7): a day's rhythm of offices and homes. */
export function rhythm(timeMs: number): number {
  const hour = ((timeMs / 3_600_000 + 7) % 24) + 0;
  const office = Math.exp(-(((hour - 10.5) / 3.2) ** 2)) + 0.9 * Math.exp(-(((hour - 15) / 2.6) ** 2));
  const evening = Math.exp(-(((hour - 20.5) / 2.8) ** 2));
  return 0.18 + 0.62 * Math.min(1, office) + 0.55 * Math.min(1, evening);
}

export function rounded(value: number, decimals = 2): number {
  return Number(value.toFixed(decimals));
}
