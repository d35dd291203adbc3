import { hostname } from 'node:os';
import { z } from 'zod';
import { LOG_LEVELS, SECRET_ENV_PREFIX } from '../../contract/agent-config.ts';
import { UNIT_CODE_PATTERN } from '../../contract/inventory.ts';
import { AGENT_ID_EXPECTED, AGENT_ID_PATTERN } from '../../contract/topics.ts';
import { brokerSchema } from '../protocols/mqtt/broker-config.ts';
import { checkConfig, readConfigFile } from '../../runtime/config.ts';
import { collectorsIn, collectorsSchema, loadKinds, type LoadedKinds } from './collectors-config.ts';
import { secretTargetSchema, targetPatternSchema } from './target-pattern.ts';

const MIB = 1024 * 1024;
const absolutePath = z.string().startsWith('/', 'expected an absolute path');

/** `edge.yaml`, described in docs/edge.md. Relative paths are relative to the working directory. */
export const edgeConfigSchema = (kinds: LoadedKinds) =>
  z.strictObject({
    agent: z.string().regex(AGENT_ID_PATTERN, AGENT_ID_EXPECTED),
    kind: z.enum(['gateway', 'server']).default('gateway'),
    /** Tag `host` of this machine's own measurements. */
    host: z
      .string()
      .min(1)
      .max(64)
      .default(() => hostname()),
    site: z.string().min(1).max(64).optional(),
    unit: z
      .string()
      .regex(UNIT_CODE_PATTERN, 'expected the 5-digit code of a ward, commune or special zone, in quotes')
      .optional(),
    dataDirectory: z.string().min(1),
    /** Device profiles of the snmp collector (docs/device-profiles.md), beside the shipped ones. */
    profilesDirectory: z.string().min(1).optional(),
    broker: brokerSchema,
    queue: z
      .strictObject({
        maxBytes: z
          .int()
          .min(MIB, 'expected at least 1 MiB (1048576)')
          .max(1024 * 1024 * MIB)
          .default(256 * MIB),
        maxAgeHours: z
          .number()
          .min(1)
          .max(24 * 366)
          .default(24 * 15),
      })
      .prefault({}),
    collectors: collectorsSchema(kinds),
    log: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
    configFromCentral: z
      .strictObject({
        /** Whether central may replace the collectors of this file. */
        accept: z.boolean().default(true),
        /** The only directory from which a config from central may read secrets. */
        secretsDirectory: absolutePath.default('/etc/wardwatch/secrets'),
        /** The only secrets that a config from central may use, and where each of them may go. */
        secrets: z
          .array(
            z
              .strictObject({
                file: absolutePath.optional(),
                env: z
                  .string()
                  .startsWith(SECRET_ENV_PREFIX, `expected a variable named ${SECRET_ENV_PREFIX}…`)
                  .optional(),
                targets: z.array(secretTargetSchema).min(1, 'expected at least one target').max(256),
              })
              .refine(({ file, env }) => (file === undefined) !== (env === undefined), {
                error: 'expected either file or env',
              }),
          )
          .max(256)
          .default([]),
        /** Addresses of this machine, or link-local ones, to which a config from central may connect. */
        allowTargets: z.array(targetPatternSchema).max(256).default([]),
        /** Addresses to which it must not connect, whatever else allows them. */
        denyTargets: z.array(targetPatternSchema).max(256).default([]),
        /** Files and directories that it may name. */
        paths: z.array(absolutePath).max(64).default([]),
      })
      .prefault({}),
  });

export type EdgeConfig = z.infer<ReturnType<typeof edgeConfigSchema>>;

/** Throws a UserError (exit 2) that lists every problem. */
export async function loadEdgeConfig(file: string): Promise<EdgeConfig> {
  return checkEdgeConfig(file, readConfigFile(file));
}

/** The same for a value that was read already; `source` names its origin in problems. */
export async function checkEdgeConfig(source: string, value: unknown): Promise<EdgeConfig> {
  return checkConfig(source, value, edgeConfigSchema(await loadKinds(collectorsIn(value))));
}

/** Tags of every sample of this agent. */
export function commonTags(config: EdgeConfig): Readonly<Record<string, string>> {
  return {
    host: config.host,
    ...(config.site !== undefined && { site: config.site }),
    ...(config.unit !== undefined && { unit: config.unit }),
  };
}
