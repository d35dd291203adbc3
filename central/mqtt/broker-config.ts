import { z } from 'zod';
import { secretSourceSchema } from '../../runtime/secret-source.ts';
import { urlSchema } from '../../runtime/url-schema.ts';

export const portSchema = z.int().min(0).max(65_535);
export const serverTlsSchema = z.strictObject({
  certFile: z.string(),
  keyFile: z.string(),
  caFile: z.string().optional(),
});
const clientTls = z
  .strictObject({
    caFile: z.string().optional(),
    certFile: z.string().optional(),
    keyFile: z.string().optional(),
  })
  .refine(
    ({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined),
    'expected both certFile and keyFile, or neither',
  );

/** Section `broker` of `central.yaml`: embedded in this process, or external. */
export const brokerConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('embedded'),
    host: z.string().default('127.0.0.1'),
    port: portSchema.default(1883),
    tls: serverTlsSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('external'),
    url: urlSchema({
      protocol: /^mqtts?$/,
      expected: 'mqtt://host:port or mqtts://host:port',
      instead: 'give username and password',
    }),
    username: z.string().optional(),
    password: secretSourceSchema.optional(),
    tls: clientTls.optional(),
  }),
]);

export type BrokerConfig = z.infer<typeof brokerConfigSchema>;
