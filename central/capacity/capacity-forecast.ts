import type { Sample } from '../../contract/sample.ts';
import type { CapacityKind } from './capacity-kinds.ts';
import type { Forecast } from './forecast/forecast-full.ts';

/** Of one pool and resource, file system or storage. */
export interface CapacityForecast {
  readonly kind: CapacityKind;
  /** Those that tell it from others, where it has them: see `capacity-kinds.ts`. */
  readonly tags: Readonly<Record<string, string>>;
  /** Who measures it, and where that is, as the newest row has it. */
  readonly agent: string;
  readonly unit: string | undefined;
  readonly site: string | undefined;
  /** Unix time, ms. Days are counted from then on. */
  readonly madeAtMs: number;
  readonly forecast: Forecast;
  /** Mean of the last 24 h, of what fits. */
  readonly usedPercent: number;
  /** Whole days from the first to the last value. */
  readonly historyDays: number;
  /** In the unit of what is measured; undefined: too little history. */
  readonly growthPerDay: number | undefined;
}

/** What makes the forecasts, as it is called in samples and answers. */
export const METHOD = 'weighted_growth';

/** As central stores it. Without a date there are no days to full. */
export function forecastSample(found: CapacityForecast): Sample {
  const { tags, madeAtMs, forecast, usedPercent, historyDays, growthPerDay } = found;
  return {
    measurement: 'capacity_forecast',
    tags,
    fields: {
      ...(forecast.outcome === 'dated' && {
        days_to_full_p10: forecast.earlyDays,
        days_to_full_p50: forecast.middleDays,
        days_to_full_p90: forecast.lateDays,
        backtests: forecast.comparedWith,
      }),
      history_days: historyDays,
      ...(growthPerDay !== undefined && { slope_per_day: growthPerDay }),
      used_pct: usedPercent,
      model: METHOD,
    },
    timeMs: madeAtMs,
  };
}
