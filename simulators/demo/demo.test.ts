import { beforeEach, describe, expect, it } from 'vitest';
import { buildCity } from '../city/build-city.ts';
import type { CityModel } from '../city/city.ts';
import { DemoCity, MOST_UNDER_WAY, type StartedFault } from './demo-city.ts';
import { DEMO_KINDS, demoMessageSchema, type DemoKind } from './demo-fault.ts';
import { DemoFaults } from './demo-faults.ts';

const START_MS = Date.UTC(2026, 2, 2, 3);
const MINUTE_MS = 60_000;
let nowMs = START_MS;
let demo: DemoCity;
let city: CityModel;
let faults: DemoFaults;

beforeEach(() => {
  nowMs = START_MS;
  faults = new DemoFaults();
  city = faults.applyTo(
    buildCity({
      seed: 7,
      unitCount: 12,
      faults: () => faults.over({ track: () => NEVER, between: () => [] }),
    }),
  );
  demo = new DemoCity({
    inventory: city.inventory,
    now: () => nowMs,
    // As between two programs.
    send: (demoFaults) =>
      faults.set(demoMessageSchema.parse(JSON.parse(JSON.stringify({ demoFaults }))).demoFaults),
  });
});

const NEVER = { at: () => undefined, endedBy: () => undefined };

function start(kind: DemoKind): StartedFault {
  const started = demo.start({ kind, by: 'lan' });
  if (typeof started === 'string') throw new Error(started);
  return started;
}

function agentsAt(site: string): string[] {
  return city.inventory.agents.filter((agent) => agent.site === site).map(({ id }) => id);
}

const fieldsOf = (agent: string, measurement: string, atMs = nowMs) =>
  (city.samplesAt(agent, atMs) ?? [])
    .filter((sample) => sample.measurement === measurement)
    .map(({ fields }) => fields);

describe('a newcomer breaks the simulated city', () => {
  it('in seven ways, each with a target of this city', () => {
    expect(demo.kinds().map(({ kind }) => kind)).toEqual(DEMO_KINDS);
    for (const { suggested, title, explanation } of demo.kinds())
      expect(
        [suggested, title.vi, title.en, explanation.vi, explanation.en].every((text) => text !== ''),
      ).toBe(true);
  });

  it('cuts a fibre: what is behind the hub is cut off, until it mends itself', () => {
    const { target, toMs } = start('fibre-cut');
    const [gateway = ''] = agentsAt(target);
    expect(city.conditionAt(gateway, nowMs)).toBe('cut_off');
    const behind = city.inventory.sites.filter(({ parents }) => parents?.[0] === target);
    expect(behind.length).toBeGreaterThan(0);
    for (const { id } of behind)
      for (const agent of agentsAt(id)) expect(city.conditionAt(agent, nowMs), agent).toBe('cut_off');
    expect(city.faultsBetween(nowMs, nowMs + 1)).toMatchObject([{ kind: 'hub_uplink_cut', target }]);
    expect(city.conditionAt(gateway, toMs)).toBe('connected');
  });

  it('cuts the power: the battery carries the site, and is charged again afterwards', () => {
    const { target, id } = start('power-cut');
    const [gateway = ''] = agentsAt(target);
    nowMs += MINUTE_MS;
    expect(fieldsOf(gateway, 'power')).toMatchObject([{ on_battery: true }]);
    expect(demo.end(id)).toBe(true);
    expect(fieldsOf(gateway, 'power', nowMs + 1)).toMatchObject([{ on_battery: false }]);
  });

  it('kills a gateway, which measures nothing any more', () => {
    const { target } = start('gateway-dead');
    expect([city.conditionAt(target, nowMs), city.samplesAt(target, nowMs)]).toEqual(['dark', undefined]);
  });

  it('dips 5G over a ward and fills a disk', () => {
    const { target: unit } = start('5g-dip');
    const modem = city.inventory.devices.find((device) => device.unit === unit && device.kind === 'modem');
    const hears = modem?.agent ?? '';
    const inDip = fieldsOf(hears, 'cellular')[0]?.['rsrp_dbm'] as number;
    const before = fieldsOf(hears, 'cellular', nowMs - 1)[0]?.['rsrp_dbm'] as number;
    expect(inDip).toBeLessThan(before - 10);
    const { target: server } = start('storage-filling');
    const usedAt = (atMs: number) => fieldsOf(server, 'disk', atMs)[0]?.['used_percent'] as number;
    expect(usedAt(nowMs + 20 * MINUTE_MS)).toBeGreaterThan(usedAt(nowMs) + 3);
  });

  it('lets a certificate run out, which is a renewed one afterwards, and not a forgotten one', () => {
    const { target, toMs } = start('certificate-expiring');
    expect(fieldsOf(target, 'x509_cert', nowMs - 1)).toEqual([]);
    expect(fieldsOf(target, 'x509_cert')).toEqual([{ expiry: 2 * 86_400 }]);
    expect(fieldsOf(target, 'x509_cert', toMs)).toEqual([{ expiry: 89 * 86_400 }]);
  });

  it('sets a clock wrong: its samples have wrong times, and nothing else', () => {
    const { target, toMs } = start('clock-wrong');
    expect(city.samplesAt(target, nowMs)?.[0]?.timeMs).toBe(nowMs - 400_000);
    expect(faults.clockOffsetMs(target, nowMs)).toBe(-400_000);
    expect(city.samplesAt(target, toMs)?.[0]?.timeMs).toBe(toMs);
  });

  it('not twice at one place, nowhere that is no target, and not everywhere at once', () => {
    const { target } = start('power-cut');
    expect(demo.start({ kind: 'power-cut', target, by: 'lan' })).toBe('under-way');
    expect(demo.start({ kind: 'power-cut', target: 'nowhere', by: 'lan' })).toBe('unknown-target');
    expect(demo.kinds().find(({ kind }) => kind === 'power-cut')?.suggested).not.toBe(target);
    for (let more = 1; more < MOST_UNDER_WAY; more++) start('gateway-dead');
    expect(demo.start({ kind: '5g-dip', by: 'lan' })).toBe('too-many');
    expect(demo.underWay()).toHaveLength(MOST_UNDER_WAY);
  });

  it('and a city that has started anew is told again what is under way', () => {
    const { target, id } = start('gateway-dead');
    faults.set([]);
    expect(city.conditionAt(target, nowMs)).toBe('connected');
    demo.tell();
    expect(city.conditionAt(target, nowMs)).toBe('dark');
    expect([demo.end(id), demo.end(id)]).toEqual([true, false]);
    expect(city.conditionAt(target, nowMs)).toBe('connected');
  });
});
