import { z } from 'zod';
import { oidcConfigSchema } from '../access/oidc/oidc-config.ts';
import { urlSchema } from '../../runtime/url-schema.ts';
import { isTimeZone } from '../../runtime/time-zone.ts';
import {
  brokerConfigSchema,
  exemptAddressesSchema,
  portSchema,
  serverTlsSchema,
} from '../mqtt/broker-config.ts';
import { notifyConfigSchema } from '../notify/settings/notify-config.ts';
import { sparkplugConfigSchema } from '../sparkplug/config.ts';
import { storeConfigSchema } from '../store/store-config.ts';

/** `central.yaml`. Relative paths are relative to the working directory. */
export const centralConfigSchema = z.strictObject({
  dataDirectory: z.string().min(1),
  api: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: portSchema.default(8080),
      /** With `caFile`, callers need a certificate of that authority, and their token all the same. */
      tls: serverTlsSchema.optional(),
      /** How people write the address in a browser, where a proxy stands in front or `auth.oidc` is used. */
      publicUrl: urlSchema({ protocol: /^https?$/, expected: 'https://name or http://name:port' })
        .refine((text) => URL.canParse(text) && new URL(text).pathname === '/', 'expected no path')
        .optional(),
      exemptAddresses: exemptAddressesSchema,
    })
    .prefault({}),
  broker: brokerConfigSchema.prefault({ kind: 'embedded' }),
  store: storeConfigSchema.prefault({ kind: 'duckdb' }),
  /** Without it central subscribes to nothing of Sparkplug. */
  sparkplug: sparkplugConfigSchema.optional(),
  /** Takes what phones with the app Network Survey measure. */
  networkSurvey: z.boolean().default(false),
  inventoryFile: z.string().optional(),
  /** Files that declare measurements which the catalogue lacks (docs/device-profiles.md). */
  measurementsDirectory: z.string().optional(),
  /** Rules of your own, read after the shipped ones; the same id replaces a shipped rule. */
  rulesDirectory: z.string().optional(),
  /** Days in answers of the API begin at midnight there. */
  timeZone: z
    .string()
    .refine(isTimeZone, 'expected a time zone such as Asia/Ho_Chi_Minh or UTC')
    .default('UTC'),
  /** Without it nobody is told of alerts. */
  notify: notifyConfigSchema.optional(),
  /** A fault that is none is raised every ten minutes, to see whether it would be told. */
  canary: z.boolean().default(true),
  /** Logins of people; tokens work in any case. */
  auth: z.strictObject({ oidc: oidcConfigSchema.optional() }).prefault({}),
  /** Made an administrator's token at a start, as long as there is no token at all. */
  firstTokenFile: z.string().min(1).optional(),
  retention: z
    .strictObject({
      rawDays: z.int().min(1).max(3_650).default(7),
      /** Of what samples are rolled up into. */
      minuteDays: z.int().min(1).max(3_650).default(90),
      hourDays: z.int().min(1).max(3_650).default(1_095),
    })
    .prefault({}),
  log: z
    .strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info') })
    .prefault({}),
});

export type CentralConfig = z.infer<typeof centralConfigSchema>;
