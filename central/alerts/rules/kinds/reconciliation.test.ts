import { afterEach, describe, expect, it } from 'vitest';
import type { Device, InventoryFile } from '../../../../contract/inventory.ts';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { deviceUp, hubCity } from '../../../health/states/testing/states-city.ts';
import { AlertsCity } from '../../testing/alerts-city.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../load-rules.ts';

const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
  ({ settings }) => settings.kind === 'reconciliation',
);
const MINUTE_S = 60;
const HOUR_S = 3_600;

function city(change: (device: Device) => Device = (device) => device): Partial<InventoryFile> {
  const { devices, ...file } = hubCity(2, 2);
  return { ...file, devices: devices.map(change) };
}

let run: AlertsCity;
/** Each agent measures the devices of its site, but for those left out. */
function measure(...without: readonly string[]): void {
  for (const { id } of run.city.inventory.agents.values()) {
    const own = [...run.city.inventory.devices.values()].filter(({ agent }) => agent === id);
    run.city.routine.set(
      id,
      own.flatMap((device) => (without.includes(device.id) ? [] : [deviceUp(device.id)])),
    );
  }
}

async function start(file: Partial<InventoryFile>, ...without: readonly string[]): Promise<void> {
  run = new AlertsCity(file, shipped);
  measure(...without);
  await run.city.wait(15 * MINUTE_S);
  expect(run.active()).toEqual([]);
}

afterEach(() => run.database.close());

describe('a device that is expected', () => {
  it('and was never seen is told after an hour, until it is seen', async () => {
    await start(city(), 'bb-s-1-1');
    await run.city.wait(HOUR_S);
    expect(run.active()).toEqual([
      'device_never_seen warning bb-s-1-1: nothing of it has arrived since it is in the inventory; its agent gw-s-1-1 reports',
    ]);
    measure();
    await run.city.wait(2 * MINUTE_S);
    expect(run.active()).toEqual([]);
  });

  it('and of which nothing comes any more is told after a quarter of an hour, and through a restart', async () => {
    await start(city());
    measure('bb-s-1-1');
    await run.city.wait(20 * MINUTE_S);
    expect(run.active()).toEqual([
      'device_silent warning bb-s-1-1: nothing of it arrives any more; its agent gw-s-1-1 reports',
    ]);
    run.restart();
    await run.city.wait(30 * MINUTE_S);
    expect(run.steps('device_silent')).toEqual(['bb-s-1-1 fired']);
    measure();
    await run.city.wait(4 * MINUTE_S);
    expect(run.steps('device_silent').at(-1)).toBe('bb-s-1-1 resolved');
  });

  it('is left to the alert about its agent where that is silent, and to measurement_absence where it has intervals', async () => {
    const expects = [{ measurement: 'device', intervalMs: 60_000 }];
    await start(city((device) => (device.id === 'n-s-1-2' ? { ...device, expects } : device)));
    measure('n-s-1-2');
    run.city.routine.delete('gw-s-1-1');
    await run.city.wait(2 * HOUR_S);
    expect(run.engine.list({ limit: 10 }).items).toEqual([]);
  });

  it('is not told of while central hears almost nobody', async () => {
    await start(city());
    measure('bb-s-1-1');
    run.isDeaf = true;
    await run.city.wait(2 * HOUR_S);
    expect(run.active()).toEqual([]);
  });
});

describe('what reports and should not', () => {
  it('is told by name: a device that the inventory lacks, until an hour after it is adopted or gone', async () => {
    await start(city());
    const seen = { device: 'sw-9', agents: ['gw-hub-1'], series: 3, measurements: ['device'] };
    run.unexpected = [{ ...seen, firstSeenAtMs: run.city.clock.now() }];
    run.city.routine.set('gw-stranger', [deviceUp('sw-9')]);
    await run.city.wait(HOUR_S + 2 * MINUTE_S);
    expect(run.active()).toEqual([
      'inventory_lacks warning gw-stranger: it reports, and the inventory lacks it',
      'inventory_lacks warning sw-9: it is measured (device), and the inventory lacks it',
    ]);
    expect(run.engine.active()).toContainEqual(
      expect.objectContaining({ entity: { device: 'sw-9' }, agent: 'gw-hub-1', site: 'hub-1' }),
    );
    run.unexpected = [];
    run.city.routine.delete('gw-stranger');
    run.restart();
    await run.city.wait(9 * MINUTE_S);
    expect(run.steps('inventory_lacks').sort()).toEqual(['gw-stranger fired', 'sw-9 fired']);
    await run.city.wait(HOUR_S + 5 * MINUTE_S);
    expect(run.active()).toEqual([]);
  });

  it('is told by name: a device that is retired, and again when it comes back', async () => {
    await start(city());
    const retiredOn = '2027-01-15';
    const file = city((device) => (device.id === 'n-s-1-1' ? { ...device, retiredOn } : device));
    run.replaceInventory(file);
    await run.city.wait(HOUR_S + 5 * MINUTE_S);
    const told = `retired_still_reporting warning n-s-1-1: retired on ${retiredOn}, and still measured`;
    expect(run.active()).toEqual([told]);
    measure('n-s-1-1');
    await run.city.wait(3 * HOUR_S);
    expect(run.active()).toEqual([]);
    measure();
    await run.city.wait(HOUR_S + 5 * MINUTE_S);
    expect(run.active()).toEqual([told]);
  });

  it('is at most a thousand alerts of one rule: an agent may make up any number', async () => {
    await start(city());
    run.unexpected = Array.from({ length: 1_200 }, (_, at) => ({
      ...{ device: `x-${at}`, agents: ['gw-hub-1'], series: 1, measurements: ['device'] },
      firstSeenAtMs: run.city.clock.now(),
    }));
    await run.city.wait(HOUR_S + 5 * MINUTE_S);
    expect(run.engine.stats().firing).toBe(1_000);
  });
});

it('every shipped rule over the reconciliation is told and ends in a test of this file', () => {
  run = new AlertsCity({}, []);
  expect(shipped.map(({ id }) => id)).toEqual([
    'device_never_seen',
    'device_silent',
    'inventory_lacks',
    'retired_still_reporting',
  ]);
});
