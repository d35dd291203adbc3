import { describe, expect, it } from 'vitest';
import { buildCity } from './build-city.ts';
import type { Fault } from './faults.ts';
import {
  correlation,
  DAY_MS,
  fieldOf,
  HOUR_MS,
  meanOf,
  MINUTE_MS,
  OFFICE_HOURS,
  seriesOf,
  times,
} from './test-support.ts';
import { createRain } from './weather.ts';

const SEED = 7;
const city = buildCity({ seed: SEED });
const GATEWAY = 'gw-25747-01';
/** Two weeks of the rains. */
const AUGUST = Date.UTC(2026, 7, 3);

describe('related values', () => {
  it('are higher at ten in the morning than at four, and on Tuesday than on Sunday', () => {
    const servers = city.inventory.agents.filter((agent) => agent.kind === 'server');
    const busy = (timeMs: number): number =>
      meanOf(servers.map(({ id }) => fieldOf(city.samplesAt(id, timeMs), 'cpu', 'usage_active')));
    expect(busy(OFFICE_HOURS)).toBeGreaterThan(1.5 * busy(OFFICE_HOURS - 6 * HOUR_MS));
    expect(busy(OFFICE_HOURS)).toBeGreaterThan(1.5 * busy(OFFICE_HOURS - 2 * DAY_MS));
  });

  it('of delay, temperature and access line follow the load through the day', () => {
    const day = times(OFFICE_HOURS, 96, 15 * MINUTE_MS);
    const load = seriesOf(city, GATEWAY, ['interface', 'in_utilization_pct'], day);
    for (const follower of [
      ['ping', 'average_response_ms'],
      ['ping', 'ipdv_p95_ms'],
      ['device', 'cpu_pct'],
      ['device', 'temperature_celsius'],
    ] as const)
      expect(correlation(load, seriesOf(city, GATEWAY, follower, day)), follower[1]).toBeGreaterThan(0.7);
  });

  it('of the path are measured every 30 s, and quality falls with utilization', () => {
    const slots = times(OFFICE_HOURS, 8_640, 10_000).map((at) => city.samplesAt(GATEWAY, at));
    const paths = slots.filter((samples) => !Number.isNaN(fieldOf(samples, 'path', 'latency_ms')));
    expect(paths).toHaveLength(2_880);
    const [full, latency, mos] = ['utilization_pct', 'latency_ms', 'mos_est'].map((field) =>
      paths.map((samples) => fieldOf(samples, 'path', field)),
    );
    expect(correlation(full!, latency!)).toBeGreaterThan(0.7);
    expect(correlation(latency!, mos!)).toBeLessThan(-0.1);
  });

  it('of net and disk counters never fall, and their rates follow the CPU', () => {
    const minutes = times(OFFICE_HOURS, 1_440, MINUTE_MS);
    const cpu = seriesOf(city, 'sv-dc2-0003', ['cpu', 'usage_active'], minutes);
    for (const counter of [
      ['net', 'bytes_recv'],
      ['net', 'bytes_sent'],
      ['net', 'packets_recv'],
      ['diskio', 'read_bytes'],
      ['diskio', 'write_bytes'],
      ['diskio', 'io_time'],
    ] as const) {
      const counts = seriesOf(city, 'sv-dc2-0003', counter, minutes);
      const growth = counts.slice(1).map((count, at) => count - counts[at]!);
      expect(Math.min(...growth), counter[1]).toBeGreaterThan(0);
      const between = cpu.slice(1).map((load, at) => (load + cpu[at]!) / 2);
      expect(correlation(between, growth), counter[1]).toBeGreaterThan(0.99);
    }
  });

  it('of SINR and RSRQ fall with mobile load, those of RSRP and SINR with rain', () => {
    const { inventory } = city;
    const site = inventory.sites.find(({ id }) => id === 'site-25747-01')!;
    const rain = createRain(SEED);
    const quarters = times(AUGUST, 14 * 96, 15 * MINUTE_MS);
    const wet = quarters.map((timeMs) => rain(site, timeMs));
    expect(wet.filter((intensity) => intensity > 0.3).length).toBeGreaterThan(10);
    const series = (field: string): number[] => seriesOf(city, GATEWAY, ['cellular', field], quarters);
    const [rsrp, sinr, rsrq] = [series('rsrp_dbm'), series('sinr_db'), series('rsrq_db')];
    const split = (values: readonly number[], isIn: (at: number) => boolean): number =>
      meanOf(values.filter((_, at) => isIn(at)));
    for (const [values, drop] of [
      [rsrp, 2],
      [sinr, 1],
    ] as const)
      expect(split(values, (at) => wet[at]! > 0.3)).toBeLessThan(split(values, (at) => wet[at] === 0) - drop);
    const localHourOf = (at: number): number => new Date(quarters[at]! + 7 * HOUR_MS).getUTCHours();
    for (const values of [sinr, rsrq])
      expect(split(values, (at) => localHourOf(at) === 21)).toBeLessThan(
        split(values, (at) => localHourOf(at) === 3) - 2,
      );
  });
});

