import { z } from 'zod';
import { targetAddressSchema } from '../target-address.ts';
import { credentialsSchema, problemOfCredentialsName } from '../../protocols/snmp/credentials.ts';
import { givenProfilesSchema } from './profile/given-profiles.ts';
import { RETRIES } from '../../protocols/snmp/conversation.ts';

const deviceSchema = z.strictObject({
  /** As the inventory calls it. */
  device: z.string().min(1).max(64),
  address: targetAddressSchema,
  port: z.int().min(1).max(65_535).default(161),
  /** Another address of the device, from which it answers, as routers with several do. */
  answersFrom: z.union([z.ipv4(), z.ipv6()]).optional(),
  /** Which of `credentials` to use; there is no default, so that v2c is chosen device by device. */
  credentials: z.string().min(1).max(64),
  /** Values per answer: up to 120 on a LAN, 50 on a WAN. */
  link: z.enum(['lan', 'wan']).default('lan'),
});
export type DeviceConfig = z.infer<typeof deviceSchema>;

export const snmpConfigSchema = z
  .strictObject({
    credentials: z.record(z.string().min(1).max(64), credentialsSchema),
    devices: z.array(deviceSchema).min(1, 'expected at least one device').max(1_000),
    /** Device profiles beside those of profilesDirectory, for a config that central pushes. */
    profiles: givenProfilesSchema.optional(),
    /** How long an answer may take; a request is repeated once. */
    replyTimeoutMs: z.int().min(100).max(10_000).default(3_000),
  })
  .superRefine(({ credentials, devices }, context) => {
    const seen = new Set<string>();
    for (const [index, { device, credentials: name }] of devices.entries()) {
      const report = (key: string, message: string, input: string): void => {
        context.issues.push({ code: 'custom', path: ['devices', index, key], message, input });
      };
      if (seen.has(device)) report('device', 'expected a name of its own', device);
      seen.add(device);
      const problem = problemOfCredentialsName(name, credentials);
      if (problem !== undefined) report('credentials', problem, name);
    }
  });
export type SnmpConfig = z.infer<typeof snmpConfigSchema>;

/** How long a device that does not answer takes. */
export function unansweredMs(config: SnmpConfig): number {
  return (1 + RETRIES) * config.replyTimeoutMs;
}
