import { describe, expect, it } from 'vitest';
import { batchOf, check, NOW, ping } from '../testing/validate-rows.ts';
import { createValidator } from './validator.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** One row, measured 700 ms before its batch by an agent whose clock is off. */
function timeOf(errorMs: number, sample: { readonly ageMs: number }): number | undefined {
  const sent = batchOf(ping([['gw-1', '10.0.0.1'], -700, [12.5, 0]]));
  const batch = { ...sent, sentAtMs: NOW + errorMs, baseMs: NOW + errorMs - sample.ageMs };
  const { tables } = createValidator(CATALOGUE).validate('gw-1', batch, NOW);
  return tables[0]?.rows[0]?.timeMs;
}

describe('an agent whose clock is wrong', () => {
  it('is not mute: what could never be stored by its own time is stored by that of central', () => {
    expect(timeOf(HOUR_MS, { ageMs: 0 })).toBe(NOW - 700);
    expect(timeOf(-NOW, { ageMs: 5_000 })).toBe(NOW - 5_700);
    expect(timeOf(8 * DAY_MS, { ageMs: HOUR_MS })).toBe(NOW - HOUR_MS - 700);
  });

  it('keeps its own times where they are possible', () => {
    expect(timeOf(240_000, { ageMs: 0 })).toBe(NOW + 240_000 - 700);
    expect(timeOf(-HOUR_MS, { ageMs: 0 })).toBe(NOW - HOUR_MS - 700);
    // From before its clock was set forward.
    expect(timeOf(HOUR_MS, { ageMs: 2 * HOUR_MS })).toBe(NOW - HOUR_MS - 700);
  });

  it('and one whose clock is right cannot send samples from the future', () => {
    const row = [['gw-1', '10.0.0.1'], HOUR_MS, [12.5, 0]];
    expect(check(ping(row)).refusals).toMatchObject([{ code: 'future' }]);
  });
});
