import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { buildCity } from './build-city.ts';
import type { Fault } from './faults.ts';
import { UNITS } from './units.ts';

const city = buildCity({ seed: 7 });
const agents = city.inventory.agents.map((agent) => agent.id);
/** A Tuesday, 10:00 in Ho Chi Minh City. */
const OFFICE_HOURS = Date.UTC(2026, 10, 24, 3);
const HOUR_MS = 3_600_000;

function fieldOf(samples: readonly Sample[] | undefined, measurement: string, field: string): number {
  return Number(samples?.find((sample) => sample.measurement === measurement)?.fields[field]);
}

describe('the simulated city', () => {
  it('has 168 units, over 800 sites and over 1,000 servers in a tree', () => {
    const { units, sites, devices } = city.inventory;
    expect(units).toHaveLength(168);
    expect(sites.filter((site) => site.kind === 'site').length).toBeGreaterThanOrEqual(800);
    expect(devices.filter((device) => device.kind === 'server').length).toBeGreaterThanOrEqual(1_000);
    expect(devices.filter(({ kind }) => kind === 'probe' || kind === 'modem').length).toBeGreaterThanOrEqual(
      2_000,
    );
    const ids = new Set(sites.map((site) => site.id));
    expect(sites.filter((site) => site.parent !== undefined && !ids.has(site.parent))).toEqual([]);
    expect(new Set(agents).size).toBe(agents.length);
  });

  it('shrinks to a handful of agents for one unit', () => {
    expect(buildCity({ seed: 7, unitCount: 1 }).inventory.agents.length).toBeLessThan(20);
  });

  const csv = new URL('../../../shared/data/geo-hcmc/wards-2025-07.csv', import.meta.url);
  it.skipIf(!existsSync(csv))('has the official units (needs ../shared/data)', () => {
    const lines = readFileSync(csv, 'utf8').trim().split('\n').slice(1);
    const official = lines.map((line) => line.split(',').slice(0, 3).join(','));
    expect(UNITS.map((unit) => [unit.code, unit.name, unit.kind].join(','))).toEqual(official);
  });

  it('gives the same samples for the same seed, agent and time, in any order of asking', () => {
    const other = buildCity({ seed: 7 });
    for (const agent of ['gw-25747-01', 'sv-dc1-0001', 'gw-hub-01']) {
      other.samplesAt(agent, OFFICE_HOURS + HOUR_MS);
      expect(other.samplesAt(agent, OFFICE_HOURS)).toEqual(city.samplesAt(agent, OFFICE_HOURS));
    }
    expect(buildCity({ seed: 8 }).samplesAt('sv-dc1-0001', OFFICE_HOURS)).not.toEqual(
      city.samplesAt('sv-dc1-0001', OFFICE_HOURS),
    );
  });

  it('says nothing that the catalogue does not know or allow, at any hour', () => {
    const wrong = new Set<string>();
    for (const timeMs of [OFFICE_HOURS, OFFICE_HOURS + 7 * HOUR_MS, OFFICE_HOURS + 18 * HOUR_MS]) {
      for (const agent of agents)
        for (const sample of city.samplesAt(agent, timeMs) ?? []) check(sample, wrong);
    }
    expect([...wrong]).toEqual([]);
  });

  it('is busier at ten in the morning than at four', () => {
    const mean = (timeMs: number): number => {
      const servers = agents.filter((agent) => agent.startsWith('sv-'));
      return (
        servers.reduce(
          (sum, agent) => sum + fieldOf(city.samplesAt(agent, timeMs), 'cpu', 'usage_active'),
          0,
        ) / servers.length
      );
    };
    expect(mean(OFFICE_HOURS)).toBeGreaterThan(1.5 * mean(OFFICE_HOURS - 6 * HOUR_MS));
  });

  it('has delay follow load through the day', () => {
    const points = Array.from({ length: 96 }, (_, quarter) =>
      city.samplesAt('gw-25747-01', OFFICE_HOURS + (quarter * HOUR_MS) / 4),
    );
    const load = points.map((samples) => fieldOf(samples, 'interface', 'in_utilization_pct'));
    const delay = points.map((samples) => fieldOf(samples, 'ping', 'average_response_ms'));
    expect(correlation(load, delay)).toBeGreaterThan(0.5);
  });

  it('never turns a counter back', () => {
    for (let minute = 0, last = 0; minute < 2_880; minute++) {
      const now = fieldOf(city.samplesAt('sv-dc2-0003', OFFICE_HOURS + minute * 60_000), 'net', 'bytes_recv');
      expect(now).toBeGreaterThan(last);
      last = now;
    }
  });

  it('shows a fault at its target and nowhere else', () => {
    const span = { fromMs: OFFICE_HOURS, toMs: OFFICE_HOURS + HOUR_MS };
    const faults: Fault[] = [
      { kind: 'site_power_cut', target: 'site-25747-01', ...span },
      { kind: 'cpu_runaway', target: 'sv-dc1-0005', ...span },
      { kind: 'coverage_dip', target: '25750', ...span },
    ];
    const broken = buildCity({ seed: 7, faults: () => faults });
    expect(broken.samplesAt('gw-25747-01', OFFICE_HOURS)).toBeUndefined();
    expect(broken.samplesAt('gw-25747-01', span.toMs)).toEqual(city.samplesAt('gw-25747-01', span.toMs));
    expect(fieldOf(broken.samplesAt('sv-dc1-0005', OFFICE_HOURS), 'cpu', 'usage_active')).toBeGreaterThan(95);
    expect(fieldOf(broken.samplesAt('gw-25750-02', OFFICE_HOURS), 'cellular', 'rsrp_dbm')).toBeLessThan(-110);
    for (const agent of ['gw-25747-02', 'sv-dc1-0006', 'gw-25760-01']) {
      expect(broken.samplesAt(agent, OFFICE_HOURS)).toEqual(city.samplesAt(agent, OFFICE_HOURS));
    }
  });
});

function check(sample: Sample, wrong: Set<string>): void {
  const definition = CATALOGUE.get(sample.measurement);
  if (definition === undefined) return void wrong.add(sample.measurement);
  for (const tag of Object.keys(sample.tags))
    if (!(tag in definition.tags)) wrong.add(`${sample.measurement} tag ${tag}`);
  for (const tag of definition.requiredTags)
    if (!(tag in sample.tags)) wrong.add(`${sample.measurement} lacks ${tag}`);
  for (const [name, value] of Object.entries(sample.fields)) {
    const field = definition.fields[name];
    const isRight =
      field !== undefined &&
      (typeof value === 'boolean'
        ? field.type === 'bool'
        : typeof value === 'number' &&
          (field.type === 'float' || (field.type === 'int' && Number.isSafeInteger(value))) &&
          value >= (field.min ?? -Infinity) &&
          value <= (field.max ?? Infinity));
    if (!isRight) wrong.add(`${sample.measurement}.${name} = ${String(value)}`);
  }
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  a.forEach((value, index) => {
    const [da, db] = [value - meanA, (b[index] ?? 0) - meanB];
    both += da * db;
    ofA += da * da;
    ofB += db * db;
  });
  return both / Math.sqrt(ofA * ofB);
}
