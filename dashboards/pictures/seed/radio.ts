import type { Sample } from '../../../contract/sample.ts';
import { INVENTORY, SHOWN_UNIT } from './story.ts';
import { drift, noise, rounded } from './wave.ts';

const NETWORKS = [
  { operator: 'viettel', rat: 'nr', share: 98.9, rsrpDbm: -82 },
  { operator: 'vinaphone', rat: 'nr', share: 98.1, rsrpDbm: -85 },
  { operator: 'mobifone', rat: 'nr', share: 97.4, rsrpDbm: -87 },
] as const;
const MINUTES = 360;
const TESTED_EVERY_MIN = 30;
const TESTED_UNITS = 40;
const SILENT_UNIT = '26732';
const SILENT_MIN = 95;

interface Dip {
  readonly unit: string;
  readonly operator: string;
  readonly fromMin: number;
  readonly untilMin: number;
  readonly depthPct: number;
}

const DIPS: readonly Dip[] = [
  ...['26506', '26526', '26536', '26542'].map((unit) => ({
    ...{ unit, operator: 'vinaphone', fromMin: 92, untilMin: 70, depthPct: 34 },
  })),
  { unit: '26506', operator: 'vinaphone', fromMin: 26, untilMin: 0, depthPct: 22 },
  { unit: SHOWN_UNIT, operator: 'mobifone', fromMin: 120, untilMin: 104, depthPct: 28 },
  { unit: '27664', operator: 'mobifone', fromMin: 400, untilMin: 0, depthPct: 11 },
  { unit: '27676', operator: 'viettel', fromMin: 400, untilMin: 0, depthPct: 7 },
];

/** Coverage of each unit by operator, with dips, and speed tests of its access lines. */
export function* radioSamples(toMs: number): Generator<Sample> {
  for (let minute = MINUTES; minute >= 0; minute--) {
    const timeMs = toMs - minute * 60_000;
    for (const [at, unit] of INVENTORY.units.entries()) {
      if (unit.code === SILENT_UNIT && minute < SILENT_MIN) continue;
      for (const network of NETWORKS) yield coverage(unit.code, unit, network, timeMs, minute);
      if (at < TESTED_UNITS && minute % TESTED_EVERY_MIN === 0) yield speed(unit.code, timeMs, minute);
    }
  }
}

function coverage(
  unit: string,
  { latitude, longitude }: { readonly latitude: number; readonly longitude: number },
  { operator, rat, share, rsrpDbm }: (typeof NETWORKS)[number],
  timeMs: number,
  minute: number,
): Sample {
  const key = `${unit}${operator}`;
  const dip = DIPS.find(
    (each) =>
      each.unit === unit && each.operator === operator && minute <= each.fromMin && minute >= each.untilMin,
  );
  const down = dip === undefined ? 0 : dip.depthPct * (0.85 + 0.3 * noise(key, minute));
  const available = Math.min(100, share + 1.1 * (noise(key) - 0.5) + 0.7 * drift(key, minute) - down);
  const count = Math.round(280 + 40 * noise(key));
  return {
    measurement: 'coverage',
    tags: { unit, operator, rat },
    fields: {
      samples: count,
      samples_covered: Math.round((count * available) / 100),
      modems_count: 2,
      sufficient: true,
      radio_availability_pct: rounded(available),
      rsrp_p50_dbm: rounded(rsrpDbm + 8 * (noise(key) - 0.5) + drift(key, minute) - down / 3, 1),
      sinr_p50_db: rounded(17 + 5 * (noise(`${key}s`) - 0.5) + drift(key, minute) - down / 4, 1),
      dips_count:
        dip !== undefined && noise(key, minute) > 0.4 ? 1 : noise(`${key}d`, minute) > 0.99996 ? 1 : 0,
      dip_s: dip === undefined ? 0 : Math.round(18 + 20 * noise(key, minute)),
      fallbacks_count: noise(`${key}f`, minute) > (dip === undefined ? 0.99998 : 0.85) ? 1 : 0,
      latitude,
      longitude,
    },
    timeMs,
  };
}

function speed(unit: string, timeMs: number, minute: number): Sample {
  const isp = ['viettel', 'vnpt', 'fpt'][Math.floor(3 * noise(unit))] ?? 'vnpt';
  const isSlow = unit === '25942';
  const share = isSlow
    ? 38 + 4 * drift(unit, minute)
    : 94 + 8 * drift(unit, minute) + 6 * (noise(`${unit}s`) - 0.5);
  return {
    measurement: 'internet_speed',
    tags: { unit, line: `line-${unit}-01`, isp },
    fields: {
      download: rounded(3 * share, 1),
      upload: rounded(2.8 * share * (0.9 + 0.1 * noise(unit)), 1),
      contracted_download_mbps: 300,
      download_share_pct: rounded(share, 1),
      latency: rounded(3 + 6 * noise(`${unit}l`) + (isSlow ? 21 : 0), 1),
      status: 'ok',
    },
    timeMs,
  };
}