describe('a throughput test', () => {
  const tests = (model: typeof city, agent: string, days: number) =>
    times(OFFICE_HOURS, days * 8_640, 10_000)
      .map((timeMs) =>
        model.samplesAt(agent, timeMs)?.find(({ measurement }) => measurement === 'internet_speed'),
      )
      .filter((sample) => sample !== undefined);

  it('runs at most twice a day and reaches nearly the contracted rate', () => {
    const found = tests(city, 'gw-25747-02', 3);
    expect(found.length).toBeGreaterThan(2);
    expect(found.length).toBeLessThanOrEqual(6);
    for (const { fields } of found) {
      expect(fields['download_share_pct']).toBeGreaterThan(80);
      expect(Number(fields['rtt_loaded_ms'])).toBeGreaterThan(Number(fields['latency']));
      expect(Number(fields['rpm'])).toBe(Math.round(60_000 / Number(fields['rtt_loaded_ms'])));
    }
  });

  it('shows a lossy line', () => {
    const span = { fromMs: OFFICE_HOURS, toMs: OFFICE_HOURS + DAY_MS };
    const fault: Fault = { kind: 'lossy_line', target: 'site-25747-02', ...span };
    const [found] = tests(buildCity({ seed: SEED, faults: () => [fault] }), 'gw-25747-02', 1);
    expect(found?.fields['download_share_pct']).toBeLessThan(50);
    expect(found?.fields['packet_loss']).toBeGreaterThan(10);
  });
});

describe('the modems', () => {
  const modems = city.inventory.devices.filter((device) => device.kind === 'modem');
  const cellular = (model: typeof city) =>
    modems.map(({ agent }) =>
      model.samplesAt(agent, OFFICE_HOURS)?.find(({ measurement }) => measurement === 'cellular'),
    );
  const share = (samples: ReturnType<typeof cellular>, rats: readonly string[]): number =>
    samples.filter((sample) => rats.includes(sample?.tags['rat'] ?? '')).length / samples.length;

  it('are on 5G, some on LTE', () => {
    const samples = cellular(city);
    expect(share(samples, ['nr', 'nrnsa'])).toBeGreaterThan(0.8);
    expect(share(samples, ['nrnsa'])).toBeGreaterThan(0.05);
    expect(share(samples, ['lte'])).toBeGreaterThan(0.05);
  });

  it('fall back to LTE, and from LTE to UMTS without levels', () => {
    const everywhere = buildCity({
      seed: SEED,
      faults: ({ sites }) =>
        sites.map(({ id }) => ({
          kind: 'radio_fallback',
          target: id,
          fromMs: OFFICE_HOURS,
          toMs: OFFICE_HOURS + MINUTE_MS,
        })),
    });
    const samples = cellular(everywhere);
    expect(share(samples, ['lte', 'umts'])).toBe(1);
    for (const sample of samples) {
      expect(sample?.fields['registered']).toBe(true);
      expect('rsrp_dbm' in (sample?.fields ?? {})).toBe(sample?.tags['rat'] === 'lte');
    }
  });

  it('all show a coverage dip of their unit, by level or by losing the network', () => {
    const dips = buildCity({
      seed: SEED,
      faults: ({ units }) =>
        units.map(({ code }) => ({
          kind: 'coverage_dip',
          target: code,
          fromMs: OFFICE_HOURS,
          toMs: OFFICE_HOURS + MINUTE_MS,
        })),
    });
    const samples = cellular(dips);
    for (const sample of samples) {
      const { registered, rsrp_dbm: rsrpDbm } = sample?.fields ?? {};
      expect(registered === false || Number(rsrpDbm) < -110).toBe(true);
    }
    expect(share(samples, ['none'])).toBeGreaterThan(0.05);
    expect(share(samples, ['none'])).toBeLessThan(0.25);
  });
});
