import type { Cell, Conversation } from '../../protocols/snmp/conversation.ts';
import { LocalPortNames, type Interfaces, type LocalPort } from './local-port.ts';
import { addressOfIndex } from './management-address.ts';
import { presentFields, type Reading, type TableResult } from './reading.ts';
import { readTable } from '../../protocols/snmp/table.ts';
import { toMacOrText, toNumber, toText } from '../../protocols/snmp/value.ts';

/** LLDP-MIB (IEEE 802.1AB): lldpRemTable, lldpRemManAddrTable (lldpRemManAddrIfSubtype) and lldpLocPortTable. */
const REMOTE = '1.0.8802.1.1.2.1.4.1.1';
const REMOTE_ADDRESS = '1.0.8802.1.1.2.1.4.2.1.3';
const LOCAL = '1.0.8802.1.1.2.1.3.7.1';

const REMOTE_COLUMNS = {
  chassisType: `${REMOTE}.4`,
  chassis: `${REMOTE}.5`,
  portType: `${REMOTE}.6`,
  port: `${REMOTE}.7`,
  portDescription: `${REMOTE}.8`,
  name: `${REMOTE}.9`,
} as const;
const LOCAL_COLUMNS = { type: `${LOCAL}.2`, id: `${LOCAL}.3`, description: `${LOCAL}.4` } as const;

type RemoteRow = Partial<Record<keyof typeof REMOTE_COLUMNS, Cell>> & { address?: string | undefined };
type LocalRow = Partial<Record<keyof typeof LOCAL_COLUMNS, Cell>>;

/** timeMark, localPort, index. */
const REMOTE_INDEX_ARCS = 3;
/** LldpPortIdSubtype. */
const PORT_MAC = 3;
const PORT_LOCAL = 7;
/** LldpChassisIdSubtype. */
const CHASSIS_MAC = 4;

/** Measurement `lldp_neighbor`: a reading a port that has neighbours. */
export async function readNeighbours(
  conversation: Pick<Conversation, 'column'>,
  interfaces: Interfaces,
): Promise<TableResult> {
  const remote = await readTable(conversation, REMOTE_COLUMNS, 'port');
  if (remote.rows.size === 0) return { readings: [], error: remote.error };
  const local = await readTable(conversation, LOCAL_COLUMNS, 'id');
  const names = new LocalPortNames(
    [...local.rows].map(([number, row]) => toLocalPort(number, row)),
    interfaces,
  );
  const addresses = await conversation.column(REMOTE_ADDRESS);
  const addressOf = addressesByRow(addresses.cells.keys());
  const byPort = new Map<string, RemoteRow[]>();
  for (const [index, row] of remote.rows) {
    const number = index.split('.')[1]; // timeMark.localPort.index
    if (number === undefined) continue;
    const port = names.nameOf(toLocalPort(number, local.rows.get(number)));
    byPort.set(port, [...(byPort.get(port) ?? []), { ...row, address: addressOf.get(index) }]);
  }
  const readings = [...byPort].map(([port, rows]) => neighbourReading(port, rows));
  return { readings, error: remote.error ?? local.error ?? addresses.error };
}

/** The first address of each neighbour. Indexes: those of lldpRemTable, then family, length and bytes of the address. */
function addressesByRow(indexes: Iterable<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const index of indexes) {
    const arcs = index.split('.');
    const row = arcs.slice(0, REMOTE_INDEX_ARCS).join('.');
    const address = addressOfIndex(arcs.slice(REMOTE_INDEX_ARCS));
    if (address !== undefined && !found.has(row)) found.set(row, address);
  }
  return found;
}

function toLocalPort(number: string, row: LocalRow | undefined): LocalPort {
  const type = toNumber(row?.type?.value);
  return {
    number,
    id: type === PORT_MAC ? toMacOrText(row?.id?.value) : toText(row?.id?.value),
    isLocalId: type === PORT_LOCAL,
    description: toText(row?.description?.value),
  };
}

/** The first neighbour, and their count: behind an unmanaged switch there may be several. */
function neighbourReading(port: string, rows: readonly RemoteRow[]): Reading {
  const [first = {}] = rows;
  return {
    measurement: 'lldp_neighbor',
    tags: { interface: port },
    fields: presentFields({
      remote_device: toText(first.name?.value) ?? chassis(first),
      remote_chassis: chassis(first),
      remote_address: first.address,
      remote_interface: remotePort(first),
      neighbors_count: rows.length,
    }),
  };
}

function chassis(row: RemoteRow): string | undefined {
  const isMac = toNumber(row.chassisType?.value) === CHASSIS_MAC;
  return isMac ? toMacOrText(row.chassis?.value) : toText(row.chassis?.value);
}

/** The readable name; a MAC address or local number only without any other. */
function remotePort(row: RemoteRow): string | undefined {
  const type = toNumber(row.portType?.value);
  const description = toText(row.portDescription?.value);
  if (type === PORT_MAC) return description ?? toMacOrText(row.port?.value);
  const id = toText(row.port?.value);
  return type === PORT_LOCAL ? (description ?? id) : id;
}
