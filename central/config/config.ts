import { z } from 'zod';
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
      exemptAddresses: exemptAddressesSchema,
    })
    .prefault({}),
  broker: brokerConfigSchema.prefault({ kind: 'embedded' }),
  store: storeConfigSchema.prefault({ kind: 'duckdb' }),
  /** Without it central subscribes to nothing of Sparkplug. */
  sparkplug: sparkplugConfigSchema.optional(),
  inventoryFile: z.string().optional(),
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
