import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../contract/sample.ts';
import { withPowerSummary } from './power.ts';
import type { Reading } from './reading.ts';

type Fields = Readonly<Record<string, FieldValue>>;

const reading = (fields: Fields, tags: Record<string, string> = {}): Reading => ({
  measurement: 'power',
  tags,
  fields,
});
const line = (volts: number): Reading => reading({ input_voltage_v: volts }, { line: '1' });
const summaryOf = (fields: Fields, ...lines: readonly Reading[]) =>
  withPowerSummary([reading(fields), ...lines], false).readings[0]?.fields;

describe('a UPS', () => {
  it('whose battery ran empty has no output, and nothing is said of battery and mains until mains are back', () => {
    expect(summaryOf({ output_source: 2 })).toEqual({ output_source: 2 });
    expect(summaryOf({ output_source: 2 }, line(0))).toEqual({ output_source: 2, mains_ok: false });
    expect(summaryOf({ output_source: 2, input_voltage_v: 0 })).toMatchObject({ mains_ok: false });
    expect(summaryOf({ output_source: 2 }, line(230))).toMatchObject({ mains_ok: true, on_battery: false });
  });

  it('that counts its seconds on battery over dead lines is on battery, whatever source it states', () => {
    expect(summaryOf({ output_source: 3, on_battery_s: 40 }, line(0))).toMatchObject({ on_battery: true });
    expect(summaryOf({ output_source: 3, on_battery_s: 0 }, line(0))).toMatchObject({ on_battery: false });
    expect(summaryOf({ output_source: 3, on_battery_s: 40 }, line(230))).toMatchObject({ on_battery: false });
  });

  it('without voltages per line is judged by its source, and on battery by the voltage it has', () => {
    expect(summaryOf({ output_source: 3 })).toMatchObject({ mains_ok: true, on_battery: false });
    expect(summaryOf({ output_source: 5 })).toMatchObject({ mains_ok: false, on_battery: true });
    expect(summaryOf({ output_source: 5, input_voltage_v: 229 })).toMatchObject({ mains_ok: true });
  });

  it('that always says 0 minutes has no runtime, until one was seen', () => {
    const told = [
      { output_source: 3, runtime_minutes: 0 },
      { output_source: 5, runtime_minutes: 0 },
      { output_source: 5, runtime_minutes: 9 },
      { output_source: 5, runtime_minutes: 0 },
    ];
    let counts = false;
    const runtimes = told.map((fields) => {
      const { readings, runtimeCounts } = withPowerSummary([reading(fields)], counts);
      counts = runtimeCounts;
      return readings[0]?.fields['runtime_minutes'];
    });
    expect(runtimes).toEqual([undefined, undefined, 9, 0]);
  });

  it('with a low battery has 0 minutes at once', () => {
    expect(summaryOf({ output_source: 5, battery_status: 4, runtime_minutes: 0 })).toMatchObject({
      runtime_minutes: 0,
    });
  });
});
