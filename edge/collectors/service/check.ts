import { isIP } from 'node:net';
import { z } from 'zod';
import { webEndpoint } from '../../../runtime/dial/http-agent.ts';
import { urlSchema } from '../../../runtime/url-schema.ts';
import type { TargetSetting } from '../../protocols/reach.ts';
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

const url = urlSchema({ protocol: /^https?$/, expected: 'http://… or https://…' }).refine(
  (text) => shownAddress(text).length <= MAX_ADDRESS_CHARS,
  {
    error: `expected at most ${MAX_ADDRESS_CHARS} characters before the query`,
  },
);

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

const MAIL_PORTS = { smtp: { plain: 25, tls: 465 }, imap: { plain: 143, tls: 993 } } as const;

/** The usual port of the protocol, unless it is given. */
export function mailPort({ type, security, port: given }: MailCheck): number {
  return given ?? MAIL_PORTS[type][security === 'tls' ? 'tls' : 'plain'];
}

/** Where a check connects to first; HTTP may be redirected. `at`: its path within the config. */
export function checkTarget(check: Check, at: string): TargetSetting {
  switch (check.type) {
    case 'http':
      return { setting: `${at}.url`, use: 'http', ...webEndpoint(new URL(check.url)) };
    case 'dns':
      return { setting: `${at}.server`, use: 'dns', host: check.server, port: check.port };
    case 'smtp':
    case 'imap':
      return { setting: `${at}.host`, use: 'tcp', host: check.host, port: mailPort(check) };
    case 'tcp':
      return { setting: `${at}.host`, use: 'tcp', host: check.host, port: check.port };
    case 'sip':
    case 'ntp':
      return { setting: `${at}.host`, use: 'udp', host: check.host, port: check.port };
  }
}

/** A web address without its query. */
export function shownAddress(text: string): string {
  return text.replace(/[?#].*$/s, '');
}
