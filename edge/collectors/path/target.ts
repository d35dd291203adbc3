import { z } from 'zod';
import { urlSchema } from '../../../runtime/url-schema.ts';
import { targetAddressSchema } from '../target-address.ts';

const name = z.string().min(1).max(64);

/** `10.1.2.3`, or with what the inventory calls it and the routes to try when ICMP is not answered. */
const fullSchema = z.strictObject({
  address: targetAddressSchema,
  /** Tag `target`; the address unless given. */
  target: name.optional(),
  device: name.optional(),
  line: name.optional(),
  isp: name.optional(),
  operator: name.optional(),
  /** For TCP. There is no default: an answer from a guessed port may come from a firewall. */
  port: z.int().min(1).max(65_535).optional(),
  url: urlSchema({ protocol: /^https?$/, expected: 'an http or https address' }).optional(),
});

export const targetSchema = z
  .union([fullSchema.shape.address, fullSchema], {
    error: 'expected an IP address or a host name, or an object with address',
  })
  .transform((target): PathTarget => (typeof target === 'string' ? { address: target } : target));

export type PathTarget = z.infer<typeof fullSchema>;

/** The tags of a target's samples, beside those of the agent. */
export function targetTags(target: PathTarget): Record<string, string> {
  const { device, line, isp, operator } = target;
  return {
    target: target.target ?? target.address,
    ...(device !== undefined && { device }),
    ...(line !== undefined && { line }),
    ...(isp !== undefined && { isp }),
    ...(operator !== undefined && { operator }),
  };
}
