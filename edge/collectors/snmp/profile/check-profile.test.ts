import { describe, expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.ts';
import { checkProfile } from './check-profile.ts';

const OID = '1.3.6.1.4.1.99.1';
const file = (sections: object) => ({
  profile: 'acme',
  vendor: 'acme',
  match: [{ sysObjectId: '1.3.6.1.4.1.99' }],
  ...sections,
});
const told = (sections: object) => problemsOf(() => checkProfile('acme.yaml', file(sections)));
const power = (fields: object, more: object = {}) => ({
  measurements: [{ measurement: 'power', fields, ...more }],
});

describe('a profile', () => {
  it('may write an OID alone, with a dot in front, and with the .0 of a scalar', () => {
    const { measurements } = checkProfile('acme.yaml', file(power({ charge_pct: `.${OID}.0` })));
    expect(measurements[0]?.fields['charge_pct']?.[0]?.oid).toBe(OID);
  });

  it('is refused where it could never read a value', () => {
    expect(told(power({ charge_pct: { oid: OID, scale: 0 } }))).toEqual([
      expect.stringMatching(/scale: expected a number other than 0/),
    ]);
    const range = { oid: OID, min: 5, max: 1 };
    for (const sections of [power({ charge_pct: range }), { device: { cpu_pct: range } }])
      expect(told(sections)).toEqual([expect.stringMatching(/max: expected a number not below min/)]);
    expect(told(power({ charge_pct: '1.3.6.1.4.1.4294967296.1' }))).toEqual([
      expect.stringMatching(/expected arcs up to 4294967295/),
    ]);
    expect(told(power({ charge_pct: '1.3.6.1.4.1.4294967295.1' }))).toEqual([]);
  });

  it('is told all its problems at once, with file, place, value and the nearest name', () => {
    expect(
      told({
        vendor: '',
        device: { cpu_pkt: OID, uptime_s: OID, fan_ok: OID, cpu_pct: { used: OID, fre: OID } },
        measurements: [
          { measurement: 'pwer', fields: { charge_pct: OID } },
          { measurement: 'power', fields: { charge_pc: OID, input_voltage_v: { oid: OID, unit: 'mA' } } },
          { measurement: 'hardware_sensor', tags: { typ: 'celsius' }, fields: { value: { oid: 'ifDescr' } } },
          { measurement: 'interface', fields: { in_bps: OID } },
        ],
      }),
    ).toEqual([
      'acme.yaml: vendor: too small: expected string to have >=1 characters, got ""',
      'acme.yaml: device.cpu_pct.fre: unknown setting',
      'acme.yaml: device.cpu_pct: expected two of used, free, total, got {"used":["1.3.6.1.4.1.99.1"],"inText":false}',
      'acme.yaml: measurements[2].fields.value.oid: expected an OID in numbers, such as 1.3.6.1.4.1.9.9.109.1.1.1.1.7, got "ifDescr"',
      'acme.yaml: device.cpu_pkt: device has no such field; did you mean cpu_pct?',
      'acme.yaml: device.fan_ok: expected good or values: this field is true or false, got "1.3.6.1.4.1.99.1"',
      'acme.yaml: device.uptime_s: the collector finds this field itself',
      'acme.yaml: measurements[0].measurement: the catalogue has no such measurement; did you mean power?, got "pwer"',
      'acme.yaml: measurements[1].fields.charge_pc: power has no such field; did you mean charge_pct?',
      'acme.yaml: measurements[1].fields.input_voltage_v.unit: expected a unit that becomes V: one of uV, mV, V, kV, got "mA"',
      'acme.yaml: measurements[2].tags.typ: hardware_sensor has no such tag; did you mean type?',
      'acme.yaml: measurements[2].tags: expected the tag sensor, which hardware_sensor needs, got {"typ":"celsius"}',
      'acme.yaml: measurements[3].measurement: expected its fields in the section ports, got "interface"',
    ]);
  });

  it('says what a number, a flag and a text can be', () => {
    expect(
      told({
        ...power({
          outlet_on: { oid: OID, values: { 1: 'on' } },
          charge_pct: { oid: OID, good: [1] },
          output_source: { oid: OID, values: { 1: 99 } },
        }),
        ports: [
          {
            index: 'ifIndex',
            fields: { description: { oid: OID, unit: 'V' }, in_use: { oid: OID, good: [1] } },
          },
        ],
      }),
    ).toEqual([
      'acme.yaml: measurements[0].fields.outlet_on.values.1: expected true or false for this field, got "on"',
      'acme.yaml: measurements[0].fields.charge_pct.good: expected no flag: this field is a number in % from 0 up to 100, got [1]',
      'acme.yaml: measurements[0].fields.output_source.values.1: expected a number from 0 up to 7, got 99',
      'acme.yaml: ports[0].fields.description.unit: expected no unit: this field is a text, got "V"',
    ]);
  });

  it('that is rubbish is refused, whatever it is', () => {
    for (const rubbish of [
      null,
      7,
      'x',
      [],
      { measurements: 7 },
      { device: [], ports: { a: 1 } },
      { match: {} },
    ])
      expect(problemsOf(() => checkProfile('r.yaml', rubbish))).not.toEqual([]);
  });
});
