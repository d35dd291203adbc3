import { beforeEach, describe, expect, it } from 'vitest';
import type { Device, Link, Site } from '../../../contract/inventory.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import { LiveRows } from '../testing/live-rows.ts';
import { MAX_LINKS, planLinks } from './link-plan.ts';
import { readTraffic } from './live-traffic.ts';
import { trafficByUnit, trafficOfAll, unitTrafficSample, type UnitTraffic } from './unit-traffic.ts';

const { signal } = new AbortController();
const NOW_MS = 1_800_000_000_000;
const [A, B] = ['26734', '26737'];
const PLACE = { longitude: 106.69, latitude: 10.79 };

function site(id: string, unit: string, kind: Site['kind'], ...parents: string[]): [string, Site] {
  return [id, { id, unit, kind, name: id, ...PLACE, ...(parents.length > 0 && { parents }) }];
}

/** Ward A has the hub and two sites in a row, the second of which feeds a site of ward B. */
const SITES = new Map([
  site('core', A, 'city'),
  site('hub', A, 'hub', 'core'),
  site('a-1', A, 'site', 'hub'),
  site('a-2', A, 'site', 'a-1'),
  site('b-1', B, 'site', 'a-2', 'hub'),
]);

function link(upper: string, lower: string, order: 'down' | 'up' = 'down'): [string, Link] {
  const ends: Link['ends'] = [
    { site: upper, device: `n-${upper}`, interface: `to-${lower}` },
    { site: lower, device: `n-${lower}`, interface: `to-${upper}` },
  ];
  const id = `${upper}-${lower}`;
  return [id, { id, kind: 'fibre', capacityBps: 1_000, ends: order === 'down' ? ends : [ends[1], ends[0]] }];
}

const LINKS = new Map([
  link('core', 'hub'),
  link('hub', 'a-1', 'up'),
  link('a-1', 'a-2'),
  link('a-2', 'b-1'),
  link('hub', 'b-1'),
]);
const PLAN = planLinks({ links: LINKS, sites: SITES });
const DEVICES = new Map<string, Device>(
  [...SITES.values()].map(({ id, unit }) => {
    return [`n-${id}`, { id: `n-${id}`, kind: 'node', site: id, unit, agent: 'gw-1' }];
  }),
);

let live: LiveRows;
let phase: 'live' | 'silent';
beforeEach(() => {
  live = new LiveRows();
  phase = 'live';
});

/** A port of the line between two sites, at the first of them. */
function port(at: string, to: string, fields: Readonly<Record<string, FieldValue>>, ageMs = 0): void {
  live.send(NOW_MS - ageMs, { device: `n-${at}`, interface: `to-${to}` }, fields, 'interface');
}

const rates = (inBps: number, outBps: number) => ({ in_bps: inBps, out_bps: outBps });

async function read() {
  const registry = { get: () => ({ phase, intervalMs: 10_000 }), clockCorrectionOf: () => 0 };
  const traffic = await readTraffic(
    { latest: live.latest, registry, inventory: { devices: DEVICES } },
    PLAN,
    NOW_MS,
    signal,
  );
  const byId = new Map([...traffic.links].map(([{ id }, of]) => [id, of]));
  return { ...traffic, byId, units: trafficByUnit(PLAN.links, traffic.links) };
}

