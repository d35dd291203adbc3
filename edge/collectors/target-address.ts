import { isIP } from 'node:net';
import { z } from 'zod';

/** RFC 1035, section 2.3.4, without the closing dot. */
const MAX_CHARS = 253;
const HOST_NAME = /^(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/;

/** An IP address or a host name; nothing that a program could take for an option. */
export function isTargetAddress(text: string): boolean {
  return text.length <= MAX_CHARS && !text.startsWith('-') && (isIP(text) !== 0 || HOST_NAME.test(text));
}

export const targetAddressSchema = z
  .string()
  .max(MAX_CHARS)
  .refine(isTargetAddress, 'expected an IP address or a host name');
