import { isIP } from 'node:net';
import { z } from 'zod';

const HOST_NAME = /^(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/;

/** An IP address or a host name; nothing that a program could take for an option. */
export function isTargetAddress(text: string): boolean {
  return text.length <= 253 && !text.startsWith('-') && (isIP(text) !== 0 || HOST_NAME.test(text));
}

export const targetAddressSchema = z
  .string()
  .refine(isTargetAddress, 'expected an IP address or a host name');
