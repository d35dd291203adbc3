import type { Part } from '../jobs/part.ts';
import { CapacityForecasts, type CapacityForecastsDeps } from './capacity-forecasts.ts';

const SECOND_MS = 1_000;

export function createCapacityPart(
  deps: CapacityForecastsDeps,
): Part<{ readonly forecasts: CapacityForecasts }> {
  const forecasts = new CapacityForecasts(deps);
  return {
    shared: { forecasts },
    jobs: [{ name: 'capacity', everyMs: SECOND_MS, run: (signal) => forecasts.step(signal) }],
  };
}
