import { z } from 'zod';
import { secretSourceSchema } from '../../runtime/secret-source.ts';
import { sparkplugConfigSchema } from '../sparkplug/config.ts';

const port = z.int().min(0).max(65_535);
const serverTls = z.strictObject({
  certFile: z.string(),
  keyFile: z.string(),
  caFile: z.string().optional(),
});
const clientTls = z.strictObject({
  caFile: z.string().optional(),
  certFile: z.string().optional(),
  keyFile: z.string().optional(),
});

/** `central.yaml`. Relative paths are relative to the working directory. */
export const centralConfigSchema = z.strictObject({
  dataDirectory: z.string().min(1),
  api: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: port.default(8080),
      tls: serverTls.optional(),
    })
    .prefault({}),
  broker: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('embedded'),
        host: z.string().default('127.0.0.1'),
        port: port.default(1883),
        tls: serverTls.optional(),
      }),
      z.strictObject({
        kind: z.literal('external'),
        url: z.url({ protocol: /^mqtts?$/, error: 'expected mqtt://host:port or mqtts://host:port' }),
        username: z.string().optional(),
        password: secretSourceSchema.optional(),
        tls: clientTls.optional(),
      }),
    ])
    .prefault({ kind: 'embedded' }),
  store: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('duckdb'), memoryLimitMiB: z.int().min(64).max(65_536).default(256) }),
      z.strictObject({
        kind: z.literal('influx'),
        url: z.url({ protocol: /^https?$/, error: 'expected http://host:port or https://host:port' }),
        database: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -')
          .default('wardwatch'),
        username: z.string().optional(),
        password: secretSourceSchema.optional(),
        timeoutMs: z.int().min(100).max(300_000).default(10_000),
      }),
    ])
    .prefault({ kind: 'duckdb' }),
  /** Without it central subscribes to nothing of Sparkplug. */
  sparkplug: sparkplugConfigSchema.optional(),
  inventoryFile: z.string().optional(),
  /** Rules of your own, read after the shipped ones; the same id replaces a shipped rule. */
  rulesDirectory: z.string().optional(),
  retention: z.strictObject({ rawDays: z.int().min(1).max(3_650).default(7) }).prefault({}),
  log: z
    .strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info') })
    .prefault({}),
});

export type CentralConfig = z.infer<typeof centralConfigSchema>;
