import { z } from 'zod';
import { targetAddressSchema } from '../target-address.ts';

/** `10.1.2.3`, or with the device of the inventory that it belongs to. */
export const targetSchema = z
  .union(
    [
      targetAddressSchema,
      z.strictObject({ address: targetAddressSchema, device: z.string().min(1).max(64).optional() }),
    ],
    { error: 'expected an IP address or a host name, or address and device' },
  )
  .transform((target): Target => (typeof target === 'string' ? { address: target } : target));

export interface Target {
  readonly address: string;
  readonly device?: string | undefined;
}
