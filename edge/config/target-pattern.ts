import { isIP } from 'node:net';
import { z } from 'zod';
import { isInRange, parseAddress, parseRange, type IpRange } from '../../runtime/ip-range.ts';
import { isTargetAddress } from '../collectors/target-address.ts';

/** What a secret may be for, each with its usual port. */
export const SECRET_USES = { snmp: 161, mqtt: 1_883, mqtts: 8_883, nut: 3_493, https: 443 } as const;
export type SecretUse = keyof typeof SECRET_USES;

/** One host, or all addresses of a network. */
export interface TargetPattern {
  /** Lower case, without a dot at its end; undefined: a network. */
  readonly name: string | undefined;
  readonly range: IpRange | undefined;
  /** Undefined: any, or none at all. */
  readonly port: number | undefined;
  /** As configured. */
  readonly text: string;
}

/** Where a secret may go. */
export interface SecretTarget extends TargetPattern {
  readonly use: SecretUse;
  readonly port: number;
}

export interface PatternQuestion {
  readonly host: string;
  /** Undefined: the name was not looked up. */
  readonly address: string | undefined;
  readonly port: number | undefined;
}

/** Pure. A name counts by itself, wherever it leads; a network counts by the address. */
export function matchesPattern(pattern: TargetPattern, { host, address, port }: PatternQuestion): boolean {
  if (pattern.port !== undefined && pattern.port !== port) return false;
  if (pattern.name !== undefined) return pattern.name === plainName(host);
  const parsed = address === undefined ? undefined : parseAddress(address);
  return parsed !== undefined && pattern.range !== undefined && isInRange(parsed, pattern.range);
}

const EXPECTED_TARGET =
  'expected an address or a network, such as 127.0.0.1:9100, 10.26.0.0/16 or [fd00::]/8, and IPv4 addresses written as IPv4';
const USES = Object.keys(SECRET_USES).join(', ');
const EXPECTED_SECRET_TARGET = `expected USE://HOST, USE one of ${USES}, such as snmp://10.26.0.0/16 or mqtts://broker.example.vn:8883`;

/** `10.26.0.0/16`, `127.0.0.1:9100`, `[::1]:9100`, `[fd00::]/8`: an address or a network. */
export const targetPatternSchema = z
  .string()
  .max(300)
  .transform((text, context): TargetPattern => {
    const pattern = parsePattern(text);
    if (pattern?.range !== undefined) return pattern;
    context.issues.push({ code: 'custom', message: EXPECTED_TARGET, input: text });
    return z.NEVER;
  });

/** `snmp://10.26.0.0/16`, `nut://ups.example.vn:3493`: without a port the usual one. */
export const secretTargetSchema = z
  .string()
  .max(300)
  .transform((text, context): SecretTarget => {
    const [, useText = '', rest = ''] = /^([a-z]+):\/\/(.*)$/s.exec(text) ?? [];
    const use = isSecretUse(useText) ? useText : undefined;
    const pattern = parsePattern(rest);
    if (use !== undefined && pattern !== undefined)
      return { ...pattern, use, port: pattern.port ?? SECRET_USES[use], text };
    context.issues.push({ code: 'custom', message: EXPECTED_SECRET_TARGET, input: text });
    return z.NEVER;
  });

/** As a pattern for one host is written. Pure. */
export function patternText(host: string, port: number | undefined): string {
  const shown = isIP(host) === 6 ? `[${host}]` : host;
  return port === undefined ? shown : `${shown}:${port}`;
}

function isSecretUse(text: string): text is SecretUse {
  return Object.hasOwn(SECRET_USES, text);
}

function parsePattern(text: string): TargetPattern | undefined {
  const [, bracketed, plain = '', prefix = '', portText] =
    /^(?:\[([^\]]*)\]|([^/:[\]]*))(\/\d{1,3})?(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  if ((isIP(host) === 6) !== (bracketed !== undefined)) return undefined;
  const range = parseRange(host + prefix);
  if (range !== undefined) return { name: undefined, range, port, text };
  if (prefix !== '' || !isTargetAddress(host) || isIP(host) !== 0) return undefined;
  return { name: plainName(host), range: undefined, port, text };
}

function plainName(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
