import { z } from 'zod';
import { secretSourceSchema } from '../../../runtime/secret-source.ts';
import { targetAddressSchema } from '../target-address.ts';

const MAX_SERVERS = 32;
export const MAX_UPSES = 64;

/** Characters that NUT allows in names. */
export const UPS_NAME = /^[A-Za-z0-9_.:-]{1,64}$/;

const upsSchema = z.strictObject({
  /** As the server calls it (`ups.conf`). */
  name: z.string().regex(UPS_NAME, 'expected the name of a UPS as its server has it'),
  /** As the inventory calls it. */
  device: z.string().regex(/^\P{Cc}{1,64}$/u, 'expected 1 to 64 characters without control characters'),
});

const serverSchema = z.strictObject({
  address: targetAddressSchema,
  port: z.int().min(1).max(65_535).default(3_493),
  /** Without it: every UPS of the server, each as device `name@address`. */
  upses: z.array(upsSchema).min(1, 'expected at least one UPS').max(MAX_UPSES).optional(),
  /** Only for servers that require a login. */
  login: z.strictObject({ username: z.string().min(1).max(64), password: secretSourceSchema }).optional(),
  /** `offered`: TLS if the server has it; `needed`: TLS only; `never`: plain text, the password too. */
  tls: z.enum(['offered', 'needed', 'never']).default('offered'),
});
export type ServerConfig = z.infer<typeof serverSchema>;

export const upsConfigSchema = z
  .strictObject({
    servers: z.array(serverSchema).min(1, 'expected at least one server').max(MAX_SERVERS),
    /** How long one server may take, with all its UPSs. */
    deadlineMs: z.int().min(100).max(60_000).default(10_000),
    /** Additional trusted authorities, such as the city's own. */
    caFile: z.string().min(1).optional(),
  })
  .superRefine(({ servers }, context) => {
    const devices = new Set<string>();
    const addresses = new Set<string>();
    for (const [index, { address, port, upses = [] }] of servers.entries()) {
      const report = (path: readonly (string | number)[], message: string, input: unknown): void => {
        context.issues.push({ code: 'custom', path: ['servers', index, ...path], message, input });
      };
      const server = `${address}:${port}`;
      if (addresses.has(server)) report(['address'], 'expected a server of its own', address);
      addresses.add(server);
      const names = new Set<string>();
      for (const [at, { name, device }] of upses.entries()) {
        if (names.has(name)) report(['upses', at, 'name'], 'expected a name of its own', name);
        if (devices.has(device)) report(['upses', at, 'device'], 'expected a device of its own', device);
        names.add(name);
        devices.add(device);
      }
    }
  });
export type UpsConfig = z.infer<typeof upsConfigSchema>;
