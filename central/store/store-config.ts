import { z } from 'zod';
import { secretSourceSchema } from '../../runtime/secret-source.ts';

/** Section `store` of `central.yaml`. */
export const storeConfigSchema = z.discriminatedUnion('kind', [
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
]);
