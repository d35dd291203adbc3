import { z } from 'zod';
import { secretSourceSchema } from '../../../runtime/secret-source.ts';
import { targetAddressSchema } from '../target-address.ts';

const serverSchema = z.strictObject({
  /** As the inventory calls the server. */
  device: z.string().regex(/^\P{Cc}{1,64}$/u, 'expected 1 to 64 characters without control characters'),
  /** Of its controller: iDRAC, iLO, XCC, BMC. */
  address: targetAddressSchema,
  port: z.int().min(1).max(65_535).default(443),
  username: z.string().regex(/^[^:\p{Cc}]{1,64}$/u, 'expected 1 to 64 characters, none of them a colon'),
  password: secretSourceSchema,
  /** SHA-256 of its certificate: controllers sign their own. Without it an authority has to have signed it. */
  fingerprint: z
    .string()
    .regex(/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i, 'expected the SHA-256 fingerprint, 64 hexadecimal digits')
    .optional(),
});
export type RedfishServer = z.infer<typeof serverSchema>;

export const redfishConfigSchema = z
  .strictObject({
    servers: z.array(serverSchema).min(1, 'expected at least one server').max(64),
    /** How long one server may take. */
    deadlineMs: z.int().min(1_000).max(120_000).default(30_000),
    /** Additional trusted authorities, such as the city's own. */
    caFile: z.string().min(1).optional(),
  })
  .superRefine(({ servers }, context) => {
    const seen = { device: new Set<string>(), address: new Set<string>() };
    for (const [at, { device, address, port }] of servers.entries()) {
      const report = (key: string, input: string): void => {
        context.issues.push({
          code: 'custom',
          path: ['servers', at, key],
          message: `expected a ${key} of its own`,
          input,
        });
      };
      if (seen.device.has(device)) report('device', device);
      if (seen.address.has(`${address} ${port}`)) report('address', address);
      seen.device.add(device);
      seen.address.add(`${address} ${port}`);
    }
  });
export type RedfishConfig = z.infer<typeof redfishConfigSchema>;
