import fc from 'fast-check';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { describe, expect, it } from 'vitest';
import { upsSamples } from './samples.ts';

const of = (variables: Record<string, string>) => {
  const identity = { upsName: 'eaton', device: 'ups-1' };
  return upsSamples(new Map(Object.entries(variables)), identity, { host: 'gw-1' }, 1_790_000_000_000);
};
const powerOf = (variables: Record<string, string>) =>
  of(variables).samples.find(({ measurement }) => measurement === 'power')?.fields;

describe('the state of a UPS', () => {
  it.each([
    ['OL', 8, { output_source: 3, on_battery: false, mains_ok: true, battery_status: 2, alarms_count: 0 }],
    ['OL CHRG', 8, { output_source: 3, on_battery: false }],
    ['OB DISCHRG', 16, { output_source: 5, on_battery: true, mains_ok: false, alarms_count: 1 }],
    ['OB LB', 80, { output_source: 5, battery_status: 3, alarms_count: 2 }],
    ['FSD OB LB', 80, { output_source: 5, battery_status: 3 }],
    ['OL RB ALARM', 136, { output_source: 3, alarms_count: 2 }],
    ['OL TRIM', 10, { output_source: 7 }],
    ['OL BOOST', 12, { output_source: 6 }],
    ['OL BYPASS', 8, { output_source: 4, alarms_count: 1 }],
    ['OL OFF', 8, { output_source: 2, mains_ok: true }],
    ['OB CAL OVER', 49, { output_source: 5, alarms_count: 2 }],
  ])('%s', (status, flags, expected) => {
    expect(of({ 'ups.status': status }).samples[0]?.fields).toMatchObject({ status_flags: flags });
    expect(powerOf({ 'ups.status': status })).toMatchObject(expected);
  });

  it.each([['WAIT'], [''], [undefined]])('%j is not known, and nothing is said of it', (status) => {
    const variables = { 'battery.charge': '50', ...(status !== undefined && { 'ups.status': status }) };
    expect(powerOf(variables)).toEqual({ charge_pct: 50 });
  });

  it('that has run empty says nothing of its battery, and nothing of mains power it cannot see', () => {
    const off = powerOf({ 'ups.status': 'OFF', 'battery.charge': '5', 'ups.load': '0' });
    expect(off).toEqual({ output_source: 2, alarms_count: 0, charge_pct: 5, load_pct: 0 });
    expect(powerOf({ 'ups.status': 'OFF', 'input.voltage': '0' })).toMatchObject({ mains_ok: false });
    const back = powerOf({ 'ups.status': 'OFF', 'input.L1-N.voltage': '0', 'input.L2-N.voltage': '231' });
    expect(back).toMatchObject({ output_source: 2, mains_ok: true, on_battery: false });
  });

  it('that is off on battery has no output, and is still on battery', () => {
    expect(powerOf({ 'ups.status': 'OB OFF' })).toMatchObject({ output_source: 2, on_battery: true });
  });

  it('that is called off but carries a load is not off', () => {
    expect(powerOf({ 'ups.status': 'OL OFF', 'ups.load': '23' })).toMatchObject({ output_source: 3 });
  });

  it('that discharges without voltage at its input is on battery, though it says OL', () => {
    const dead = { 'ups.status': 'OL DISCHRG', 'input.voltage': '0.0' };
    const onBattery = { output_source: 5, on_battery: true, mains_ok: false, alarms_count: 1 };
    expect(powerOf(dead)).toMatchObject(onBattery);
    expect(of(dead).samples[0]?.fields).toMatchObject({ status_flags: 8, ups_status: 'OL DISCHRG' });
    const phases = { 'input.L1-N.voltage': '0', 'input.L2-N.voltage': '1.2', 'input.L3-N.voltage': '0' };
    expect(powerOf({ 'ups.status': 'OL DISCHRG', ...phases })).toMatchObject(onBattery);
    const onMains = { output_source: 3, on_battery: false, mains_ok: true };
    expect(powerOf({ ...dead, 'input.voltage': '229' })).toMatchObject(onMains);
    expect(powerOf({ 'ups.status': 'OL DISCHRG' })).toMatchObject(onMains);
    expect(powerOf({ 'ups.status': 'OL', 'input.voltage': '0' })).toMatchObject(onMains);
  });

  it('that tests its battery has mains power', () => {
    expect(powerOf({ 'ups.status': 'OB CAL', 'input.voltage': '229' })).toMatchObject({ mains_ok: true });
  });
});

describe('values', () => {
  it('that are no numbers, or none that can be, cost themselves', () => {
    const { samples, problems } = of({
      'battery.charge': '250',
      'battery.runtime': 'N/A',
      'ups.load': '1e999',
      'input.voltage': '0x10',
      'output.voltage': '230.0',
    });
    expect(samples.map(({ fields }) => fields)).toEqual([{ output_voltage: 230 }, { output_voltage_v: 230 }]);
    expect(problems).toEqual([
      'upsd.battery_charge_percent 250 is out of range',
      'power.charge_pct 250 is out of range',
    ]);
  });

  it('of three phases stand apart', () => {
    const { samples } = of({
      'ups.status': 'OL',
      'input.L1-N.voltage': '229',
      'input.L2-N.voltage': '230',
      'output.L2.realpower': '900',
      'output.L2.power.percent': '31',
    });
    expect(samples.slice(2).map(({ tags, fields }) => [tags['line'], fields])).toEqual([
      ['1', { input_voltage_v: 229 }],
      ['2', { input_voltage_v: 230, output_power_w: 900, load_pct: 31 }],
    ]);
  });

  it('of a UPS that tells nothing make no sample', () => {
    expect(of({})).toEqual({ samples: [], problems: [] });
  });
});

it('whatever a server tells, each value is one that the catalogue takes', () => {
  const names = [
    'ups.status',
    'battery.charge',
    'battery.runtime',
    'input.voltage',
    'output.voltage',
    'ups.load',
    'input.L1-N.voltage',
    'ups.temperature',
    'ups.realpower',
    'input.frequency',
  ];
  const value = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.constantFrom('OL', 'OB LB', 'OFF', '-1', '1e309', 'NaN', '65535', '0x10', ''),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value), (variables) => {
      for (const { measurement, fields } of of(variables).samples)
        for (const [name, found] of Object.entries(fields)) {
          const { min = -Infinity, max = Infinity } = CATALOGUE.get(measurement)?.fields[name] ?? {
            min: Infinity,
          };
          if (typeof found === 'number') expect([name, found >= min && found <= max]).toEqual([name, true]);
        }
    }),
  );
});
