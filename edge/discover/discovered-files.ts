import { Document, isMap, isSeq } from 'yaml';
import type { Device, InventoryFile } from '../../contract/inventory.ts';
import type { CredentialsConfig } from '../protocols/snmp/credentials.ts';
import type { SecretSource } from '../../runtime/secret-source.ts';
import { deviceIds } from './device-ids.ts';
import { mergeDuplicates } from './duplicates.ts';
import type { Finding } from './finding.ts';
import { suggestParents } from './parents.ts';

/** A device as it is written to the files. */
export interface ProposedDevice {
  readonly id: string;
  readonly finding: Finding;
  readonly otherAddresses: readonly string[];
  /** Id of the device above it, by LLDP. */
  readonly parent: string | undefined;
  readonly parentPort: string | undefined;
  /** The agent already polls it, under this id. */
  readonly isKnown: boolean;
}

/** Ids of devices that the agent already polls, by address. */
export type KnownDevices = ReadonlyMap<string, string>;

/** Proposes an id and a parent for each device. Pure. */
export function proposeDevices(findings: readonly Finding[], known: KnownDevices): readonly ProposedDevice[] {
  const distinct = mergeDuplicates(findings);
  const devices = distinct.map(({ finding }) => finding);
  const parents = suggestParents(devices);
  const made = deviceIds(devices, new Set(known.values()));
  const knownIds = distinct.map(({ finding, otherAddresses }) =>
    [finding.address, ...otherAddresses].map((address) => known.get(address)).find((id) => id !== undefined),
  );
  const ids = made.map((id, at) => knownIds[at] ?? id);
  return distinct.map(({ finding, otherAddresses }, at) => {
    const parent = parents[at];
    return {
      id: ids[at] ?? finding.address,
      finding,
      otherAddresses,
      parent: parent === undefined ? undefined : ids[parent.at],
      parentPort: parent?.port,
      isKnown: knownIds[at] !== undefined,
    };
  });
}

export type Place = Readonly<Pick<Device, 'agent' | 'site' | 'unit'>>;

const INVENTORY_HEAD = ` Found by wardwatch edge discover: check it, correct it, and merge it into central's inventory.
 parent is suggested by LLDP; kind is that of its profile, or guessed.`;
const COLLECTORS_HEAD = ` Found by wardwatch edge discover: check it, correct it, and add the entry to the collectors of edge.yaml.`;

/** For central's inventory. Pure. */
export function inventoryYaml(devices: readonly ProposedDevice[], { agent, site, unit }: Place): string {
  const entries = devices.map(({ id, finding, parent }): Device => ({
    id,
    kind: finding.kind,
    site,
    unit,
    agent,
    ...(parent !== undefined && { parents: [parent] }),
  }));
  const document = new Document({ devices: entries } satisfies Partial<InventoryFile>);
  document.commentBefore = INVENTORY_HEAD;
  addComments(document.get('devices'), devices);
  return document.toString({ lineWidth: 0 });
}

/** An entry for the collectors of edge.yaml, with the devices that are not polled yet. Secrets are not copied. Pure. */
export function collectorsYaml(
  devices: readonly ProposedDevice[],
  options: { readonly credentials: Readonly<Record<string, CredentialsConfig>>; readonly port: number },
): string {
  const fresh = devices.filter(({ isKnown }) => !isKnown);
  const used = new Set(fresh.map(({ finding }) => finding.credentials));
  const collector = {
    kind: 'snmp',
    name: 'snmp-discovered',
    credentials: Object.fromEntries(
      Object.entries(options.credentials)
        .filter(([name]) => used.has(name))
        .map(([name, config]) => [name, withoutSecrets(name, config)]),
    ),
    devices: fresh.map(({ id, finding }) => ({
      device: id,
      address: finding.address,
      ...(options.port !== 161 && { port: options.port }),
      credentials: finding.credentials,
    })),
  };
  const document = new Document({ collectors: fresh.length === 0 ? [] : [collector] });
  document.commentBefore = COLLECTORS_HEAD;
  if (fresh.length > 0) addComments(document.getIn(['collectors', 0, 'devices']), fresh);
  return document.toString({ lineWidth: 0 });
}

function withoutSecrets(name: string, config: CredentialsConfig): CredentialsConfig {
  const hide = (secret: string, source: SecretSource): SecretSource =>
    'value' in source ? { file: `/etc/wardwatch/snmp-${name}-${secret}` } : source;
  if (config.version === '2c') return { ...config, community: hide('community', config.community) };
  return {
    ...config,
    auth: { ...config.auth, password: hide('auth', config.auth.password) },
    privacy: { ...config.privacy, password: hide('privacy', config.privacy.password) },
  };
}

function addComments(list: unknown, devices: readonly ProposedDevice[]): void {
  if (!isSeq(list)) return;
  for (const [at, item] of list.items.entries()) {
    const device = devices[at];
    if (device !== undefined && isMap(item)) item.commentBefore = describe(device);
  }
}

function describe({ finding, otherAddresses, isKnown, parent, parentPort }: ProposedDevice): string {
  const { address, name, description, vendor, model, interfaceCount, neighbours, problems } = finding;
  const lines = [
    [address, name, vendor, model, `${interfaceCount} interfaces`]
      .filter((part) => part !== undefined)
      .join(', '),
    description,
    otherAddresses.length > 0 ? `answers also at ${otherAddresses.join(', ')}` : undefined,
    isKnown ? 'already polled by this agent' : undefined,
    parent !== undefined && parentPort !== undefined
      ? `parent: its port ${parentPort} leads there`
      : undefined,
    ...neighbours.map(
      ({ port, name: remote, chassis, remotePort }) =>
        `${port} → ${remote ?? chassis ?? 'unnamed'}${remotePort === undefined ? '' : ` ${remotePort}`}`,
    ),
    ...problems.map((problem) => `not complete: ${problem}`),
  ];
  return lines
    .filter((line) => line !== undefined)
    .map((line) => ` ${line}`)
    .join('\n');
}
