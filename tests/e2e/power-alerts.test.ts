import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { upsSamples } from '../../edge/collectors/ups/samples.ts';
import { withKnownRuntime } from '../../edge/collectors/ups/runtime.ts';
import { withPowerSummary } from '../../edge/collectors/snmp/power.ts';
import { alertsByMinute } from '../support/alerts-by-minute.ts';

/** Small inputs after public reports about UPSs, kept outside the project. */
const REPORTS = join(import.meta.dirname, '../../../shared/data/reports/nut');

interface Phase {
  readonly for_min: number;
  readonly upsc: Readonly<Record<string, string>>;
}

/** What stood raised in each minute over what a UPS of a NUT server says in these phases. */
function raisedOverNut(phases: readonly Phase[]): readonly (readonly string[])[] {
  const byMinute = phases.flatMap(({ for_min, upsc }) => Array.from({ length: for_min }, () => upsc));
  const memory = new Map<string, boolean>();
  return alertsByMinute(byMinute.length, (minute, timeMs) => {
    const told = new Map(Object.entries(byMinute[minute] ?? {}));
    const variables = withKnownRuntime(told, 'eaton@nut', memory);
    return upsSamples(variables, { upsName: 'eaton', device: 'ups-1' }, { host: 'gw-1' }, timeMs).samples;
  });
}

/** The same over what a UPS says over SNMP. */
function raisedOverSnmp(
  phases: readonly { readonly minutes: number; readonly fields: Sample['fields'] }[],
): readonly (readonly string[])[] {
  const byMinute = phases.flatMap(({ minutes, fields }) => Array.from({ length: minutes }, () => fields));
  let counts = false;
  return alertsByMinute(byMinute.length, (minute, timeMs) => {
    const reading = { measurement: 'power', tags: {}, fields: byMinute[minute] ?? {} };
    const { readings, runtimeCounts } = withPowerSummary([reading], counts);
    counts = runtimeCounts;
    return readings.map((one) => ({ ...one, tags: { host: 'gw-1', device: 'ups-1' }, timeMs }));
  });
}

const ON_BATTERY = 'power_on_battery minor';
const RUNTIME_LOW = 'power_runtime_low critical';
const NO_OUTPUT = 'power_no_output critical';

const MAINS = { 'ups.status': 'OL', 'battery.charge': '100', 'input.voltage': '231', 'ups.load': '30' };
const CUT = { ...MAINS, 'ups.status': 'OB DISCHRG', 'battery.charge': '70', 'input.voltage': '0' };
const EMPTY = { ...CUT, 'ups.status': 'OFF', 'battery.charge': '5', 'battery.runtime': '0', 'ups.load': '0' };