describe('a line between two sites', () => {
  it('leads away from the core, whichever end was declared first; one that carries others comes first', () => {
    expect(
      PLAN.links.map(({ id, source, target, into, outOf }) => [id, source, target, into, outOf]),
    ).toEqual([
      ['core-hub', 'core', 'hub', undefined, undefined],
      ['hub-a-1', 'hub', 'a-1', A, undefined],
      ['a-1-a-2', 'a-1', 'a-2', undefined, undefined],
      ['a-2-b-1', 'a-2', 'b-1', B, A],
      ['hub-b-1', 'hub', 'b-1', B, undefined],
    ]);
  });

  it('is one of 2,000 at most', () => {
    const many = Array.from({ length: MAX_LINKS + 5 }, (_, at): [string, Link] => {
      const [, made] = link('hub', 'a-1');
      return [`l-${at}`, { ...made, id: `l-${at}` }];
    });
    const plan = planLinks({ links: new Map(many), sites: SITES });
    expect([plan.links.length, plan.leftOut]).toEqual([MAX_LINKS, 5]);
  });

  it('is measured at both ends, and counts once, as its lower end has it', async () => {
    port('a-1', 'hub', rates(800, 100));
    port('hub', 'a-1', rates(101, 799));
    expect((await read()).byId.get('hub-a-1')).toMatchObject({ inBps: 800, outBps: 100, utilizationPct: 80 });
  });

  it('is what its upper end says while the lower one is silent, or down', async () => {
    port('hub', 'a-1', rates(101, 799));
    expect((await read()).byId.get('hub-a-1')).toMatchObject({ inBps: 799, outBps: 101 });
    port('a-1', 'hub', { oper_status: 2 });
    expect((await read()).byId.get('hub-a-1')).toMatchObject({ inBps: 799, outBps: 101 });
  });

  it('is not known from values of more than three intervals ago, nor of an agent that is silent', async () => {
    port('a-1', 'hub', rates(800, 100), 30_001);
    expect((await read()).byId.size).toBe(0);
    port('a-1', 'hub', rates(800, 100));
    expect((await read()).byId.size).toBe(1);
    phase = 'silent';
    expect((await read()).byId.size).toBe(0);
  });

  it('says how full it is as its port measures it, and nothing where that cannot be', async () => {
    port('a-1', 'hub', { ...rates(800, 100), utilization_pct: 42 });
    port('b-1', 'hub', rates(5_000, 0));
    const { byId } = await read();
    expect(byId.get('hub-a-1')?.utilizationPct).toBe(42);
    expect(byId.get('hub-b-1')).toMatchObject({ inBps: 5_000, utilizationPct: undefined });
  });
});

describe('the traffic of a ward', () => {
  it('is what its lines bring, less what it passes on, without lines of its own and those of the network', async () => {
    port('hub', 'core', rates(9_000, 9_000));
    port('a-1', 'hub', rates(800, 100));
    port('a-2', 'a-1', rates(700, 90));
    port('b-1', 'a-2', rates(300, 30));
    port('b-1', 'hub', rates(200, 20));
    const { units } = await read();
    expect(units.get(A)).toMatchObject({ inBps: 500, outBps: 70, links: 1, measuredLinks: 1 });
    expect(units.get(B)).toMatchObject({ inBps: 500, outBps: 50, links: 2, measuredLinks: 2 });
    expect(trafficOfAll(units.values())).toMatchObject({ inBps: 1_000, outBps: 120, links: 3 });
  });

  it('is that of the lines that are known; without any there is none, and not 0', async () => {
    port('b-1', 'hub', rates(200, 20));
    const { units } = await read();
    expect(units.get(B)).toMatchObject({ inBps: 200, links: 2, measuredLinks: 1 });
    expect(units.get(A)).toMatchObject({ inBps: undefined, outBps: undefined, links: 1, measuredLinks: 0 });
    expect(fields(A, units.get(A))).toEqual({ links_count: 1, links_measured_count: 0 });
    expect(trafficOfAll(units.values())).toMatchObject({ inBps: 200 });
  });

  it('is not known where something passes through that is not', async () => {
    port('a-1', 'hub', rates(800, 100));
    expect((await read()).units.get(A)).toMatchObject({ inBps: undefined, outBps: undefined });
  });

  it('is never less than nothing, since two ports are not read at once', async () => {
    port('a-1', 'hub', rates(100, 10));
    port('b-1', 'a-2', rates(120, 12));
    expect((await read()).units.get(A)).toMatchObject({ inBps: 0, outBps: 0 });
  });

  it('has the medians of what its devices ping, in whichever order and to wherever', async () => {
    for (const [target, rttMs, lossPct] of [
      ['x', 9, 0],
      ['y', 4, 100],
      ['z', 5, 10],
    ] as const)
      live.send(
        NOW_MS,
        { device: 'n-b-1', target },
        { average_response_ms: rttMs, percent_packet_loss: lossPct },
        'ping',
      );
    const { byUnit, bySite } = await read();
    expect(fields(B, undefined, byUnit.get(B))).toEqual({ latency_ms: 5, loss_pct: 10 });
    expect(bySite.get('b-1')?.rttMs).toHaveLength(3);
    expect(unitTrafficSample(A, undefined, byUnit.get(A), NOW_MS)).toBeUndefined();
  });
});

function fields(
  unit: string,
  traffic: UnitTraffic | undefined,
  trips?: { rttMs: number[]; lossPct: number[] },
) {
  return unitTrafficSample(unit, traffic, trips, NOW_MS)?.fields;
}
