import { isAtOrBelow } from '../../../protocols/snmp/oid.ts';
import { isPortName } from './port-names.ts';
import type { Category } from './pseudonyms.ts';

const ENTITY = '1.3.6.1.2.1.47.1.1.1.1';
const LLDP = '1.0.8802.1.1.2.1';
const CDP = '1.3.6.1.4.1.9.9.23.1';

/** Objects whose text a person or a factory gave: always replaced. */
const OBJECTS: readonly (readonly [oid: string, category: Category])[] = [
  ['1.3.6.1.2.1.1.4', 'contact'], // sysContact
  ['1.3.6.1.2.1.1.5', 'name'], // sysName
  ['1.3.6.1.2.1.1.6', 'location'], // sysLocation
  ['1.3.6.1.2.1.17.7.1.4.3.1.1', 'label'], // dot1qVlanStaticName
  ['1.3.6.1.2.1.31.1.1.1.18', 'label'], // ifAlias
  ['1.3.6.1.2.1.33.1.1.5', 'name'], // upsIdentName
  ['1.3.6.1.2.1.33.1.1.6', 'label'], // upsIdentAttachedDevices
  ['1.3.6.1.2.1.43.5.1.1.17', 'serial'], // prtGeneralSerialNumber
  [`${ENTITY}.11`, 'serial'], // entPhysicalSerialNum
  [`${ENTITY}.14`, 'label'], // entPhysicalAlias
  [`${ENTITY}.15`, 'label'], // entPhysicalAssetID
  [`${LLDP}.3.3`, 'name'], // lldpLocSysName
  [`${LLDP}.4.1.1.9`, 'name'], // lldpRemSysName
  [`${CDP}.2.1.1.6`, 'name'], // cdpCacheDeviceId
  [`${CDP}.3.4`, 'name'], // cdpGlobalDeviceId
  ['1.3.6.1.4.1.9.3.6.3', 'serial'], // Cisco: chassisId
  ['1.3.6.1.4.1.9.2.1.3', 'name'], // Cisco: hostName
  ['1.3.6.1.4.1.2636.3.1.3', 'serial'], // Juniper: jnxBoxSerialNo
  ['1.3.6.1.4.1.14988.1.1.7.3', 'serial'], // MikroTik: mtxrSerialNumber
  ['1.3.6.1.4.1.14988.1.1.1.1.1.5', 'name'], // MikroTik: mtxrWlStatSsid
  ['1.3.6.1.4.1.14988.1.1.1.3.1.4', 'name'], // MikroTik: mtxrWlApSsid
  ['1.3.6.1.4.1.318.2.1.2.1.3', 'secret'], // APC: community of the receiver of traps
  ['1.3.6.1.4.1.674.10892.5.1.3.2', 'serial'], // Dell: service tag
  ['1.3.6.1.4.1.674.10892.5.1.3.3', 'serial'], // Dell: express service code
  ['1.3.6.1.4.1.43356.2.1.2.2.1', 'position'], // Mimosa: mimosaLongitude
  ['1.3.6.1.4.1.43356.2.1.2.2.2', 'position'], // Mimosa: mimosaLatitude
  ['1.3.6.1.4.1.12356.100.1.1.1', 'serial'], // Fortinet: fnSysSerial
  ['1.3.6.1.4.1.25461.2.1.2.1.3', 'serial'], // Palo Alto: panSysSerialNumber
  ['1.3.6.1.4.1.318.1.1.1.1.1.2', 'name'], // APC: upsBasicIdentName
  ['1.3.6.1.4.1.318.1.1.1.1.2.3', 'serial'], // APC: upsAdvIdentSerialNumber
  ['1.3.6.1.4.1.6574.1.5.2', 'serial'], // Synology: serialNumber
];

/** Tables whose index is an IPv4 address after so many numbers behind the entry. */
const INDEXED_BY_IPV4: readonly (readonly [entry: string, after: number])[] = [
  ['1.3.6.1.2.1.4.20.1', 1], // ipAddrTable
  ['1.3.6.1.2.1.15.3.1', 1], // bgpPeerTable
  ['1.3.6.1.2.1.14.7.1', 1], // ospfIfTable
  ['1.3.6.1.2.1.14.10.1', 1], // ospfNbrTable
];

/** Tables whose index has an address behind its length: of 4 bytes, 6 or 16. */
const INDEXED_BY_LENGTH: readonly (readonly [entry: string, after: number])[] = [
  [`${LLDP}.3.8.1`, 3], // lldpLocManAddrTable: subtype and length before it
  [`${LLDP}.4.2.1`, 6], // lldpRemManAddrTable: time mark, port, number, subtype and length
];

/** MikroTik: mtxrWlRtabTable, by the MAC of a station without its length. */
const INDEXED_BY_MAC: readonly (readonly [entry: string, after: number])[] = [
  ['1.3.6.1.4.1.14988.1.1.1.2.1', 1],
];

/** Before it stands the object, where numbers are no address. */
const MIN_OBJECT_ARCS = 10;

/** Part of an OID that is an address: `bytes` numbers from `at` on. */
export interface IndexAddress {
  readonly at: number;
  readonly bytes: 4 | 6 | 16;
}

/** ifName: somebody's own where it is not of a kind that makers give. */
const PORT_NAME = '1.3.6.1.2.1.31.1.1.1.1';

/** What the text of an object is, if that is known to be somebody's own. Pure. */
export function categoryOf(oid: string, text: string | undefined): Category | undefined {
  const known = OBJECTS.find(([object]) => isAtOrBelow(object, oid))?.[1];
  if (known !== undefined || text === undefined) return known;
  return isAtOrBelow(PORT_NAME, oid) && !isPortName(text) ? 'label' : undefined;
}

/** Where an OID has an address; `isMac` says of six numbers, with dots, whether they are a known one. Pure. */
export function addressIn(oid: string, isMac: (numbers: string) => boolean): IndexAddress | undefined {
  const arcs = oid.split('.');
  const found = (tables: typeof INDEXED_BY_IPV4): number | undefined => {
    const table = tables.find(([entry]) => isAtOrBelow(entry, oid));
    return table === undefined ? undefined : table[0].split('.').length + table[1];
  };
  const ipv4 = found(INDEXED_BY_IPV4);
  if (ipv4 !== undefined) return { at: ipv4, bytes: 4 };
  const withLength = found(INDEXED_BY_LENGTH);
  const bytes = withLength === undefined ? 0 : Number(arcs[withLength - 1]);
  if (withLength !== undefined && (bytes === 4 || bytes === 6 || bytes === 16))
    return { at: withLength, bytes };
  const mac = found(INDEXED_BY_MAC);
  if (mac !== undefined) return { at: mac, bytes: 6 };
  // From the end: the number before a length may be 6 as well.
  for (let at = arcs.length - 6; at >= MIN_OBJECT_ARCS; at--) {
    const six = arcs.slice(at, at + 6);
    if (isMac(six.join('.')) || (arcs[at - 1] === '6' && looksLikeMac(six))) return { at, bytes: 6 };
  }
  return undefined;
}

/** Numbers of columns and rows are small, most of them; the bytes of an address are not. */
function looksLikeMac(six: readonly string[]): boolean {
  const bytes = six.map(Number);
  return bytes.every((byte) => byte <= 255) && bytes.filter((byte) => byte >= 32).length >= 2;
}
