import type { Sample } from '../../../../contract/sample.ts';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { AnswerSize } from '../../../protocols/snmp/answer-size.ts';
import { objectsOf } from '../../../protocols/snmp/testing/columns.ts';
import { FakeSession, type Objects } from '../../../protocols/snmp/testing/fake-session.ts';
import type { CollectorDeps } from '../../collector.ts';
import { Device } from '../device.ts';
import { KnownStations } from '../known-stations.ts';
import type { DeviceSource, Profile, RowSource } from '../profile/profile-schema.ts';
import { shippedProfiles } from '../profile/shipped.ts';
import type { ValueRule } from '../profile/value-reader.ts';
import { SENSOR_TABLE } from '../sensors.ts';
import { createSnmpCollector } from '../snmp.ts';
import { STANDARD_PROFILE } from '../standard.ts';
import { shippedLibrary } from './shipped-library.ts';

const SYSTEM = '1.3.6.1.2.1.1';

/** A device that fits this profile, with one row in every table that we read. */
function objectsFor(profile: Profile | undefined, uptimeS: number): Objects {
  const octets = BigInt(uptimeS) * 1_000_000n;
  return {
    [`${SYSTEM}.1.0`]: fitting(profile?.match[0]?.sysDescr?.[0] ?? 'Version 12.2(55)SE3'),
    [`${SYSTEM}.2.0`]: profile?.match[0]?.sysObjectId?.[0] ?? '1.3.6.1.4.1.99.1',
    [`${SYSTEM}.3.0`]: uptimeS * 100,
    [`${SYSTEM}.5.0`]: 'sw-1',
    // IF-MIB
    ...objectsOf('1.3.6.1.2.1.2.2.1', {
      1: { 2: 'uplink', 3: 6, 5: 1_000_000_000, 7: 1, 8: 1, 9: 100, 13: uptimeS, 14: uptimeS, 19: 0, 20: 0 },
    }),
    ...objectsOf('1.3.6.1.2.1.31.1.1.1', {
      1: {
        1: 'Et5',
        6: octets,
        7: octets,
        8: 0n,
        9: 0n,
        10: octets,
        11: octets,
        12: 0n,
        13: 0n,
        15: 1_000,
        18: 'to hub',
        19: 0,
      },
    }),
    // BGP4-MIB and OSPF-MIB
    ...objectsOf('1.3.6.1.2.1.15.3.1', { '10.0.0.2': { 2: 6, 3: 2, 16: 3_600 } }),
    ...objectsOf('1.3.6.1.2.1.14.10.1', { '10.0.0.3.0': { 6: 8 } }),
    // ENTITY-SENSOR-MIB: a temperature and the light in a port; HOST-RESOURCES-MIB storage; LLDP-MIB
    ...objectsOf(SENSOR_TABLE, {
      1: { 1: 8, 2: 9, 3: 1, 4: 282, 5: 1 },
      2: { 1: 14, 2: 9, 3: 1, 4: -24, 5: 1 },
    }),
    ...objectsOf('1.3.6.1.2.1.47.1.1.1.1', { 1: { 7: 'Board' }, 2: { 7: 'DOM RX Power Sensor for Et5' } }),
    ...objectsOf('1.3.6.1.2.1.25.2.3.1', {
      1: { 2: '1.3.6.1.2.1.25.2.1.2', 3: 'RAM', 4: 1_024, 5: 4_096, 6: 1_024 },
    }),
    ...objectsOf('1.0.8802.1.1.2.1.4.1.1', { '0.1.1': { 4: 7, 5: 'chassis', 6: 5, 7: 'Gi0/2', 9: 'sw-2' } }),
    '1.0.8802.1.1.2.1.4.2.1.3.0.1.1.1.4.10.0.0.7': 2,
    '1.0.8802.1.1.2.1.3.1.0': 4,
    '1.0.8802.1.1.2.1.3.2.0': Buffer.from('001c73b4fd69', 'hex'),
    ...objectsOf('1.0.8802.1.1.2.1.3.7.1', { 1: { 2: 5, 3: 'Et5' } }),
    ...Object.fromEntries([...profileObjects(STANDARD_PROFILE), ...profileObjects(profile)]),
  };
}

