import { describe, expect, it } from 'vitest';
import { pollRecordings } from '../testing/poll-recording.ts';
import { checkProfile } from './check-profile.ts';
import { listed, ProfileLibrary } from './library.ts';
import type { ProfileInput } from './profile-schema.ts';

const TREE = '1.3.6.1.4.1.99999';
const device = (seconds: number, objects: string): string =>
  `1.3.6.1.2.1.1.1.0|4|Acme Room Unit R7
1.3.6.1.2.1.1.2.0|6|${TREE}.7
1.3.6.1.2.1.1.3.0|67|${seconds * 100}
${objects.replaceAll('T.', `${TREE}.`)}`;

/** What a device tells by a profile with these sections. */
async function told(sections: Partial<ProfileInput>, ...recordings: readonly string[]) {
  const file = { profile: 'acme', vendor: 'acme', match: [{ sysObjectId: TREE }], ...sections };
  const library = new ProfileLibrary([], [listed(checkProfile('acme.yaml', file))]);
  const rows = await pollRecordings(
    () => library,
    ...recordings.map((objects, at) => device(1_000 + at * 60, objects)),
  );
  return Object.fromEntries(
    rows.filter(({ row }) => row !== 'device_identity').map(({ row, fields }) => [row, fields]),
  );
}

describe('a profile reads', () => {
  it('numbers within texts, in the units of the device', async () => {
    const found = await told(
      {
        measurements: [
          {
            measurement: 'environment',
            tags: { sensor: 'room' },
            fields: {
              temperature_celsius: { oid: `${TREE}.1`, inText: true, unit: 'degF' },
              humidity_pct: { oid: `${TREE}.2`, inText: true },
              airflow_m_per_s: { oid: `${TREE}.3`, inText: true },
            },
          },
          {
            measurement: 'power',
            fields: {
              input_voltage_v: { oid: `${TREE}.4`, unit: 'mV' },
              runtime_minutes: { oid: `${TREE}.5`, unit: 's' },
              energy_kwh: { oid: `${TREE}.6`, unit: 'W.h', scale: 10 },
            },
          },
        ],
      },
      'T.1.0|4|Inlet: 77.0 F\nT.2.0|4|48%\nT.3.0|4|none\nT.4.0|2|231400\nT.5.0|2|90\nT.6.0|66|123',
    );
    expect(found).toMatchObject({
      'environment sensor=room': { temperature_celsius: 25, humidity_pct: 48 },
      power: { input_voltage_v: 231.4, runtime_minutes: 1.5, energy_kwh: 1.23 },
    });
    expect(found['environment sensor=room']).not.toHaveProperty('airflow_m_per_s');
  });

  it('names from a table that has only a part of the index, and words for codes', async () => {
    const found = await told(
      {
        measurements: [
          {
            measurement: 'device_raid',
            tags: { raid: { oid: `${TREE}.8.1.2`, arcs: 1 } },
            fields: {
              ok: { oid: `${TREE}.9.1.3`, good: ['OK', 7] },
              state: { oid: `${TREE}.9.1.3`, values: { OK: 'whole', 7: 'scrubbing', bad: 'broken' } },
            },
          },
        ],
      },
      'T.8.1.2.4|4|pool A\nT.9.1.3.4.1|4|OK\nT.9.1.3.4.2|2|7\nT.9.1.3.4.3|4|bad\nT.9.1.3.5.1|4|OK',
    );
    expect(found).toMatchObject({
      'device_raid raid=pool A': { ok: true, state: 'whole' },
      'device_raid raid=pool A #4.2': { ok: true, state: 'scrubbing' },
      'device_raid raid=pool A #4.3': { ok: false, state: 'broken' },
    });
    expect(Object.keys(found).filter((row) => row.startsWith('device_raid'))).toHaveLength(3);
  });

  it('the rate of a counter from the second reading on, and none over a reset', async () => {
    const sections = {
      measurements: [
        {
          measurement: 'firewall',
          fields: { sessions_per_s: { oid: `${TREE}.3`, rate: true }, sessions_count: `${TREE}.4` },
        },
      ],
    };
    const at = (count: number) => `T.3.0|70|${count}\nT.4.0|66|5`;
    expect((await told(sections, at(100)))['firewall']).toEqual({ sessions_count: 5 });
    expect((await told(sections, at(100), at(3_100)))['firewall']).toEqual({
      sessions_per_s: 50,
      sessions_count: 5,
    });
    expect((await told(sections, at(100), at(3_100), at(10)))['firewall']).toEqual({ sessions_count: 5 });
  });

  it('nothing that a field cannot hold', async () => {
    const found = await told(
      {
        device: { cpu_pct: `${TREE}.1`, temperature_celsius: `${TREE}.2`, major_alarms_count: `${TREE}.3` },
        measurements: [
          { measurement: 'power', fields: { charge_pct: `${TREE}.4`, output_source: `${TREE}.5` } },
        ],
      },
      'T.1.0|2|250\nT.2.0|2|-300\nT.3.0|2|2\nT.4.0|4|n/a\nT.5.0|2|9',
    );
    expect(found['device']).not.toHaveProperty('cpu_pct');
    expect(found['device']).toMatchObject({ major_alarms_count: 2, vendor: 'acme' });
    expect(found['device']).not.toHaveProperty('temperature_celsius');
    expect(found).not.toHaveProperty('power');
  });

  it('a part of sysDescr as the model, and what it extends after its own', async () => {
    const base = checkProfile('base.yaml', {
      profile: 'base',
      vendor: 'acme',
      kind: 'sensor',
      match: [{ sysObjectId: '1.3.6.1.4.1.1' }],
      precedesStandard: true,
      model: { from: 'sysDescr', after: ['Model ', 'Unit '], until: [' ', ','] },
      device: { cpu_pct: `${TREE}.1`, memory_pct: `${TREE}.1` },
    });
    const own = checkProfile('own.yaml', {
      profile: 'own',
      extends: 'base',
      vendor: 'acme',
      match: [{ sysDescr: 'Acme Room Unit*' }],
      device: { cpu_pct: `${TREE}.2` },
    });
    const library = new ProfileLibrary([], [listed(base), listed(own)]);
    const rows = await pollRecordings(() => library, device(10, 'T.1.0|2|1\nT.2.0|2|2'));
    expect(rows.find(({ row }) => row === 'device')?.fields).toMatchObject({
      model: 'R7',
      cpu_pct: 2,
      memory_pct: 1,
    });
    expect(library.get('own')).toMatchObject({ kind: 'sensor', precedesStandard: true });
  });
});
