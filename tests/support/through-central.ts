import { decodeBatch, encodeBatch, encodeSamples } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { createValidator } from '../../central/ingest/validate/validator.ts';

export interface ThroughCentral {
  readonly points: number;
  /** Refusals as texts. */
  readonly refusals: readonly string[];
}

/** Encodes samples as batches and returns what central's validator makes of them. */
export function throughCentral(samples: readonly Sample[], nowMs = Date.now()): ThroughCentral {
  const { bodies, oversize } = encodeSamples(samples);
  const validator = createValidator(CATALOGUE);
  let points = 0;
  const refusals = oversize.map(({ sample }) => `oversize: ${sample.measurement}`);
  for (const [index, { bytes }] of bodies.entries()) {
    const header = { epoch: 'k3f9a2c1', seq: index + 1, lowest: 1, sentAtMs: nowMs, backfill: false };
    const checked = validator.validate('gw-1', decodeBatch(encodeBatch(header, bytes)), nowMs);
    points += checked.points;
    refusals.push(...checked.refusals.map(({ code, reason }) => `${code}: ${reason}`));
  }
  return { points, refusals };
}
