import { chance, seedOf } from './noise.ts';
import { localMs } from './rhythm.ts';
import { clamp } from './rounding.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SHOWERS_A_DAY = 5;
/** Rainy season: May to November (0 is January). */
const RAINY_SEASON = { fromMonth: 4, toMonth: 10 };

interface Shower {
  readonly longitude: number;
  readonly latitude: number;
  readonly radiusDeg: number;
  readonly strength: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** 0 (dry) … 1 (cloudburst), at a place and time. */
export type Rain = (
  place: { readonly longitude: number; readonly latitude: number },
  timeMs: number,
) => number;

/** Tropical showers, mostly in the afternoons of the rainy season, each over a part of the city. Pure. */
export function createRain(seed: number): Rain {
  const key = seedOf(`${seed} rain`);
  let today: { readonly day: number; readonly showers: readonly Shower[] } | undefined;
  return (place, timeMs) => {
    const day = Math.floor(localMs(timeMs) / DAY_MS);
    if (today?.day !== day) today = { day, showers: showersOf(key, day) };
    let rain = 0;
    for (const shower of today.showers) rain = Math.max(rain, intensity(shower, place, timeMs));
    return rain;
  };
}

function showersOf(key: number, day: number): Shower[] {
  const month = new Date(day * DAY_MS).getUTCMonth();
  const likely = month >= RAINY_SEASON.fromMonth && month <= RAINY_SEASON.toMonth ? 0.6 : 0.08;
  const showers: Shower[] = [];
  for (let number = 0; number < SHOWERS_A_DAY; number++) {
    const draw = (what: number): number => chance(key, (day * SHOWERS_A_DAY + number) * 8 + what);
    if (draw(0) >= likely) continue;
    const fromMs = day * DAY_MS - localMs(0) + (11 + 8 * draw(1)) * HOUR_MS;
    showers.push({
      longitude: 106.3 + 0.9 * draw(2),
      latitude: 10.4 + 1 * draw(3),
      radiusDeg: 0.1 + 0.2 * draw(4),
      strength: 0.3 + 0.7 * draw(5),
      fromMs,
      toMs: fromMs + (0.5 + 2 * draw(6)) * HOUR_MS,
    });
  }
  return showers;
}

function intensity(
  shower: Shower,
  { longitude, latitude }: { readonly longitude: number; readonly latitude: number },
  timeMs: number,
): number {
  if (timeMs <= shower.fromMs || timeMs >= shower.toMs) return 0;
  const [east, north] = [longitude - shower.longitude, latitude - shower.latitude];
  const near = 1 - (east * east + north * north) / (shower.radiusDeg * shower.radiusDeg);
  if (near <= 0) return 0;
  const part = (timeMs - shower.fromMs) / (shower.toMs - shower.fromMs);
  return clamp(shower.strength * near * 4 * part * (1 - part), 0, 1);
}
