import { expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import type { Device } from '../../contract/inventory.ts';
import { CoverageRollup } from './coverage-rollup.ts';
import { Modems } from './testing/modems.ts';

const MINUTE_MS = 60_000;
const START_MS = 1_800_000_000_000;
const MODEM: Device = { id: 'm-1', kind: 'modem', agent: 'gw-1', site: 'site-1', unit: '26734' };

it('each minute is written once, by its begin, when it is over', () => {
  const modems = new Modems();
  const written: Sample[] = [];
  let nowMs = START_MS;
  const rollup = new CoverageRollup({
    latest: modems.latest,
    registry: { clockCorrectionOf: () => 0 },
    inventory: { devices: new Map([[MODEM.id, MODEM]]) },
    own: { write: (samples) => written.push(...samples) },
    clock: { now: () => nowMs },
  });
  const tags = { device: 'm-1', operator: 'viettel', rat: 'nr' };
  for (; nowMs < START_MS + 3 * MINUTE_MS; nowMs += 10_000) {
    // Nothing is measured in the second minute.
    const isSilent = nowMs >= START_MS + MINUTE_MS && nowMs < START_MS + 2 * MINUTE_MS;
    if (!isSilent) modems.send(nowMs, tags, { rsrp_dbm: -90, registered: true });
    rollup.look();
  }
  expect(written.map(({ timeMs, fields }) => [timeMs, fields['samples']])).toEqual([[START_MS, 6]]);
  rollup.look();
  expect(written.map(({ timeMs }) => timeMs)).toEqual([START_MS, START_MS + 2 * MINUTE_MS]);
});
