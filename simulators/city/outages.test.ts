import { describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { buildCity } from './build-city.ts';
import type { Fault } from './faults.ts';
import { fieldOf, HOUR_MS, MINUTE_MS, OFFICE_HOURS, seriesOf, times } from './test-support.ts';

const SITE = 'site-25747-01';
const GATEWAY = 'gw-25747-01';
const WITHOUT_BATTERY = { site: 'site-25747-03', gateway: 'gw-25747-03' };

function cityWith(...faults: readonly Fault[]) {
  return buildCity({ seed: 7, unitCount: 16, faults: () => faults });
}

function fieldsOf(samples: readonly Sample[] | undefined, measurement: string): Sample['fields'] | undefined {
  return samples?.find((sample) => sample.measurement === measurement)?.fields;
}

describe('a power cut', () => {
  const cut: Fault = {
    kind: 'site_power_cut',
    target: SITE,
    fromMs: OFFICE_HOURS,
    toMs: OFFICE_HOURS + 2 * HOUR_MS,
  };
  const city = cityWith(cut, { ...cut, target: WITHOUT_BATTERY.site });
  const darkMs = times(cut.fromMs, 120, MINUTE_MS).find((at) => city.conditionAt(GATEWAY, at) === 'dark');

  it('is first bridged by the battery, which drains', () => {
    expect(fieldsOf(city.samplesAt(GATEWAY, cut.fromMs - 1), 'power')).toMatchObject({
      output_source: 3,
      on_battery: false,
      charge_pct: 100,
    });
    const minutes = times(cut.fromMs + MINUTE_MS, 15, MINUTE_MS);
    for (const timeMs of minutes) {
      expect(city.conditionAt(GATEWAY, timeMs)).toBe('connected');
      expect(fieldsOf(city.samplesAt(GATEWAY, timeMs), 'power')).toMatchObject({
        output_source: 5,
        mains_ok: false,
        on_battery: true,
        on_battery_s: (timeMs - cut.fromMs) / 1_000,
        input_voltage_v: 0,
      });
    }
    const charge = seriesOf(city, GATEWAY, ['power', 'charge_pct'], minutes);
    const runtime = seriesOf(city, GATEWAY, ['power', 'runtime_minutes'], minutes);
    for (let at = 1; at < minutes.length; at++) {
      expect(charge[at]).toBeLessThan(charge[at - 1]!);
      expect(runtime[at]).toBeCloseTo(runtime[at - 1]! - 1, 0);
    }
    // The battery lasts as long as its first reading said.
    expect(runtime[0]).toBeCloseTo((darkMs! - minutes[0]!) / MINUTE_MS, -0.5);
  });

  it('then darkens the site until mains returns, and the battery charges for hours', () => {
    expect(darkMs).toBeDefined();
    for (const timeMs of times(darkMs!, 5, 10 * MINUTE_MS)) {
      expect(city.conditionAt(GATEWAY, timeMs)).toBe('dark');
      expect(city.samplesAt(GATEWAY, timeMs)).toBeUndefined();
    }
    expect(city.conditionAt(GATEWAY, cut.toMs)).toBe('connected');
    const charge = seriesOf(city, GATEWAY, ['power', 'charge_pct'], times(cut.toMs, 8, HOUR_MS));
    expect(charge[0]).toBe(0);
    expect(charge[3]).toBeCloseTo(50, 0);
    expect(charge.slice(6)).toEqual([100, 100]);
    expect(fieldsOf(city.samplesAt(GATEWAY, cut.toMs), 'power')).toMatchObject({
      output_source: 3,
      battery_status: 3,
    });
    expect(fieldOf(city.samplesAt(GATEWAY, cut.toMs + MINUTE_MS), 'device', 'uptime_s')).toBe(60);
  });

  it('darkens a site without a battery at once', () => {
    const { gateway } = WITHOUT_BATTERY;
    expect(city.conditionAt(gateway, cut.fromMs - 1)).toBe('connected');
    expect(city.conditionAt(gateway, cut.fromMs)).toBe('dark');
    expect(city.conditionAt(gateway, cut.toMs)).toBe('connected');
  });

  it('shorter than the battery lasts leaves the node running', () => {
    const short = cityWith({ ...cut, toMs: cut.fromMs + 10 * MINUTE_MS });
    const [before, after] = [cut.fromMs - MINUTE_MS, cut.toMs].map((timeMs) =>
      fieldOf(short.samplesAt(GATEWAY, timeMs), 'device', 'uptime_s'),
    );
    expect(after! - before!).toBe((cut.toMs - cut.fromMs + MINUTE_MS) / 1_000);
  });
});

describe("a cut of a hub's uplink", () => {
  const cut: Fault = {
    kind: 'hub_uplink_cut',
    target: 'hub-01',
    fromMs: OFFICE_HOURS,
    toMs: OFFICE_HOURS + 5 * MINUTE_MS,
  };
  const city = cityWith(cut);

  it('cuts off every agent below it, while they continue to measure', () => {
    const below = city.inventory.sites.filter(
      ({ id, parents }) => id === 'hub-01' || parents?.includes('hub-01') === true,
    );
    const sites = new Set(below.map((site) => site.id));
    for (const { id, site } of city.inventory.agents) {
      expect(city.conditionAt(id, cut.fromMs), id).toBe(sites.has(site) ? 'cut_off' : 'connected');
      expect(city.samplesAt(id, cut.fromMs)?.length).toBeGreaterThan(0);
      expect(city.conditionAt(id, cut.toMs)).toBe('connected');
    }
    expect(sites.size).toBe(41);
  });

  it('shows in their measurements: the port at the hub is down and the core does not answer', () => {
    expect(fieldsOf(city.samplesAt('gw-hub-01', cut.fromMs), 'interface')).toMatchObject({
      oper_status: 2,
      in_bps: 0,
    });
    expect(fieldsOf(city.samplesAt(GATEWAY, cut.fromMs), 'ping')).toEqual({
      packets_transmitted: 10,
      packets_received: 0,
      percent_packet_loss: 100,
      result_code: 1,
    });
  });
});

describe('a hub with two ways', () => {
  const cut: Fault = {
    kind: 'hub_uplink_cut',
    target: 'hub-05',
    fromMs: OFFICE_HOURS,
    toMs: OFFICE_HOURS + 10 * MINUTE_MS,
  };
  const bothCutMs = cut.fromMs + 5 * MINUTE_MS;
  const city = buildCity({
    seed: 7,
    unitCount: 40,
    faults: () => [cut, { ...cut, target: 'hub-04', fromMs: bothCutMs }],
  });
  const linesDown = (timeMs: number, agent: string): unknown[] =>
    city
      .samplesAt(agent, timeMs)!
      .filter(({ fields }) => fields['oper_status'] === 2)
      .map(({ tags }) => tags['interface']);

  it('goes on over the other one: the cut line is down at both ends, and nobody is cut off', () => {
    expect(city.inventory.sites.find(({ id }) => id === 'hub-05')?.parents).toEqual(['city', 'hub-04']);
    for (const { id } of city.inventory.agents)
      expect(city.conditionAt(id, cut.fromMs), id).toBe('connected');
    expect(linesDown(cut.fromMs, 'gw-hub-05')).toEqual(['uplink']);
    expect(linesDown(cut.fromMs, 'gw-city')).toEqual(['hub-05']);
    expect(linesDown(cut.fromMs, 'gw-hub-04')).toEqual([]);
  });

  it('is cut off with all below it once both are gone, and back with either', () => {
    const cutOff = city.inventory.agents.filter(({ id }) => city.conditionAt(id, bothCutMs) === 'cut_off');
    expect(cutOff).toHaveLength(2 * 41);
    expect(linesDown(bothCutMs, 'gw-city')).toEqual(['hub-04', 'hub-05']);
    expect(city.conditionAt('gw-hub-05', cut.toMs)).toBe('connected');
  });
});

describe('a restart of a node', () => {
  const reboot: Fault = {
    kind: 'node_reboot',
    target: SITE,
    fromMs: OFFICE_HOURS,
    toMs: OFFICE_HOURS + 3 * MINUTE_MS,
  };
  const city = cityWith(reboot);

  it('shows as down, without ports, and then as a short uptime', () => {
    const down = city.samplesAt(GATEWAY, reboot.fromMs);
    expect(fieldsOf(down, 'device')).toEqual({ up: false, reachable: false });
    expect(fieldsOf(down, 'interface')).toBeUndefined();
    expect(fieldOf(down, 'ping', 'percent_packet_loss')).toBe(100);
    const uptimes = seriesOf(
      city,
      GATEWAY,
      ['device', 'uptime_s'],
      [reboot.fromMs - 1_000, reboot.toMs, reboot.toMs + HOUR_MS],
    );
    expect(uptimes[0]).toBeGreaterThan(86_400);
    expect(uptimes.slice(1)).toEqual([0, 3_600]);
  });
});
