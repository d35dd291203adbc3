import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Address, LookUp } from '../../../runtime/dial/address.ts';
import { codeOf } from '../../../runtime/errors.ts';
import { ProbeFailure } from '../probe-failure.ts';

/** Rejects with a ProbeFailure of kind `name`. */
export type HostLookup = LookUp;

const QUERY_TIMEOUT_MS = 2_000;
const QUERY_TRIES = 2;

/**
 * Looks names up in the text of the hosts file, then in DNS with its own sockets. Not with getaddrinfo: it cannot be
 * aborted, and a few lookups that hang would block the agent's disk writes, which use the same threads. No search domains.
 * `servers` (address, or address:port) replace those of the system.
 */
export function createHostLookup(options: {
  readonly hosts: string;
  readonly servers?: readonly string[] | undefined;
}): HostLookup {
  return async (name, signal) => {
    const known = knownAddresses(name, options.hosts);
    if (known.length > 0) return known;
    signal.throwIfAborted();
    const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
    if (options.servers !== undefined) resolver.setServers(options.servers);
    const onAbort = (): void => resolver.cancel();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await askBoth(resolver, name);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
}

async function askBoth(resolver: Resolver, name: string): Promise<readonly Address[]> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const addresses = [
    ...(four.status === 'fulfilled' ? four.value.map((address) => toAddress(address, 4)) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => toAddress(address, 6)) : []),
  ];
  if (addresses.length > 0) return addresses;
  const reasons = [four, six].flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  // The more specific of both errors: "no such name" before "no address of this family".
  const reason = reasons.find((error) => codeOf(error) !== 'ENODATA') ?? reasons[0];
  throw new ProbeFailure('name', `name ${name} not found: ${describeDnsError(codeOf(reason))}`, reason);
}

const DNS_ERRORS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such name',
  ENODATA: 'it has no such record',
  ESERVFAIL: 'the name server failed',
  EREFUSED: 'the name server refused',
  ENOTIMP: 'the name server cannot do this',
  EFORMERR: 'the name server did not understand the question',
  EBADRESP: 'the name server sent an invalid answer',
  ETIMEOUT: 'the name server did not answer',
  ECONNREFUSED: 'the name server could not be reached',
};

export function describeDnsError(code: string | undefined): string {
  return DNS_ERRORS[code ?? ''] ?? code ?? 'unknown error';
}

/** Addresses known without DNS: literal addresses, `localhost` (RFC 6761) and the hosts file. Pure. */
export function knownAddresses(name: string, hosts: string): readonly Address[] {
  const family = isIP(name);
  if (family === 4 || family === 6) return [toAddress(name, family)];
  const wanted = name.toLowerCase().replace(/\.$/, '');
  if (wanted === 'localhost' || wanted.endsWith('.localhost')) {
    return [toAddress('127.0.0.1', 4), toAddress('::1', 6)];
  }
  return hosts.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const listed = isIP(address);
    if (listed !== 4 && listed !== 6) return [];
    return names.some((entry) => entry.toLowerCase() === wanted) ? [toAddress(address, listed)] : [];
  });
}

function toAddress(address: string, family: 4 | 6): Address {
  return { address, family };
}

const HOSTS_FILE = '/etc/hosts';

/** Text of the hosts file; empty without one. */
export async function readHosts(): Promise<string> {
  return readFile(HOSTS_FILE, 'utf8').catch(() => '');
}
