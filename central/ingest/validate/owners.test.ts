import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { batchOf, NOW, one } from '../testing/validate-rows.ts';
import { createValidator } from './validator.ts';

const owners: Readonly<Record<string, readonly string[]>> = { 'sw-1': ['gw-1'], 'sw-2': ['gw-1', 'gw-2'] };
const findOwners = (device: string): readonly string[] | undefined => owners[device];

function send(agent: string, tags: Record<string, string>, table = one('device', tags, 'up', true)): unknown {
  const validator = createValidator(CATALOGUE, {}, { findOwners });
  const { points, refusals } = validator.validate(agent, batchOf(table), NOW);
  return refusals[0]?.reason ?? points;
}

describe('values of a device', () => {
  it('are taken from each of its owners', () => {
    expect([send('gw-1', { device: 'sw-1' }), send('gw-2', { device: 'sw-2' })]).toEqual([1, 1]);
  });

  it('are refused by name from any other agent, whichever tag names the device', () => {
    expect(send('gw-3', { device: 'sw-2' })).toBe(
      'device: device "sw-2": the inventory has gw-1, gw-2 as its agent',
    );
    expect(send('gw-2', {}, one('system', { host: 'sw-1' }, 'load1', 1))).toBe(
      'system: host "sw-1": the inventory has gw-1 as its agent',
    );
  });

  it('are taken from any agent, where the inventory does not have the device', () => {
    expect(send('gw-3', { device: 'made-up' })).toBe(1);
  });

  it('are refused in every batch, and do not count against the number of series', () => {
    const validator = createValidator(CATALOGUE, {}, { findOwners });
    const claim = batchOf(one('device', { device: 'sw-1' }, 'up', true));
    for (const round of [1, 2, 3]) {
      const { refusals } = validator.validate('gw-2', claim, NOW);
      expect([round, refusals.map(({ code }) => code)]).toEqual([round, ['foreign-device']]);
    }
  });
});
