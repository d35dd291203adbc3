import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { KindHarness } from '../../testing/kind-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../load-rules.ts';

const MINUTE_S = 60;
const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) => id === 'device_storage_full');
let harness: KindHarness;
beforeEach(() => {
  harness = new KindHarness();
  harness.start(rules);
});
afterEach(() => harness.end());

/** A device says this for an hour. */
function told(storage: string, type: string, usedPct: number | undefined): string[] {
  for (let atS = 0; atS < 60 * MINUTE_S; atS += 5 * MINUTE_S)
    harness.send(atS, {
      measurement: 'device_storage',
      tags: { device: 'd-1', storage, type },
      fields: { total_bytes: 1_000, used_bytes: 1_000, used_pct: usedPct },
    });
  return harness.recorded.map(
    ({ event, alert }) => `${alert.entity['storage']} ${event.kind} ${event.severity}`,
  );
}

it.each([
  ['C:', 'fixed_disk'],
  ['Flash', 'flash_memory'],
])('nearly full, %s of type %s is told', (storage, type) => {
  expect(told(storage, type, 99.7)).toEqual([`${storage} fired major`]);
});

it.each([
  ['Cached memory', 'other', 100],
  ['Shared memory', 'other', 100],
  ['Physical memory', 'ram', 99],
  ['Swap space', 'virtual_memory', 100],
  // Without a share: it is always full.
  ['/rom', 'fixed_disk', undefined],
])('always full, %s of type %s is not', (storage, type, usedPct) => {
  expect(told(storage, type, usedPct)).toEqual([]);
});
