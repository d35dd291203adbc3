import { existsSync } from 'node:fs';
import { z } from 'zod';
import { INVENTORY_ID_PATTERN, UNIT_CODE_PATTERN } from '../../contract/inventory.ts';
import { AGENT_ID_PATTERN } from '../../contract/topics.ts';
import { checkAll, checkConfig, loadConfig } from '../../runtime/config.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { snmpConfigSchema } from '../collectors/snmp/config.ts';
import type { ProfileLibrary } from '../collectors/snmp/profile/library.ts';
import {
  profileFilesIn,
  readProfileFiles,
  withoutProblems,
} from '../collectors/snmp/profile/profile-file.ts';
import { shippedProfiles } from '../collectors/snmp/profile/shipped.ts';
import { loadEdgeConfig, type EdgeConfig } from '../config/edge-config.ts';
import { credentialsSchema, readCredentials, type CredentialsConfig } from '../protocols/snmp/credentials.ts';
import type { KnownDevices, Place } from './discovered-files.ts';

export interface DiscoverSources {
  /** edge.yaml; without it the default paths are tried. */
  readonly config?: string;
  /** A file of credentials by name, in the format of the snmp collector. */
  readonly credentials?: string;
  readonly agent?: string;
  readonly site?: string;
  readonly unit?: string;
}

export interface DiscoverConfig {
  readonly credentials: Readonly<Record<string, CredentialsConfig>>;
  readonly place: Place;
  readonly known: KnownDevices;
  readonly profiles: ProfileLibrary;
}

const DEFAULT_PATHS = ['edge.yaml', '/etc/wardwatch/edge.yaml'];

const credentialsFileSchema = z
  .record(z.string().min(1).max(64), credentialsSchema)
  .refine(
    (credentials) => Object.keys(credentials).length > 0,
    'expected at least one name with credentials',
  );

const placeSchema = z.strictObject({
  agent: z.string().regex(AGENT_ID_PATTERN, 'expected 1 to 64 letters a-z, digits or - (or an edge.yaml)'),
  site: z
    .string()
    .regex(INVENTORY_ID_PATTERN, 'expected 1 to 64 of a-z 0-9 . _ - (in edge.yaml or as --site)'),
  unit: z
    .string()
    .regex(
      UNIT_CODE_PATTERN,
      'expected the 5-digit code of a ward, commune or special zone (in edge.yaml or as --unit)',
    ),
});

/** What it takes to read a device. */
export type SnmpAccess = Pick<DiscoverConfig, 'credentials' | 'profiles'>;

/** Credentials and device profiles. Throws a UserError (exit 2). */
export async function readSnmpAccess(
  sources: Pick<DiscoverSources, 'config' | 'credentials'>,
  env: NodeJS.ProcessEnv,
): Promise<SnmpAccess> {
  return accessOf(await readSources(sources), env);
}

/** Reads credentials, site and known devices. Throws a UserError (exit 2). */
export async function readDiscoverConfig(
  sources: DiscoverSources,
  env: NodeJS.ProcessEnv,
): Promise<DiscoverConfig> {
  const found = await readSources(sources);
  const { edge, collectors } = found;
  const place = checkConfig(
    'place of the devices',
    {
      agent: sources.agent ?? edge?.agent,
      site: sources.site ?? edge?.site,
      unit: sources.unit ?? edge?.unit,
    },
    placeSchema,
  );
  const known = collectors.flatMap(({ devices }) =>
    devices.map(({ address, device }) => [address, device] as const),
  );
  return { ...accessOf(found, env), place, known: new Map(known) };
}

interface Sources {
  readonly edge: EdgeConfig | undefined;
  readonly collectors: readonly z.infer<typeof snmpConfigSchema>[];
  readonly credentials: DiscoverConfig['credentials'];
}

async function readSources(sources: Pick<DiscoverSources, 'config' | 'credentials'>): Promise<Sources> {
  const file = sources.config ?? DEFAULT_PATHS.find((path) => existsSync(path));
  const edge = file === undefined ? undefined : await loadEdgeConfig(file);
  const collectors = edge === undefined ? [] : snmpCollectors(edge);
  const credentials =
    sources.credentials === undefined
      ? (Object.assign({}, ...collectors.map(({ credentials: own }) => own)) as DiscoverConfig['credentials'])
      : loadConfig(sources.credentials, credentialsFileSchema);
  if (Object.keys(credentials).length === 0) {
    throw new UserError(EXIT.badConfig, [
      `no SNMP credentials: name a file with --credentials, or an edge.yaml that has an snmp collector with --config${
        file === undefined ? '' : ` (${file} has none)`
      }`,
    ]);
  }
  return { edge, collectors, credentials };
}

function accessOf({ edge, credentials }: Sources, env: NodeJS.ProcessEnv): SnmpAccess {
  checkAll(
    ...Object.entries(credentials).map(([name, config]) => () => {
      try {
        return readCredentials(name, config, env);
      } catch (error) {
        throw new UserError(EXIT.badConfig, [messageOf(error)], error);
      }
    }),
  );
  return { credentials, profiles: readProfiles(edge?.profilesDirectory) };
}

function readProfiles(directory: string | undefined): ProfileLibrary {
  let files: readonly string[];
  try {
    files = directory === undefined ? [] : profileFilesIn(directory);
  } catch (error) {
    const problem = `profilesDirectory ${directory}: cannot be read: ${messageOf(error)}`;
    throw new UserError(EXIT.badConfig, [problem], error);
  }
  return withoutProblems(readProfileFiles(files, shippedProfiles()));
}

function snmpCollectors(edge: EdgeConfig): z.infer<typeof snmpConfigSchema>[] {
  return edge.collectors
    .filter(({ kind }) => kind.kind === 'snmp')
    .map(({ options }) => snmpConfigSchema.parse(options));
}
