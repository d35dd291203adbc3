import { isIP } from 'node:net';
import { z } from 'zod';
import { isTargetAddress } from '../target-address.ts';

const host = z.string().max(253).refine(isTargetAddress, 'expected an IP address or a host name');
const port = z.int().min(1).max(65_535);
const label = z.string().regex(/^\P{Cc}{1,64}$/u, 'expected 1 to 64 characters without control characters');

const common = {
  /** The city service that this is part of. */
  service: label,
  /** Name of the check; default: its type. */
  check: label.optional(),
};

/** Limit for the tag; queries may hold secrets and are left out of it. */
const MAX_ADDRESS_CHARS = 128;

const url = z
  .url({ protocol: /^https?$/, error: 'expected http://… or https://…' })
  .max(2_000)
  .refine((text) => !hasUserInfo(text), 'must not hold a user name or password')
  .refine((text) => shownAddress(text).length <= MAX_ADDRESS_CHARS, {
    error: `expected at most ${MAX_ADDRESS_CHARS} characters before the query`,
  });

const allowInvalidCertificate = z.boolean().default(false);
const status = z.int().min(100).max(599);

const http = z.strictObject({
  type: z.literal('http'),
  ...common,
  url,
  method: z.enum(['GET', 'HEAD']).default('GET'),
  expectStatus: z.array(status).min(1).max(20).optional(),
  bodyContains: z.string().min(1).max(1_000).optional(),
  maxRedirects: z.int().min(0).max(10).default(5),
  allowInvalidCertificate,
});
export type HttpCheck = z.infer<typeof http>;

/** Whether a port accepts connections and, with `tls`, presents a valid certificate. */
const tcp = z.strictObject({
  type: z.literal('tcp'),
  ...common,
  host,
  port,
  tls: z.boolean().default(false),
  allowInvalidCertificate,
});
export type TcpCheck = z.infer<typeof tcp>;

const mail = {
  ...common,
  host,
  /** Default: the usual port of protocol and security. */
  port: port.optional(),
  allowInvalidCertificate,
};
const security = z.enum(['none', 'starttls', 'tls']);
const smtp = z.strictObject({ type: z.literal('smtp'), ...mail, security: security.default('none') });
const imap = z.strictObject({ type: z.literal('imap'), ...mail, security: security.default('tls') });
export type MailCheck = z.infer<typeof smtp> | z.infer<typeof imap>;

const dns = z.strictObject({
  type: z.literal('dns'),
  ...common,
  server: z.string().refine((text) => isIP(text) !== 0, 'expected an IP address'),
  port: port.default(53),
  domain: host,
  recordType: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT']).default('A'),
});
export type DnsCheck = z.infer<typeof dns>;

/** OPTIONS over UDP. */
const sip = z.strictObject({ type: z.literal('sip'), ...common, host, port: port.default(5_060) });
export type SipCheck = z.infer<typeof sip>;

const ntp = z.strictObject({ type: z.literal('ntp'), ...common, host, port: port.default(123) });
export type NtpCheck = z.infer<typeof ntp>;

export const checkSchema = z
  .discriminatedUnion('type', [http, tcp, smtp, imap, dns, sip, ntp], {
    error: 'expected type http, tcp, smtp, imap, dns, sip or ntp',
  })
  .superRefine((check, context) => {
    if (check.type === 'http' && check.method === 'HEAD' && check.bodyContains !== undefined) {
      const message = 'needs method GET: an answer to HEAD has no body';
      context.issues.push({ code: 'custom', path: ['bodyContains'], message, input: check.bodyContains });
    }
  });
export type Check = z.infer<typeof checkSchema>;

export function checkName(check: Check): string {
  return check.check ?? check.type;
}

/** The host that a check connects to; for DNS the name server's address. */
export function hostOf(check: Check): string {
  if (check.type === 'http') return new URL(check.url).hostname;
  return check.type === 'dns' ? check.server : check.host;
}

/** A web address without its query. */
export function shownAddress(text: string): string {
  return text.replace(/[?#].*$/s, '');
}

function hasUserInfo(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}
