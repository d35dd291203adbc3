import type { Sample } from '../../contract/sample.ts';
import type { CoverageCount } from './coverage-counter.ts';
import { definedFields } from './defined-fields.ts';
import { MIN_SAMPLES } from './radio-sample.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** Pure. As central stores one minute of it. A share stands there only where there are enough samples for one. `place`: of the unit, if known. */
export function coverageSample(
  count: CoverageCount,
  minuteMs: number,
  place?: { readonly latitude: number; readonly longitude: number },
): Sample {
  const { unit, operator, rat, samples, covered, modems, dips, dipS, fallBacks } = count;
  return {
    measurement: 'coverage',
    tags: { unit, ...(operator !== undefined && { operator }), ...(rat !== undefined && { rat }) },
    fields: {
      samples,
      samples_covered: covered,
      modems_count: modems,
      sufficient: samples >= MIN_SAMPLES,
      ...(samples >= MIN_SAMPLES && shareFields(covered, samples)),
      ...definedFields({ rsrp_p50_dbm: count.rsrpP50Dbm, sinr_p50_db: count.sinrP50Db }),
      dips_count: dips,
      dip_s: dipS,
      fallbacks_count: fallBacks,
      ...(place && { latitude: place.latitude, longitude: place.longitude }),
    },
    timeMs: minuteMs,
  };
}

function shareFields(covered: number, samples: number) {
  const { low, high } = wilsonInterval(covered, samples);
  return {
    radio_availability_pct: (100 * covered) / samples,
    radio_availability_low_pct: 100 * low,
    radio_availability_high_pct: 100 * high,
  };
}
