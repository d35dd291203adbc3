import { expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import type { Device, Unit } from '../../contract/inventory.ts';
import { CoverageRollup } from './coverage-rollup.ts';
import { LiveRows } from './testing/live-rows.ts';

const MINUTE_MS = 60_000;
const START_MS = 1_800_000_000_000;
const UNIT: Unit = {
  ...{ code: '26734', name: 'Phường Một', nameEn: 'Ward One', kind: 'ward' },
  ...{ longitude: 106.7, latitude: 10.78, areaKm2: 2 },
};
const MODEM: Device = { id: 'm-1', kind: 'modem', agent: 'gw-1', site: 'site-1', unit: '26734' };

it('each minute is written once, by its begin, when it is over', () => {
  const modems = new LiveRows();
  const written: Sample[] = [];
  let nowMs = START_MS;
  const rollup = new CoverageRollup({
    latest: modems.latest,
    registry: { clockCorrectionOf: () => 0 },
    inventory: { devices: new Map([[MODEM.id, MODEM]]), units: new Map([[UNIT.code, UNIT]]) },
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
  expect(rollup.lastMinute).toEqual(new Map());
  rollup.look();
  expect(written.map(({ timeMs }) => timeMs)).toEqual([START_MS, START_MS + 2 * MINUTE_MS]);
  // A map needs nothing else.
  expect(written[0]?.fields).toMatchObject({ latitude: 10.78, longitude: 106.7 });
  expect(rollup.lastMinute).toEqual(new Map([['26734', { samples: 6, covered: 6 }]]));
});
