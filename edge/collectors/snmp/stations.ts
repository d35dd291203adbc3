import { MAX_ROWS, type Column, type Conversation } from '../../protocols/snmp/conversation.ts';
import { toMacOrText, toNumber } from '../../protocols/snmp/value.ts';
import type { KnownStations } from './known-stations.ts';
import { addressOfIndex } from './management-address.ts';
import type { Reading, TableResult } from './reading.ts';

/** IF-MIB (RFC 2863) ifPhysAddress. */
const PHYSICAL_ADDRESS = '1.3.6.1.2.1.2.2.1.6';
/** Q-BRIDGE-MIB (RFC 4363) dot1qTpFdbPort, BRIDGE-MIB (RFC 4188) dot1dTpFdbPort and dot1dBasePortIfIndex. */
const VLAN_FORWARDING = '1.3.6.1.2.1.17.7.1.2.2.1.2';
const FORWARDING = '1.3.6.1.2.1.17.4.3.1.2';
const PORT_INTERFACE = '1.3.6.1.2.1.17.1.4.1.2';
/** IP-MIB (RFC 4293) ipNetToPhysicalPhysAddress, and ipNetToMediaPhysAddress that it took the place of. */
const NEIGHBOURS = '1.3.6.1.2.1.4.35.1.4';
const FORMER_NEIGHBOURS = '1.3.6.1.2.1.4.22.1.2';

const MAC_BYTES = 6;
/** Behind a port with more of them nothing is next to it. */
const MAX_NAMED = 4;
/** Ports of one device that are reported. */
const MAX_PORTS = 64;
const NO_MAC = '00:00:00:00:00:00';

type Walk = Pick<Conversation, 'column'>;

/** The hardware addresses of a device's own ports. */
export async function readOwnMacs(
  conversation: Walk,
): Promise<{ readonly macs: readonly string[]; readonly error?: Error | undefined }> {
  const { cells, error } = await conversation.column(PHYSICAL_ADDRESS);
  const macs = [...cells.values()]
    .filter(({ value }) => Buffer.isBuffer(value) && value.length === MAC_BYTES)
    .flatMap(({ value }) => toMacOrText(value) ?? [])
    .filter((mac) => mac !== NO_MAC);
  return { macs: [...new Set(macs)], error };
}

export interface StationContext {
  readonly conversation: Walk;
  /** The device that is read. */
  readonly device: string;
  readonly known: Pick<KnownStations, 'deviceOfMac' | 'deviceOfAddress'>;
  /** Names of its ports, by ifIndex. */
  readonly portNames: ReadonlyMap<string, string>;
}

/** Measurement `port_stations`: a reading a port behind which devices of this collector are seen. Other addresses are counted only. */
export async function readStations(context: StationContext): Promise<TableResult> {
  const forwarding = await readForwarding(context.conversation);
  const neighbours = await readNeighbourTable(context.conversation);
  const readings = [
    ...readingsOf('fdb', forwarding.byInterface, context, context.known.deviceOfMac.bind(context.known)),
    ...readingsOf('arp', neighbours.byInterface, context, context.known.deviceOfAddress.bind(context.known)),
  ];
  return { readings, error: forwarding.error ?? neighbours.error };
}

/** Addresses by ifIndex. */
interface Stations {
  readonly byInterface: ReadonlyMap<string, ReadonlySet<string>>;
  readonly error?: Error | undefined;
}

const NONE: Stations = { byInterface: new Map() };

async function readForwarding(conversation: Walk): Promise<Stations> {
  const byVlan = await conversation.column(VLAN_FORWARDING);
  const table = byVlan.cells.size > 0 ? byVlan : await conversation.column(FORWARDING);
  if (isCut(table) || table.cells.size === 0) return { ...NONE, error: errorOf(table) };
  const ports = await conversation.column(PORT_INTERFACE);
  const byInterface = new Map<string, Set<string>>();
  for (const [index, { value }] of table.cells) {
    const mac = macOfArcs(index.split('.').slice(-MAC_BYTES));
    const port = ports.cells.get(String(toNumber(value)));
    if (mac !== undefined && port !== undefined) add(byInterface, String(toNumber(port.value)), mac);
  }
  return { byInterface, error: errorOf(table) ?? ports.error };
}

async function readNeighbourTable(conversation: Walk): Promise<Stations> {
  const now = await conversation.column(NEIGHBOURS);
  const isFormer = now.cells.size === 0;
  const table = isFormer ? await conversation.column(FORMER_NEIGHBOURS) : now;
  if (isCut(table)) return NONE;
  const byInterface = new Map<string, Set<string>>();
  for (const index of table.cells.keys()) {
    const [port = '', ...arcs] = index.split('.');
    const address = addressOfIndex(isFormer ? ['1', '4', ...arcs] : arcs);
    if (address !== undefined) add(byInterface, port, address);
  }
  return { byInterface, error: errorOf(table) };
}

/** Of a table that is longer than is read, only those of some ports would be known. That is no error of the device. */
function isCut({ cells, error }: Column): boolean {
  return cells.size >= MAX_ROWS && error !== undefined;
}

function errorOf(column: Column): Error | undefined {
  return isCut(column) ? undefined : column.error;
}

function add(byInterface: Map<string, Set<string>>, port: string, address: string): void {
  const known = byInterface.get(port);
  if (known === undefined) byInterface.set(port, new Set([address]));
  else known.add(address);
}

function macOfArcs(arcs: readonly string[]): string | undefined {
  const bytes = arcs.map(Number);
  const isMac =
    bytes.length === MAC_BYTES && bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
  return isMac ? toMacOrText(Buffer.from(bytes)) : undefined;
}

function readingsOf(
  source: 'fdb' | 'arp',
  byInterface: Stations['byInterface'],
  { device, portNames }: StationContext,
  deviceOf: (address: string) => string | undefined,
): readonly Reading[] {
  const readings: Reading[] = [];
  for (const [index, addresses] of byInterface) {
    const port = portNames.get(index);
    const devices = new Set([...addresses].flatMap((address) => deviceOf(address) ?? []));
    devices.delete(device);
    if (port === undefined || devices.size === 0 || readings.length === MAX_PORTS) continue;
    const names = [...devices].sort().join(' ');
    readings.push({
      measurement: 'port_stations',
      tags: { interface: port, source },
      fields: {
        stations_count: addresses.size,
        devices_count: devices.size,
        ...(devices.size <= MAX_NAMED && { devices: names }),
      },
    });
  }
  return readings;
}
