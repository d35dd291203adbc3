import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FieldValue } from '../../../../contract/sample.ts';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { KindHarness, kindRule, problemsOf } from '../../testing/kind-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../load-rules.ts';

const MINUTE_S = 60;
const HOUR_S = 3_600;
let harness: KindHarness;
beforeEach(() => {
  harness = new KindHarness();
  const ids = new Set(['battery_low', 'battery_not_charged', 'power_battery_bad']);
  harness.start(loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) => ids.has(id)));
});
afterEach(() => harness.end());

/** A UPS says this each half minute. */
function ups(fromS: number, toS: number, chargePct: number, onBattery: boolean | undefined): void {
  for (let atS = fromS; atS < toS; atS += 30) {
    const fields: Record<string, FieldValue | undefined> = { charge_pct: chargePct, on_battery: onBattery };
    harness.send(atS, { measurement: 'power', tags: { device: 'ups-1' }, fields });
  }
}

/** One says this each half minute that judges its battery: 2 normal, 3 low, 4 empty. */
function statuses(fromS: number, toS: number, status: number, onBattery: boolean): void {
  for (let atS = fromS; atS < toS; atS += 30) {
    const chargePct = onBattery ? 20 : Math.min(100, 20 + ((atS - 4 * MINUTE_S) / HOUR_S) * 12);
    const fields = { charge_pct: chargePct, on_battery: onBattery, battery_status: status };
    harness.send(atS, { measurement: 'power', tags: { device: 'ups-1' }, fields });
  }
}

function told(): string[] {
  return harness.recorded.map(({ event, alert }) => `${alert.rule} ${event.kind} ${event.severity}`.trim());
}

it('a battery that runs low on battery is told, and not once mains power is back while it is low still', () => {
  ups(0, 4 * MINUTE_S, 45, true);
  ups(4 * MINUTE_S, HOUR_S, 47, false);
  expect(told()).toEqual([]);
});

it('one that was told goes on until it is charged, and gets no graver while it is charged', () => {
  ups(0, 6 * MINUTE_S, 45, true);
  ups(6 * MINUTE_S, 10 * MINUTE_S, 24, true);
  ups(10 * MINUTE_S, 40 * MINUTE_S, 24, false);
  expect(told()).toEqual(['battery_low fired minor']);
  ups(40 * MINUTE_S, 50 * MINUTE_S, 61, false);
  expect(told().map((each) => each.split(' ').slice(0, 2).join(' '))).toEqual([
    'battery_low fired',
    'battery_low recovering',
    'battery_low resolved',
  ]);
});

it('one of a UPS that does not say whether it has mains power is told as before', () => {
  ups(0, 6 * MINUTE_S, 20, undefined);
  expect(told()).toEqual(['battery_low fired major']);
});

it('one that mains power does not charge within eight hours is told', () => {
  ups(0, 7.9 * HOUR_S, 40, false);
  expect(told()).toEqual([]);
  ups(7.9 * HOUR_S, 8.1 * HOUR_S, 40, false);
  expect(told()).toEqual(['battery_not_charged fired minor']);
});

it.each([3, 4])('one that an ordinary cut left low or empty (%i) is charged, and is not told', (status) => {
  statuses(0, 4 * MINUTE_S, status, true);
  statuses(4 * MINUTE_S, 2 * HOUR_S, status, false);
  statuses(2 * HOUR_S, 9 * HOUR_S, 2, false);
  expect(told()).toEqual([]);
});

it.each([
  [3, 'minor'],
  [4, 'major'],
])('one that its UPS judges bad (%i) for longer than charging takes is told', (status, severity) => {
  statuses(0, 8.1 * HOUR_S, status, false);
  expect(told()).toEqual([`power_battery_bad fired ${severity}`]);
});

it('a condition of the begin that its field can never meet is refused', () => {
  const settings = {
    ...{ kind: 'threshold', measurement: 'power', field: 'charge_pct', entity: ['device'], across: 'newest' },
    ...{ op: 'below', levels: [{ severity: 'minor', raise: 50, clear: 60 }] },
  };
  expect(problemsOf(() => kindRule({ ...settings, beginsWhen: { on_battery: 'yes' } }))).toEqual([
    expect.stringContaining('beginsWhen.on_battery'),
  ]);
  expect(problemsOf(() => kindRule({ ...settings, beginsWhen: { on_batery: true } }))).toEqual([
    expect.stringContaining('on_batery'),
  ]);
});
