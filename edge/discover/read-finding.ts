import type { Conversation } from '../protocols/snmp/conversation.ts';
import { matchProfile } from '../collectors/snmp/match-profile.ts';
import { readNeighbours } from '../collectors/snmp/neighbours.ts';
import { isAtOrBelow } from '../protocols/snmp/oid.ts';
import { PROFILES } from '../collectors/snmp/profiles/index.ts';
import type { VarbindValue } from '../protocols/snmp/session.ts';
import { readSystem, type System } from '../collectors/snmp/system.ts';
import { readTable } from '../protocols/snmp/table.ts';
import { toMacOrText, toNumber, toText } from '../protocols/snmp/value.ts';
import type { DeviceKind, Finding, Neighbour } from './finding.ts';

/** SNMP-FRAMEWORK-MIB (RFC 3411), LLDP-MIB (IEEE 802.1AB), UPS-MIB (RFC 1628). */
const ENGINE_ID = '1.3.6.1.6.3.10.2.1.1.0';
const CHASSIS_TYPE = '1.0.8802.1.1.2.1.3.1.0';
const CHASSIS = '1.0.8802.1.1.2.1.3.2.0';
const UPS_OUTPUT_SOURCE = '1.3.6.1.2.1.33.1.4.1.0';
const IDENTITY = [ENGINE_ID, CHASSIS_TYPE, CHASSIS, UPS_OUTPUT_SOURCE];
const INTERFACES = { name: '1.3.6.1.2.1.31.1.1.1.1', description: '1.3.6.1.2.1.2.2.1.2' } as const;
/** LldpChassisIdSubtype macAddress. */
const MAC = 4;

/** APC, Eaton, MGE; net-snmp on Linux, Solaris and FreeBSD, and Microsoft's agent. */
const POWER_TREES = ['1.3.6.1.4.1.318.1.3', '1.3.6.1.4.1.534', '1.3.6.1.4.1.705'];
const SERVER_TREES = [
  ...['10', '3', '8'].map((system) => `1.3.6.1.4.1.8072.3.2.${system}`),
  '1.3.6.1.4.1.311.1.1.3.1',
];

/** Identifies the device. Rejects with an SnmpError or the signal's reason when the first request gets no answer. */
export async function readFinding(
  conversation: Conversation,
  { address, credentials }: { readonly address: string; readonly credentials: string },
): Promise<Finding> {
  const system = await readSystem(conversation);
  const problems: string[] = [];
  const identity = await conversation.get(IDENTITY).catch((error: unknown) => {
    problems.push(`identity: ${error instanceof Error ? error.message : String(error)}`);
    return new Map<string, VarbindValue>();
  });
  const interfaces = await readTable(conversation, INTERFACES);
  if (interfaces.error !== undefined) problems.push(`IF-MIB: ${interfaces.error.message}`);
  const names = new Map(
    [...interfaces.rows].map(([index, row]) => {
      const description = toText(row.description?.value);
      return [index, { name: toText(row.name?.value) ?? description ?? `#${index}`, description }] as const;
    }),
  );
  const lldp = await readNeighbours(conversation, names);
  if (lldp.error !== undefined) problems.push(`LLDP-MIB: ${lldp.error.message}`);
  return {
    address,
    credentials,
    name: system.name,
    description: system.description,
    objectId: system.objectId,
    vendor: matchProfile(PROFILES, system)?.vendor,
    kind: kindOf(system, identity),
    interfaceCount: interfaces.rows.size,
    neighbours: lldp.readings.map(({ tags, fields }): Neighbour => {
      const text = (field: string) => (typeof fields[field] === 'string' ? fields[field] : undefined);
      return {
        port: tags['interface'] ?? '',
        name: text('remote_device'),
        chassis: text('remote_chassis'),
        remotePort: text('remote_interface'),
      };
    }),
    engineId: engineIdOf(identity.get(ENGINE_ID)),
    chassis: chassisOf(identity),
    problems,
  };
}

function kindOf({ objectId }: System, identity: ReadonlyMap<string, VarbindValue>): DeviceKind {
  const isBelow = (trees: readonly string[]): boolean => trees.some((tree) => isAtOrBelow(tree, objectId));
  if (identity.has(UPS_OUTPUT_SOURCE) || isBelow(POWER_TREES)) return 'ups';
  return isBelow(SERVER_TREES) ? 'server' : 'node';
}

function engineIdOf(value: VarbindValue | undefined): string | undefined {
  return Buffer.isBuffer(value) && value.length >= 5 ? value.toString('hex') : undefined;
}

function chassisOf(identity: ReadonlyMap<string, VarbindValue>): string | undefined {
  const value = identity.get(CHASSIS);
  return toNumber(identity.get(CHASSIS_TYPE)) === MAC ? toMacOrText(value) : toText(value);
}
