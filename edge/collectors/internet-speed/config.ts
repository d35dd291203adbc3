import { z } from 'zod';
import { urlSchema } from '../../../runtime/url-schema.ts';
import { isTargetAddress } from '../target-address.ts';
import type { TcpEndpoint } from './latency.ts';

const name = z.string().min(1).max(64);
const mbps = z.number().positive().max(1_000_000);
const MB = 1_000_000;
export const DEFAULT_PROC_PATH = '/proc';

/** `host:port`, or `[address]:port` for IPv6. */
const tcpEndpointSchema = z.string().transform((text, context): TcpEndpoint => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined || !isTargetAddress(address) || Number(port) < 1 || Number(port) > 65_535) {
    context.addIssue({ code: 'custom', message: 'expected host:port', input: text });
    return z.NEVER;
  }
  return { address, port: Number(port) };
});

export const configSchema = z.strictObject({
  /** An ndt7 server. */
  server: urlSchema({ protocol: /^wss?$/, expected: 'wss://host[:port] or ws://host[:port]' }),
  /** Authority of its certificate; default: the public ones. */
  caFile: z.string().min(1).optional(),
  /** Contracted speed of the line. */
  contractedDownloadMbps: mbps,
  contractedUploadMbps: mbps,
  /** The line's name in the inventory; also names the file of its budget. */
  line: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected 1 to 64 letters, digits, or . _ -')
    .optional(),
  isp: name.optional(),
  operator: name.optional(),
  /** Its counters show how busy the line is; default: the interface of the default route. */
  interface: z.string().min(1).max(15).optional(),
  /** Other hosts beyond the line: when they answer and the server does not, the line is not down. */
  witnesses: z.array(tcpEndpointSchema).max(8).default([]),
  /** Of each direction. */
  durationMs: z.int().min(1_000).max(10_000).default(10_000),
  budget: z
    .strictObject({
      testsPerDay: z.int().min(1).max(24).default(2),
      bytesPerTest: z
        .int()
        .min(MB, 'expected at least 1 MB (1000000)')
        .default(100 * MB),
      bytesPerDay: z
        .int()
        .min(MB)
        .default(200 * MB),
      bytesPerMonth: z
        .int()
        .min(MB)
        .default(6_000 * MB),
    })
    .refine((budget) => budget.bytesPerTest <= Math.min(budget.bytesPerDay, budget.bytesPerMonth), {
      path: ['bytesPerTest'],
      error: 'expected at most bytesPerDay and bytesPerMonth',
    })
    .prefault({}),
  /** Mount point of procfs. */
  procPath: z.string().startsWith('/', 'expected an absolute path').default(DEFAULT_PROC_PATH),
});
export type SpeedConfig = z.infer<typeof configSchema>;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'ws:': 80, 'wss:': 443 };

/** Host and port of the server, the host without the brackets of an IPv6 address. */
export function serverEndpoint(server: string): TcpEndpoint {
  const url = new URL(server);
  const port = url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 443) : Number(url.port);
  return { address: url.hostname.replace(/^\[|\]$/g, ''), port };
}
