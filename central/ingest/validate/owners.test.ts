import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { batchOf, NOW, one } from '../testing/validate-rows.ts';
import { declarationSchema } from '../../../contract/custom/declaration.ts';
import { definitionOf } from '../../../contract/custom/definition.ts';
import { judgedDifferently, ownersIn } from './owners.ts';
import { SeriesRegistry } from '../../samples/series-registry.ts';
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

describe('values of a pool', () => {
  const agent = (id: string, site: string) => ({ id, kind: 'server' as const, site, unit: 'u' });
  const inventory = {
    devices: new Map(),
    agents: new Map(
      [agent('sv-1', 'dc1'), agent('sv-2', 'dc1'), agent('gw-1', 'ward')].map((each) => [each.id, each]),
    ),
    pools: [
      { id: 'pool-dc1', site: 'dc1', resource: 'vcpu' },
      { id: 'pool-cloud', site: 'dc1', resource: 'storage', agents: ['gw-1'] },
      { id: 'pool-far', site: 'nowhere', resource: 'storage' },
    ],
  };
  const sendPool = (from: string, pool: string): unknown => {
    const validator = createValidator(CATALOGUE, {}, { findOwners: ownersIn(inventory) });
    const table = one('capacity', { pool, resource: 'vcpu' }, 'used', 1);
    const { points, refusals } = validator.validate(from, batchOf(table), NOW);
    return refusals[0] === undefined ? points : `${refusals[0].code}: ${refusals[0].reason}`;
  };

  it('are taken from the agents that the inventory names for it, else from those of its site, and refused from others', () => {
    expect([
      sendPool('sv-1', 'pool-dc1'),
      sendPool('sv-2', 'pool-dc1'),
      sendPool('gw-1', 'pool-cloud'),
    ]).toEqual([1, 1, 1]);
    expect(sendPool('gw-1', 'pool-dc1')).toBe(
      'foreign-pool: capacity: pool "pool-dc1": the inventory has sv-1, sv-2 as its agent',
    );
    const ofCentral = one('pool_state', { site: 'dc1', pool: 'pool-dc1', resource: 'vcpu' }, 'used', 1);
    const central = createValidator(CATALOGUE, {}, { findOwners: ownersIn(inventory) });
    expect(central.validate('central', batchOf(ofCentral), NOW).refusals).toEqual([]);
    expect(sendPool('sv-1', 'pool-cloud')).toBe(
      'foreign-pool: capacity: pool "pool-cloud": the inventory has gw-1 as its agent',
    );
  });

  it('are taken from any agent, where the inventory does not have it, or no agent at its site', () => {
    expect([sendPool('gw-1', 'made-up'), sendPool('gw-1', 'pool-far')]).toEqual([1, 1]);
  });

  it('are taken of a thousand new ones a day, so that made-up ones do not crowd out those of others', () => {
    const validator = createValidator(CATALOGUE);
    const made = (at: number) => batchOf(one('capacity', { pool: `p-${at}`, resource: 'vcpu' }, 'used', 1));
    for (let at = 0; at < 1_000; at++) validator.validate('gw-1', made(at), NOW);
    expect(validator.validate('gw-1', made(1_000), NOW).refusals).toMatchObject([
      {
        code: 'too-many-series',
        reason: 'more than 1000 new resources of pools from one agent within a day',
      },
    ]);
    expect(validator.validate('gw-1', made(999), NOW).refusals).toEqual([]);
    expect(validator.validate('gw-2', made(1_000), NOW).refusals).toEqual([]);
  });

  it('are not counted where they are refused since their agent has too many series', () => {
    const registry = new SeriesRegistry({ maxSeriesPerAgent: 1 });
    const validator = createValidator(CATALOGUE, {}, { registry });
    const send = (at: number, nowMs: number) =>
      validator.validate(
        'gw-1',
        batchOf(one('capacity', { pool: `p-${at}`, resource: 'vcpu' }, 'used', 1)),
        nowMs,
      ).points;
    const taken = Array.from({ length: 1_100 }, (_, at) => send(at, NOW)).filter((points) => points > 0);
    expect(taken).toHaveLength(1);
    expect(send(2_000, NOW + 3_600_000)).toBe(1);
  });

  it('are judged anew once another agent is to measure it', () => {
    const moved = {
      ...inventory,
      pools: [{ id: 'pool-dc1', site: 'dc1', resource: 'vcpu', agents: ['gw-1'] }],
    };
    const isTouched = judgedDifferently(inventory, moved);
    expect([isTouched?.('pool-dc1', 'pool'), isTouched?.('pool-dc1', 'device')]).toEqual([true, false]);
    expect(judgedDifferently(inventory, { ...inventory })).toBeUndefined();
  });
});

it('what a declared measurement says of a device counts only from its owners, as everything', () => {
  const declaration = declarationSchema.parse({
    measurement: 'custom_air',
    fields: { co2_ppm: { type: 'float', unit: '[ppm]', min: 0 } },
  });
  const validator = createValidator(new Map([['custom_air', definitionOf(declaration)]]), {}, { findOwners });
  const claim = batchOf(one('custom_air', { device: 'sw-1' }, 'co2_ppm', 9));
  const from = (agent: string) => validator.validate(agent, claim, NOW).refusals.map(({ code }) => code);
  expect([from('gw-1'), from('gw-3')]).toEqual([[], ['foreign-device']]);
});
