import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { permittedAddresses } from '../../../runtime/dial/target-guard.ts';
import { codeOf } from '../../../runtime/errors.ts';
import type { DnsCheck } from './check.ts';
import { describeDnsError } from '../../protocols/dns/host-lookup.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import type { Probe } from './probe.ts';

const FIRST_TIMEOUT_MS = 1_000;
const TRIES = 3;

/** A name server that answers with at least one record. */
export const probeDns: Probe<DnsCheck> = async (check, context) => {
  const { findings, clock, signal } = context;
  const { server, port, domain, recordType } = check;
  findings.step = `asking ${server} for ${recordType} of ${domain}`;
  permittedAddresses(context.guard, { host: server, port }, [
    { address: server, family: isIPv6(server) ? 6 : 4 },
  ]);
  const resolver = new Resolver({ timeout: FIRST_TIMEOUT_MS, tries: TRIES });
  resolver.setServers([isIPv6(server) ? `[${server}]:${port}` : `${server}:${port}`]);
  const onAbort = (): void => resolver.cancel();
  signal.addEventListener('abort', onAbort, { once: true });
  const startMs = clock.monotonicMs();
  try {
    await resolver.resolve(domain, recordType);
    findings.dnsRcode = 0;
    findings.responseMs = clock.monotonicMs() - startMs;
  } catch (error) {
    signal.throwIfAborted();
    const code = codeOf(error) ?? '';
    const message = `${recordType} of ${domain}: ${describeDnsError(code)}`;
    if (code === 'ETIMEOUT') throw new ProbeFailure('timeout', message, error);
    const rcode = RCODES[code];
    if (rcode === undefined) throw new ProbeFailure('connection', message, error);
    findings.dnsRcode = rcode;
    findings.responseMs = clock.monotonicMs() - startMs;
    throw new ProbeFailure('status', message, error);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};

/** What c-ares makes of answer codes (RFC 1035, section 4.1.1). */
const RCODES: Readonly<Record<string, number>> = {
  ENODATA: 0,
  EFORMERR: 1,
  ESERVFAIL: 2,
  ENOTFOUND: 3,
  ENOTIMP: 4,
  EREFUSED: 5,
};
