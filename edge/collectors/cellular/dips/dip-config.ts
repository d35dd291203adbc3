import { z } from 'zod';
import { fallenBack, levelBelow, notRegistered, qualityBelow, type DipRule } from './rules.ts';

/** Thresholds of dips. Defaults: 10 s below −110 dBm, below 0 dB, unregistered or below 5G; ends after 10 s at limit + 3 dB. */
export const dipConfigSchema = z.strictObject({
  rsrpBelowDbm: z.number().min(-156).max(-31).default(-110),
  sinrBelowDb: z.number().min(-23).max(40).default(0),
  /** A dip ends this far above its limit. */
  deadbandDb: z.number().min(0).max(20).default(3),
  openAfterMs: z.int().min(1_000).max(3_600_000).default(10_000),
  closeAfterMs: z.int().min(0).max(3_600_000).default(10_000),
});
export type DipConfig = z.infer<typeof dipConfigSchema>;

/** Readings come once a second; a modem that is busy skips a few. */
export const MAX_GAP_MS = 5_000;
/** A modem re-enumerates, or an agent is upgraded, within this. */
const HOLD_MS = 300_000;

/** `generation`: the best that the modem and its contract have; less is a fall-back. */
export function dipRules(config: DipConfig, generation: number): readonly DipRule[] {
  const { openAfterMs, closeAfterMs, deadbandDb } = config;
  const times = { openAfterMs, closeAfterMs, maxGapMs: MAX_GAP_MS, holdMs: HOLD_MS, generation };
  return [
    { name: 'level', kind: 'level', evaluate: levelBelow(config.rsrpBelowDbm, deadbandDb), ...times },
    { name: 'quality', kind: 'quality', evaluate: qualityBelow(config.sinrBelowDb, deadbandDb), ...times },
    { name: 'no_registration', kind: 'no_registration', evaluate: notRegistered, ...times },
    { name: 'fall_back', kind: 'fall_back', evaluate: fallenBack(generation), ...times },
  ];
}
