import { isIP } from 'node:net';
import { z } from 'zod';

const HOST_NAME = /^(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/;

/** An IP address or a host name; nothing that a program could take for an option. */
export function isTargetAddress(text: string): boolean {
  return text.length <= 253 && !text.startsWith('-') && (isIP(text) !== 0 || HOST_NAME.test(text));
}

const address = z.string().refine(isTargetAddress, 'expected an IP address or a host name');

/** `10.1.2.3`, or with the device of the inventory that it belongs to. */
export const targetSchema = z
  .union([address, z.strictObject({ address, device: z.string().min(1).max(64).optional() })], {
    error: 'expected an IP address or a host name, or address and device',
  })
  .transform((target): Target => (typeof target === 'string' ? { address: target } : target));

export interface Target {
  readonly address: string;
  readonly device?: string | undefined;
}
