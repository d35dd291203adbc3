import type { Cell, Conversation } from '../../protocols/snmp/conversation.ts';
import { presentFields, type Reading } from './reading.ts';
import { readTable } from '../../protocols/snmp/table.ts';
import { toNumber, toText } from '../../protocols/snmp/value.ts';

/** BGP4-MIB (RFC 4273), bgpPeerTable, by the peer's address. */
const BGP = '1.3.6.1.2.1.15.3.1';
const BGP_COLUMNS = { state: `${BGP}.2`, adminStatus: `${BGP}.3`, establishedS: `${BGP}.16` } as const;
/** OSPF-MIB (RFC 4750), ospfNbrTable, by the neighbour's address and its interface. */
const OSPF = '1.3.6.1.2.1.14.10.1';
const OSPF_COLUMNS = { state: `${OSPF}.6`, address: `${OSPF}.1` } as const;

type Row = Partial<Record<'state' | 'adminStatus' | 'establishedS' | 'address', Cell>>;

const BGP_STOPPED = 1;
const BGP_ESTABLISHED = 6;
const OSPF_DOWN = 1;
/** twoWay is the normal state between two routers that are not designated (RFC 2328, 10.4). */
const OSPF_SETTLED: readonly (number | undefined)[] = [4, 8];
/** A neighbour that has been gone for longer was removed on purpose. */
const FORGOTTEN_AFTER_S = 7 * 86_400;

/** Known OSPF neighbours by address; when each was last seen, in seconds of the device's uptime. */
export type NeighbourMemory = ReadonlyMap<string, number>;

export interface Routing {
  readonly readings: readonly Reading[];
  readonly memory: NeighbourMemory;
  readonly error?: Error | undefined;
}

/** Measurement `routing_peer`: a reading a BGP peer and OSPF neighbour. */
export async function readRouting(
  conversation: Pick<Conversation, 'column'>,
  before: NeighbourMemory,
  uptimeS: number | undefined,
): Promise<Routing> {
  const bgp = await readTable(conversation, BGP_COLUMNS, 'state');
  const ospf = await readTable(conversation, OSPF_COLUMNS, 'state');
  const neighbours = new Map([...ospf.rows].map(([index, row]) => [addressOf(index, row), row]));
  const memory = remember(before, neighbours, uptimeS);
  // Routers remove a lost neighbour from their table, so a missing one is reported as down, if the table could be read.
  const gone = ospf.error === undefined ? [...memory.keys()].filter((peer) => !neighbours.has(peer)) : [];
  return {
    readings: [
      ...[...bgp.rows].map(([peer, row]) => bgpReading(peer, row)),
      ...[...neighbours].map(([peer, row]) => ospfReading(peer, toNumber(row.state?.value))),
      ...gone.map((peer) => ospfReading(peer, OSPF_DOWN)),
    ],
    memory,
    error: bgp.error ?? ospf.error,
  };
}

function bgpReading(peer: string, row: Row): Reading {
  const state = toNumber(row.state?.value);
  const isEstablished = state === BGP_ESTABLISHED;
  // A peer that was stopped on purpose is not down.
  const isStopped = toNumber(row.adminStatus?.value) === BGP_STOPPED;
  return {
    measurement: 'routing_peer',
    tags: { protocol: 'bgp', peer },
    fields: presentFields({
      bgp_peer_state: state,
      established: isStopped || state === undefined ? undefined : isEstablished,
      established_s: isEstablished ? toNumber(row.establishedS?.value) : undefined,
    }),
  };
}

function ospfReading(peer: string, state: number | undefined): Reading {
  return {
    measurement: 'routing_peer',
    tags: { protocol: 'ospf', peer },
    fields: presentFields({
      ospf_nbr_state: state,
      established: state === undefined ? undefined : OSPF_SETTLED.includes(state),
    }),
  };
}

function addressOf(index: string, { address }: Row): string {
  return toText(address?.value) ?? index.split('.').slice(0, 4).join('.');
}

function remember(
  before: NeighbourMemory,
  neighbours: ReadonlyMap<string, Row>,
  uptimeS = 0,
): NeighbourMemory {
  const memory = new Map<string, number>();
  for (const [peer, atS] of before) {
    // After a restart the uptime is smaller: count from then on.
    if (uptimeS - atS <= FORGOTTEN_AFTER_S) memory.set(peer, Math.min(atS, uptimeS));
  }
  for (const [peer, { state }] of neighbours) {
    if (OSPF_SETTLED.includes(toNumber(state?.value))) memory.set(peer, uptimeS);
  }
  return memory;
}
