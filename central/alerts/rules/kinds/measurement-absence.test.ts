import { afterEach, beforeEach, expect, it } from 'vitest';
import type { InventoryFile } from '../../../../contract/inventory.ts';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { deviceUp, hubCity, type SentRow } from '../../../health/states/testing/states-city.ts';
import { AlertsCity } from '../../testing/alerts-city.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../load-rules.ts';

const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
  ({ id }) => id === 'measurement_missing',
);
const MINUTE_S = 60;
const MISSING = 'measurement_missing minor n-hub-1 interface: 10.9 intervals';

/** Of n-hub-1 a row of ports each minute and its temperature every half hour are expected. */
function city(expects = ['interface', 'hardware_sensor']): Partial<InventoryFile> {
  const { devices, ...file } = hubCity(2, 2);
  const intervalMs = (name: string): number => (name === 'interface' ? 60_000 : 1_800_000);
  const expected = expects.map((measurement) => ({ measurement, intervalMs: intervalMs(measurement) }));
  return {
    ...file,
    devices: devices.map((each) => (each.id === 'n-hub-1' ? { ...each, expects: expected } : each)),
  };
}

const ports: SentRow = {
  measurement: 'interface',
  tags: { device: 'n-hub-1', interface: 'ge-1' },
  fields: { oper_status: 1 },
};
const well = deviceUp('n-hub-1');
let run: AlertsCity;
const send = (...rows: readonly SentRow[]): unknown => run.city.routine.set('gw-hub-1', rows);

beforeEach(async () => {
  run = new AlertsCity(city(), shipped);
  send(well, ports);
  run.city.send('gw-hub-1', { ...ports, measurement: 'hardware_sensor' });
  await run.city.wait(5 * MINUTE_S);
});
afterEach(() => run.database.close());

it('is told of the device and the measurement when the agent goes on without it, and ends when it is back', async () => {
  send(well);
  await run.city.wait(10 * MINUTE_S);
  expect(run.active()).toEqual([]);
  await run.city.wait(MINUTE_S);
  expect(run.active()).toEqual([MISSING]);
  expect(run.engine.active()).toMatchObject([{ agent: 'gw-hub-1', site: 'hub-1', unit: '26737' }]);
  send(well, ports);
  await run.city.wait(2 * MINUTE_S);
  expect(run.active()).toEqual([]);
  expect(run.steps('measurement_missing').at(-1)).toBe('n-hub-1 interface resolved');
});

it('is not told of a silent agent, nor right after it is back', async () => {
  run.city.routine.delete('gw-hub-1');
  await run.city.wait(30 * MINUTE_S);
  send(well);
  await run.city.wait(9 * MINUTE_S);
  expect(run.active()).toEqual([]);
  await run.city.wait(2 * MINUTE_S);
  expect(run.active()).toHaveLength(1);
});

it('has a cause of its own in a device that is down; what stands by then stands on', async () => {
  send(deviceUp('n-hub-1', false));
  await run.city.wait(20 * MINUTE_S);
  expect(run.active()).toEqual([]);
  send(well);
  await run.city.wait(11 * MINUTE_S);
  expect(run.active()).toHaveLength(1);
  send(deviceUp('n-hub-1', false));
  await run.city.wait(20 * MINUTE_S);
  expect(run.steps('measurement_missing')).toEqual(['n-hub-1 interface fired']);
});

it('stands through a restart of central until the measurement arrives', async () => {
  send(well);
  await run.city.wait(11 * MINUTE_S);
  run.restart();
  await run.city.wait(30 * MINUTE_S);
  expect(run.steps('measurement_missing')).toEqual(['n-hub-1 interface fired']);
  send(well, ports);
  await run.city.wait(2 * MINUTE_S);
  expect(run.active()).toEqual([]);
});

it('is not told while central hears almost nobody', async () => {
  send(well);
  run.isDeaf = true;
  await run.city.wait(30 * MINUTE_S);
  expect(run.active()).toEqual([]);
});

it('is withdrawn when the inventory no longer expects it', async () => {
  send(well);
  await run.city.wait(11 * MINUTE_S);
  run.replaceInventory(city(['hardware_sensor']));
  await run.city.wait(20);
  expect(run.steps('measurement_missing')).toEqual([
    'n-hub-1 interface fired',
    'n-hub-1 interface withdrawn',
  ]);
});