describe('the shipped rules', () => {
  it('see a power cut on a UPS of a NUT server as on one over SNMP', () => {
    const identity = { upsName: 'eaton', device: 'ups-1' };
    const raised = alertsByMinute(60, (minute, timeMs) => {
      const isCut = minute >= 5 && minute < 30;
      const variables = new Map([
        ['ups.status', isCut ? (minute >= 25 ? 'OB LB' : 'OB') : 'OL'],
        ['battery.charge', String(isCut ? 100 - (minute - 5) * 4 : 100)],
        ['battery.runtime', String(isCut ? (30 - minute) * 60 : 1_800)],
      ]);
      return upsSamples(variables, identity, { host: 'gw-1' }, timeMs).samples;
    });
    expect(raised[4]).toEqual([]);
    expect(raised[5]).toEqual(['power_on_battery minor']);
    expect(raised[17]).toEqual(['power_on_battery minor', 'power_runtime_low critical']);
    expect(raised[29]).toEqual(['battery_low major', 'power_on_battery minor', 'power_runtime_low critical']);
    expect(raised.at(-1)).toEqual([]);
  });

  it('stand and worsen when the battery has run empty, and resolve when mains are back', () => {
    const raised = raisedOverNut([
      { for_min: 5, upsc: { ...MAINS, 'battery.runtime': '1800' } },
      { for_min: 10, upsc: { ...CUT, 'battery.runtime': '1100' } },
      { for_min: 10, upsc: { ...CUT, 'ups.status': 'OB LB', 'battery.runtime': '240' } },
      { for_min: 60, upsc: EMPTY },
      { for_min: 120, upsc: { ...MAINS, 'battery.runtime': '1800' } },
    ]);
    expect(raised[4]).toEqual([]);
    expect(raised[14]).toEqual([ON_BATTERY]);
    expect(raised[24]).toEqual([ON_BATTERY, RUNTIME_LOW]);
    expect(raised[25]).toEqual([NO_OUTPUT, ON_BATTERY, RUNTIME_LOW]);
    expect(raised[84]).toEqual(['battery_low major', NO_OUTPUT, ON_BATTERY, RUNTIME_LOW]);
    expect(raised.at(-1)).toEqual([]);
  });

  it('stand also for a UPS over SNMP that has run empty', () => {
    const raised = raisedOverSnmp([
      { minutes: 5, fields: { output_source: 3, runtime_minutes: 30 } },
      { minutes: 20, fields: { output_source: 5, runtime_minutes: 9, on_battery_s: 60 } },
      { minutes: 30, fields: { output_source: 2, runtime_minutes: 0 } },
      { minutes: 30, fields: { output_source: 3, runtime_minutes: 30 } },
    ]);
    expect(raised[4]).toEqual([]);
    expect(raised[24]).toEqual([ON_BATTERY, RUNTIME_LOW]);
    expect(raised[54]).toEqual([NO_OUTPUT, ON_BATTERY, RUNTIME_LOW]);
    expect(raised.at(-1)).toEqual([]);
  });

  it('see that a UPS was switched off while there is mains power, which is no power cut', () => {
    const raised = raisedOverNut([
      { for_min: 10, upsc: { ...MAINS, 'ups.status': 'OL OFF', 'ups.load': '0' } },
    ]);
    expect(raised.at(-1)).toEqual([NO_OUTPUT]);
  });

  it('see the cut behind `OL DISCHRG` at 0 V', () => {
    const discharging = { ...CUT, 'ups.status': 'OL DISCHRG', 'battery.runtime': '180' };
    const raised = raisedOverNut([
      { for_min: 5, upsc: { ...MAINS, 'battery.runtime': '1800' } },
      { for_min: 5, upsc: discharging },
    ]);
    expect(raised[4]).toEqual([]);
    expect(raised.at(-1)).toEqual([ON_BATTERY, RUNTIME_LOW]);
  });

  it('do not call a battery empty whose UPS always says 0 minutes', () => {
    const raised = raisedOverNut([
      { for_min: 60, upsc: { ...MAINS, 'battery.runtime': '0' } },
      { for_min: 20, upsc: { ...CUT, 'battery.runtime': '0' } },
    ]);
    expect(raised[59]).toEqual([]);
    expect(raised.at(-1)).toEqual([ON_BATTERY]);
    const overSnmp = raisedOverSnmp([
      { minutes: 60, fields: { output_source: 3, runtime_minutes: 0 } },
      { minutes: 20, fields: { output_source: 5, runtime_minutes: 0 } },
    ]);
    expect(overSnmp[59]).toEqual([]);
    expect(overSnmp.at(-1)).toEqual([ON_BATTERY]);
  });
});

describe.skipIf(!existsSync(REPORTS))('after public reports (skipped without the shared data)', () => {
  const read = (file: string): string => readFileSync(join(REPORTS, file), 'utf8');

  it('the alerts of a cut stand, and worsen, when the UPS has run empty', () => {
    const raised = raisedOverNut(JSON.parse(read('battery-exhausted.json')) as Phase[]);
    expect(raised[4]).toEqual([]);
    expect(raised[24]).toEqual([ON_BATTERY]);
    expect(raised[34]).toContain(RUNTIME_LOW);
    expect(raised.at(-1)).toEqual(['battery_low major', NO_OUTPUT, ON_BATTERY, RUNTIME_LOW]);
  });

  it.each(['runtime-zero-on-mains.txt', 'sentinel-runtime.txt', 'spurious-lb-rb.txt'])(
    '%s raises nothing',
    (file) => {
      const upsc = Object.fromEntries(
        read(file)
          .trim()
          .split('\n')
          .map((line) => line.split(': ') as [string, string]),
      );
      expect(raisedOverNut([{ for_min: 60, upsc }]).flat()).toEqual([]);
    },
  );
});
