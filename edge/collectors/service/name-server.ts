import { isIP } from 'node:net';
import { z } from 'zod';
import type { Endpoint } from '../../protocols/tcp-tls/connection-context.ts';

const DNS_PORT = 53;

/** `10.1.2.3`, `10.1.2.3:5353`, `2001:db8::53` or `[2001:db8::53]:5353`; undefined: none of them. Pure. */
export function nameServerEndpoint(text: string): Endpoint | undefined {
  if (isIP(text) !== 0) return { host: text, port: DNS_PORT };
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  const port = portText === undefined ? DNS_PORT : Number(portText);
  if (isIP(host) !== (bracketed === undefined ? 4 : 6) || port < 1 || port > 65_535) return undefined;
  return { host, port };
}

export const nameServerSchema = z
  .string()
  .max(64)
  .refine((text) => nameServerEndpoint(text) !== undefined, 'expected an IP address, or address:port');
