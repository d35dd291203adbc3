import { TAG } from './ber.ts';
import { parseRecording, type Recording } from './recording.ts';

/** IF-MIB (RFC 2863) ifPhysAddress. */
const PHYSICAL_ADDRESS = '1.3.6.1.2.1.2.2.1.6';
/** BRIDGE-MIB (RFC 4188) dot1dBasePortTable and dot1dTpFdbTable, Q-BRIDGE-MIB (RFC 4363) dot1qTpFdbTable. */
const BASE_PORTS = '1.3.6.1.2.1.17.1.4.1';
const FORWARDING = '1.3.6.1.2.1.17.4.3.1';
const VLAN_FORWARDING = '1.3.6.1.2.1.17.7.1.2.2.1';
/** IP-MIB (RFC 4293) ipNetToPhysicalTable, and ipNetToMediaTable that it took the place of. */
const NEIGHBOURS = '1.3.6.1.2.1.4.35.1';
const FORMER_NEIGHBOURS = '1.3.6.1.2.1.4.22.1';
/** dot1dTpFdbStatus and ipNetToPhysicalType, of what the device found out by itself. */
const LEARNED = 3;
/** Ports of a bridge have numbers of their own, which are not those of the interfaces. */
const BRIDGE_PORT_OFFSET = 100;

/** A hardware address as `00:1c:73:00:00:02`, seen at the interface `port` (ifIndex). */
export interface SeenStation {
  readonly mac: string;
  readonly port: number;
}

export interface SeenInVlan extends SeenStation {
  readonly vlan: number;
}

export interface Neighbour extends SeenStation {
  /** IPv4. */
  readonly address: string;
}

/** ifPhysAddress: each port of the device has this address. */
export function portAddresses(mac: string, portCount: number): Recording {
  return recordingOf(numbers(portCount).map((port) => octets(`${PHYSICAL_ADDRESS}.${port}`, mac)));
}

/** The forwarding table of a bridge that knows no VLANs: BRIDGE-MIB. */
export function bridgeTables(portCount: number, stations: readonly SeenStation[]): Recording {
  const rows = stations.flatMap(({ mac, port }) => {
    const index = macArcs(mac);
    return [
      octets(`${FORWARDING}.1.${index}`, mac),
      integer(`${FORWARDING}.2.${index}`, BRIDGE_PORT_OFFSET + port),
      integer(`${FORWARDING}.3.${index}`, LEARNED),
    ];
  });
  return recordingOf([...basePorts(portCount), ...rows]);
}

/** The forwarding tables of a bridge, one a VLAN: Q-BRIDGE-MIB. The address is in the index alone. */
export function vlanBridgeTables(portCount: number, stations: readonly SeenInVlan[]): Recording {
  const rows = stations.flatMap(({ mac, port, vlan }) => {
    const index = `${vlan}.${macArcs(mac)}`;
    return [
      integer(`${VLAN_FORWARDING}.2.${index}`, BRIDGE_PORT_OFFSET + port),
      integer(`${VLAN_FORWARDING}.3.${index}`, LEARNED),
    ];
  });
  return recordingOf([...basePorts(portCount), ...rows]);
}

/** ARP as ipNetToPhysicalTable has it. */
export function neighbourTable(neighbours: readonly Neighbour[]): Recording {
  return recordingOf(
    neighbours.flatMap(({ mac, port, address }) => {
      const index = `${port}.1.4.${address}`;
      return [octets(`${NEIGHBOURS}.4.${index}`, mac), integer(`${NEIGHBOURS}.6.${index}`, LEARNED)];
    }),
  );
}

/** ARP as ipNetToMediaTable has it, of a device that knows nothing newer. */
export function formerNeighbourTable(neighbours: readonly Neighbour[]): Recording {
  return recordingOf(
    neighbours.flatMap(({ mac, port, address }) => {
      const index = `${port}.${address}`;
      return [
        integer(`${FORMER_NEIGHBOURS}.1.${index}`, port),
        octets(`${FORMER_NEIGHBOURS}.2.${index}`, mac),
        `${FORMER_NEIGHBOURS}.3.${index}|${TAG.ipAddress}|${address}`,
        integer(`${FORMER_NEIGHBOURS}.4.${index}`, LEARNED),
      ];
    }),
  );
}

function basePorts(portCount: number): string[] {
  return numbers(portCount).flatMap((port) => [
    integer(`${BASE_PORTS}.1.${BRIDGE_PORT_OFFSET + port}`, BRIDGE_PORT_OFFSET + port),
    integer(`${BASE_PORTS}.2.${BRIDGE_PORT_OFFSET + port}`, port),
  ]);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

function macArcs(mac: string): string {
  return mac
    .split(':')
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}

function octets(oid: string, mac: string): string {
  return `${oid}|${TAG.octets}x|${mac.replaceAll(':', '')}`;
}

function integer(oid: string, value: number): string {
  return `${oid}|${TAG.integer}|${value}`;
}

function recordingOf(lines: readonly string[]): Recording {
  return parseRecording(lines.join('\n'), 'station tables');
}
