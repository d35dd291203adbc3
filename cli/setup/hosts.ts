import { isIP } from 'node:net';

/** A name or address under which agents and browsers reach this machine, as a certificate has it. */
export interface SetupHost {
  readonly type: 'dns' | 'ip';
  /** In lower case; an IPv6 address without brackets. */
  readonly value: string;
}

const MAX_NAME_LENGTH = 253;
/** A label of a host name (RFC 1123, 2.1). */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Pure. Throws an Error that says what was expected and what was got. */
export function parseHost(text: string): SetupHost {
  const value = text.toLowerCase();
  const address = /^\[(.*)\]$/.exec(value)?.[1] ?? value;
  if (isIP(address) === 6 || (isIP(address) === 4 && address === value)) {
    if (address.includes('%')) throw hostError(text, 'an address without a zone');
    return { type: 'ip', value: address };
  }
  const isName = value.length <= MAX_NAME_LENGTH && value.split('.').every((label) => LABEL.test(label));
  // Of digits alone it is meant as an address (RFC 1123, 2.1), such as 10.20.0.300.
  if (!isName || /^[\d.]+$/.test(value)) {
    const port = /^[^:]+:\d+$|^\[.*\]:\d+$/.test(value) ? ' without a port' : '';
    throw hostError(text, `a host name or an IP address${port}`);
  }
  return { type: 'dns', value };
}

function hostError(text: string, expected: string): Error {
  return new Error(`expected ${expected}, such as wardwatch.example.vn or 10.20.0.5, got "${text}"`);
}

/** As a part of an address such as https://HOST:8443. */
export function hostInUrl({ type, value }: SetupHost): string {
  return type === 'ip' && value.includes(':') ? `[${value}]` : value;
}

/** Each once, in the order given. */
export function distinctHosts(hosts: readonly SetupHost[]): readonly SetupHost[] {
  return [...new Map(hosts.map((host) => [host.value, host])).values()];
}
