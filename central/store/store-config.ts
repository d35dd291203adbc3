import { join } from 'node:path';
import { z } from 'zod';
import { readSecret, secretSourceSchema } from '../../runtime/secret-source.ts';
import { urlSchema } from '../../runtime/url-schema.ts';

/** Section `store` of `central.yaml`. */
export const storeConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('duckdb'), memoryLimitMiB: z.int().min(128).max(65_536).default(256) }),
  z.strictObject({
    kind: z.literal('influx'),
    url: urlSchema({
      protocol: /^https?$/,
      expected: 'http://host:port or https://host:port',
      instead: 'give username and password',
    }),
    database: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -')
      .default('wardwatch'),
    username: z.string().optional(),
    password: secretSourceSchema.optional(),
    timeoutMs: z.int().min(100).max(300_000).default(10_000),
  }),
]);

export type StoreConfig = z.infer<typeof storeConfigSchema>;

/** A configured store with its secrets read. */
export type StoreChoice =
  | { readonly kind: 'duckdb'; readonly file: string; readonly memoryLimitMiB: number }
  | {
      readonly kind: 'influx';
      readonly url: string;
      readonly database: string;
      readonly username?: string;
      readonly password?: string;
      readonly timeoutMs: number;
    };

/** Throws a UserError (exit 2) for a secret that cannot be read. */
export function resolveStore(
  config: StoreConfig,
  dataDirectory: string,
  env: NodeJS.ProcessEnv,
): StoreChoice {
  switch (config.kind) {
    case 'duckdb':
      return { ...config, file: join(dataDirectory, 'wardwatch.duckdb') };
    case 'influx': {
      const { username, password, ...rest } = config;
      return {
        ...rest,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password: readSecret('store.password', password, env) }),
      };
    }
  }
}

/** Where it keeps its samples, without a name or password. */
export function storeLocation(choice: StoreChoice): string {
  switch (choice.kind) {
    case 'duckdb':
      return choice.file;
    case 'influx': {
      const { protocol, host } = new URL(choice.url);
      return `${protocol}//${host}/${choice.database}`;
    }
  }
}
