import { afterEach, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { startSnmpAgent } from '../../simulators/devices/snmp/agent.ts';
import { portSwitchRecording } from '../../simulators/devices/snmp/port-switch.ts';
import { joinRecordings, type Recording } from '../../simulators/devices/snmp/recording.ts';
import {
  bridgeTables,
  formerNeighbourTable,
  neighbourTable,
  portAddresses,
  vlanBridgeTables,
} from '../../simulators/devices/snmp/station-tables.ts';
import { arrive, startPoller, type DevicePlace } from '../support/snmp-poller.ts';

const PORTS = 4;
/** Stations are told every quarter of an hour, each device at its own time. */
const MINUTES = 16;
const PHONE = '00:1b:54:aa:bb:cc';

const macOf = (number: number): string => `00:1c:73:00:00:0${number}`;
const addressOf = (number: number): string => `127.0.0.${10 + number}`;

const disposals: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

/** Devices `d-1`, `d-2` … of one collector, each on an address of its own, with these tables besides its ports. */
async function stationsSeen(tables: readonly Recording[]): Promise<readonly Sample[]> {
  const clock = new ManualClock();
  const places: Record<string, DevicePlace> = {};
  for (const [at, table] of tables.entries()) {
    const number = at + 1;
    const own = portAddresses(macOf(number), PORTS);
    const recording = joinRecordings(portSwitchRecording(PORTS), own, table);
    const agent = await startSnmpAgent({ recording, address: addressOf(number), clock });
    disposals.push(() => agent.close());
    places[`d-${number}`] = { address: addressOf(number), port: agent.port };
  }
  const poller = startPoller(places, { clock });
  disposals.push(() => poller.close());
  const seen: Sample[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    const { samples, errors } = await poller.collect(AbortSignal.timeout(20_000));
    expect(errors).toEqual([]);
    seen.push(...samples.filter(({ measurement }) => measurement === 'port_stations'));
    await clock.advance(60_000);
  }
  expect(arrive(seen, seen[0]?.timeMs ?? 0).refusals).toEqual([]);
  return seen;
}

const shown = (samples: readonly Sample[]) =>
  samples.map(({ tags, fields }) => [
    `${tags['device']} ${tags['interface']} ${tags['source']}`,
    fields['stations_count'],
    fields['devices'],
  ]);

it('switches tell over the wire behind which of their ports they see each other, by VLAN or not', async () => {
  const seen = await stationsSeen([
    vlanBridgeTables(PORTS, [
      { mac: macOf(2), port: 1, vlan: 1 },
      { mac: macOf(2), port: 1, vlan: 20 },
      { mac: macOf(3), port: 1, vlan: 20 },
      { mac: PHONE, port: 2, vlan: 20 },
    ]),
    bridgeTables(PORTS, [
      { mac: macOf(1), port: 4 },
      { mac: macOf(3), port: 3 },
      { mac: PHONE, port: 4 },
    ]),
    [],
  ]);
  expect(new Map(shown(seen).map(([port, ...what]) => [port, what]))).toEqual(
    new Map([
      ['d-1 Gi0/1 fdb', [2, 'd-2 d-3']],
      ['d-2 Gi0/3 fdb', [1, 'd-3']],
      ['d-2 Gi0/4 fdb', [2, 'd-1']],
    ]),
  );
});

it('routers tell whose addresses they resolved, by the present table or the former', async () => {
  const seen = await stationsSeen([
    neighbourTable([
      { mac: macOf(2), port: 2, address: addressOf(2) },
      { mac: PHONE, port: 2, address: '127.0.0.99' },
    ]),
    formerNeighbourTable([{ mac: macOf(1), port: 1, address: addressOf(1) }]),
  ]);
  expect(new Map(shown(seen).map(([port, ...what]) => [port, what]))).toEqual(
    new Map([
      ['d-1 Gi0/2 arp', [2, 'd-2']],
      ['d-2 Gi0/1 arp', [1, 'd-1']],
    ]),
  );
});