const SHIPPED = shippedProfiles();

type Entry = readonly [oid: string, value: number | string];

/** A text that this pattern takes. */
function fitting(pattern: string): string {
  return pattern.replaceAll('*', '').replaceAll('?', 'x');
}

/** One value for each source of a profile and of the one that it extends; 2 is in the range of every field. */
function profileObjects(profile: Profile | undefined): readonly Entry[] {
  if (profile === undefined) return [];
  const { match, model = [], software = [], device, measurements, ports, extends: parent } = profile;
  const probe = match[0]?.probe;
  return [
    ...profileObjects(SHIPPED.find((other) => other.profile === parent)?.read()),
    ...[...model, ...software].flatMap(({ from }): Entry[] =>
      from === 'sysDescr' ? [] : [[`${from}.0`, 'v1.2']],
    ),
    ...Object.values(device).flat().flatMap(deviceObjects),
    ...measurements.flatMap(rowObjects),
    ...ports.flatMap(({ fields }) => Object.values(fields).flat().map(valueObject('1'))),
    ...(probe === undefined
      ? []
      : [[probe.oid, probe.is === undefined ? 2 : fitting(probe.is[0] ?? '')] as const]),
  ];
}

function deviceObjects(source: DeviceSource): readonly Entry[] {
  if ('oid' in source) return [valueObject(source.row ?? '1')(source)];
  const { used = [], free = [], total = [], row = '1' } = source;
  return [
    ...[...used, ...free].map((oid): Entry => [`${oid}.${row}`, 2]),
    ...total.map((oid): Entry => [`${oid}.${row}`, 20]),
  ];
}

function rowObjects({ tags, fields, only, row = '1' }: RowSource): readonly Entry[] {
  return [
    ...Object.values(fields).flat().map(valueObject(row)),
    ...Object.values(tags).flatMap((source): Entry[] =>
      typeof source === 'string' || source.oid === undefined
        ? []
        : [[`${source.oid}.${row}`, fitting(Object.keys(source.values ?? { 1: '' })[0] ?? '1')]],
    ),
    ...(only === undefined ? [] : [[`${only.oid}.${row}`, only.is[0] ?? 1] as const]),
  ];
}

function valueObject(row: string): (source: ValueRule & { readonly oid: string }) => Entry {
  return ({ oid, values, good, min = 2, max = 2 }) => {
    const code = good?.[0] ?? Object.keys(values ?? {})[0];
    return [`${oid}.${row}`, code ?? (min > 2 ? min : Math.min(2, max))];
  };
}

/** Of one device of each profile and one without, two polls, and of one that does not answer. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const clock = new ManualClock();
  const sessions: { readonly session: FakeSession; readonly profile: Profile | undefined }[] = [];
  const profiles = shippedLibrary();
  const devices = [...SHIPPED.map((each) => each.read()), undefined].map((profile, index) => {
    const session = new FakeSession(objectsFor(profile, 1_000));
    sessions.push({ session, profile });
    const openSession = async () => session;
    return new Device({
      name: `d-${index}`,
      address: '10.0.0.1',
      ipAddress: '10.0.0.1',
      stations: new KnownStations(),
      profiles,
      answerSize: new AnswerSize({ start: 25, most: 25 }),
      phase: 0,
      clock,
      openSession,
    });
  });
  const collector = createSnmpCollector(devices, { ...deps, clock });
  const signal = new AbortController().signal;
  const first = await collector.collect(signal);
  await clock.advance(60_000);
  for (const { session, profile } of sessions) session.objects = objectsFor(profile, 1_060);
  const second = await collector.collect(signal);
  await collector.close();
  return [...first.samples, ...second.samples];
}
