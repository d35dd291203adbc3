import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allWell, deviceUp, hubCity, type SentRow } from '../../health/states/testing/states-city.ts';
import { IncidentCity, SHIPPED } from './testing/incident-city.ts';

const UPS = 'ups-s-1-1';
let city: IncidentCity;
afterEach(() => city.database.close());

/** A site whose UPS the agent of its hub watches. */
async function wellCity(rules = SHIPPED): Promise<void> {
  const file = hubCity(2, 2);
  const device = { id: UPS, kind: 'ups' as const, site: 's-1-1', unit: '26737', agent: 'gw-hub-1' };
  city = new IncidentCity({ ...file, devices: [...file.devices, device] }, { rules });
  allWell(city);
  await city.wait(60);
}

function measure(fields: SentRow['fields']): void {
  const row = { measurement: 'power', tags: { device: UPS }, fields: { ...fields } };
  city.routine.set('gw-hub-1', [deviceUp('n-hub-1'), row]);
}

function onBattery(charge_pct: number, runtime_minutes: number): void {
  measure({ output_source: 5, on_battery: true, charge_pct, runtime_minutes });
}

function onMains(charge_pct: number): void {
  measure({ output_source: 3, on_battery: false, charge_pct, runtime_minutes: 30 });
}

/** Somebody hears of whatever is told now. */
async function wait(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await city.wait(1);
    for (const alert of city.alerts.active())
      if (city.suppression(alert) === undefined) city.told.add(alert.id);
  }
}

function roots(state: 'open' | 'ended') {
  return city.incidents.page({ state, order: 'oldest', limit: 10 }).map(({ id, root }) => [id, root]);
}

/** A cut with minutes left, and a quarter of an hour of mains in which the battery is not charged. */
async function firstCut(): Promise<void> {
  onBattery(40, 10);
  await wait(330);
  expect(city.heard.told).toEqual([`power_runtime_low ${UPS}`]);
  onMains(42);
  await wait(900);
  expect(city.heard).toEqual({ told: [], suppressed: [`battery_low ${UPS}`] });
}

describe('a second cut before the battery is charged', () => {
  beforeEach(async () => {
    await wellCity();
    await firstCut();
  });

  it('tells of the battery that runs out, though its runtime is not low yet', async () => {
    onBattery(42, 25);
    await wait(10);
    expect(city.heard).toEqual({ told: [`battery_low ${UPS}`, `power_on_battery ${UPS}`], suppressed: [] });
    onBattery(5, 16);
    await wait(600);
    expect(city.alerts.active().find(({ rule }) => rule === 'battery_low')?.severity).toBe('major');
    expect(city.heard.suppressed).toEqual([]);
  });

  it('is an incident of its own, of which its supply is the head: the battery is part of it', async () => {
    const [first] = roots('open');
    onBattery(42, 10);
    await wait(120);
    expect(roots('ended')).toEqual([first]);
    const open = roots('open');
    expect(open).toEqual([[expect.not.stringMatching(String(first?.[0])), 'site:s-1-1']]);
    expect(city.heard).toEqual({
      told: [`power_runtime_low ${UPS}`],
      suppressed: [`battery_low ${UPS}`, `power_on_battery ${UPS}`],
    });
    city.restart();
    await wait(10);
    expect(roots('open')).toEqual(open);
    expect(city.told.size).toBe(2);
  });

  it('is one as well where it is a supply without output', async () => {
    const [first] = roots('open');
    measure({ output_source: 2, charge_pct: 42 });
    await wait(120);
    expect(roots('ended')).toEqual([first]);
    expect(city.heard).toEqual({ told: [`power_no_output ${UPS}`], suppressed: [`battery_low ${UPS}`] });
  });

  it('that does not come tells nothing: the battery is charged', async () => {
    onMains(80);
    await wait(60);
    onMains(100);
    await wait(320);
    expect(city.alerts.active()).toEqual([]);
    expect(city.told.size).toBe(1);
  });
});

it('a battery that gets graver is told, also where no rule says that its supply is on battery', async () => {
  await wellCity(SHIPPED.filter(({ id }) => id !== 'power_on_battery'));
  await firstCut();
  onBattery(22, 25);
  await wait(330);
  expect(city.heard).toEqual({ told: [`battery_low ${UPS}`], suppressed: [] });
});

it('of one of two supplies is an incident of its own, while the battery of the other one is charged', async () => {
  const other = 'ups-s-1-2';
  const file = hubCity(2, 2);
  const ups = [UPS, other].map((id) => ({
    ...{ id, kind: 'ups' as const, site: 's-1-1', unit: '26737', agent: 'gw-hub-1' },
  }));
  city = new IncidentCity({ ...file, devices: [...file.devices, ...ups] }, { rules: SHIPPED });
  allWell(city);
  const feed = (fields: Readonly<Record<string, SentRow['fields']>>): void => {
    const rows = Object.entries(fields).map(([device, of]) => ({
      ...{ measurement: 'power', tags: { device }, fields: { ...of } },
    }));
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1'), ...rows]);
  };
  const cut = { output_source: 5, on_battery: true, charge_pct: 40, runtime_minutes: 10 };
  const charging = { output_source: 3, on_battery: false, charge_pct: 42, runtime_minutes: 30 };
  await city.wait(60);
  feed({ [UPS]: cut, [other]: cut });
  await wait(330);
  feed({ [UPS]: charging, [other]: charging });
  await wait(900);
  const [first] = roots('open');
  expect(city.heard.suppressed).toEqual([`battery_low ${UPS}`, `battery_low ${other}`]);
  feed({ [UPS]: cut, [other]: charging });
  await wait(120);
  expect(roots('open')).toEqual([first, [expect.not.stringMatching(String(first?.[0])), 'site:s-1-1']]);
  expect(city.heard).toEqual({
    told: [`power_runtime_low ${UPS}`],
    suppressed: [`battery_low ${UPS}`, `battery_low ${other}`, `power_on_battery ${UPS}`],
  });
});
