import { messageOf } from '../../runtime/errors.ts';
import type { Conversation } from '../protocols/snmp/conversation.ts';
import { readNeighbours } from '../collectors/snmp/neighbours.ts';
import { isAtOrBelow } from '../protocols/snmp/oid.ts';
import type { CompiledProfile } from '../collectors/snmp/profile/compiled-profile.ts';
import type { ProfileLibrary } from '../collectors/snmp/profile/library.ts';
import { findText } from '../collectors/snmp/profile/text-source.ts';
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

/** ENTITY-MIB (RFC 6933): entPhysicalClass and entPhysicalModelName. */
const PHYSICAL = { class: '1.3.6.1.2.1.47.1.1.1.1.5', model: '1.3.6.1.2.1.47.1.1.1.1.13' } as const;
const CHASSIS_CLASS = 3;

/** net-snmp on Linux, Solaris and FreeBSD, and Microsoft's agent. */
const SERVER_TREES = [
  ...['10', '3', '8'].map((system) => `1.3.6.1.4.1.8072.3.2.${system}`),
  '1.3.6.1.4.1.311.1.1.3.1',
];

/** Identifies the device. Rejects with an SnmpError or the signal's reason when the first request gets no answer. */
export async function readFinding(
  conversation: Conversation,
  {
    address,
    credentials,
    profiles,
  }: { readonly address: string; readonly credentials: string; readonly profiles: ProfileLibrary },
): Promise<Finding> {
  const system = await readSystem(conversation);
  const problems: string[] = [];
  const identity = await conversation.get(IDENTITY).catch((error: unknown) => {
    problems.push(`identity: ${messageOf(error)}`);
    return new Map<string, VarbindValue>();
  });
  const profile = await profiles
    .find(system, (oids) => conversation.get(oids))
    .catch((error: unknown) => {
      problems.push(`profile: ${messageOf(error)}`);
      return undefined;
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
    vendor: profile?.vendor,
    model: await modelOf(conversation, profile, system),
    kind: kindOf(system, identity, profile?.kind),
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

/** As its profile finds it, else that of the first chassis. */
async function modelOf(
  conversation: Conversation,
  profile: CompiledProfile | undefined,
  system: System,
): Promise<string | undefined> {
  const { text } = await findText(conversation, profile?.model, system);
  if (text !== undefined) return text;
  const { rows } = await readTable(conversation, PHYSICAL, 'model');
  const chassis = [...rows.values()].filter((row) => toNumber(row.class?.value) === CHASSIS_CLASS);
  return chassis.map(({ model }) => toText(model?.value)).find((model) => model !== undefined);
}

function kindOf(
  { objectId }: System,
  identity: ReadonlyMap<string, VarbindValue>,
  ofProfile: DeviceKind | undefined,
): DeviceKind {
  // A maker of switches may make UPSs, too.
  if (identity.has(UPS_OUTPUT_SOURCE) && (ofProfile ?? 'node') === 'node') return 'ups';
  if (ofProfile !== undefined) return ofProfile;
  return SERVER_TREES.some((tree) => isAtOrBelow(tree, objectId)) ? 'server' : 'node';
}

function engineIdOf(value: VarbindValue | undefined): string | undefined {
  return Buffer.isBuffer(value) && value.length >= 5 ? value.toString('hex') : undefined;
}

function chassisOf(identity: ReadonlyMap<string, VarbindValue>): string | undefined {
  const value = identity.get(CHASSIS);
  return toNumber(identity.get(CHASSIS_TYPE)) === MAC ? toMacOrText(value) : toText(value);
}
