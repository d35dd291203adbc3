import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type TLSSocket,
} from 'node:tls';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { Certificate, ServedChain } from './certificate.ts';
import { ProbeFailure } from '../probe-failure.ts';
import { timed, type ConnectionContext } from './connection-context.ts';
import { connectionFailure, destroyOnAbort } from './tcp-connection.ts';
import { verifiedChain } from './verified-chain.ts';

const MAX_CHAIN = 8;

export interface TlsOptions {
  readonly host: string;
  /** Tag `source` of the chain, such as `https://dvc.example.vn:443`. */
  readonly source: string;
}

/**
 * TLS over an open socket. An invalid certificate is recorded and the connection continues, so that the rest is measured
 * too: call requireValidChain() at the end.
 */
export async function startTls(
  socket: Socket,
  options: TlsOptions,
  context: ConnectionContext,
): Promise<TLSSocket> {
  const { host } = options;
  return timed(context, 'tlsMs', `TLS handshake with ${host}`, async () => {
    const secure = connect({
      socket,
      ...(isIP(host) === 0 && { servername: host.replace(/\.$/, '') }),
      ...(context.trust.context !== undefined && { secureContext: context.trust.context }),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined, // readChain() checks it separately
    });
    destroyOnAbort(secure, context.signal);
    try {
      await once(secure, 'secureConnect');
    } catch (error) {
      if (context.signal.aborted || codeOf(error)?.startsWith('ERR_SSL_') !== true) {
        throw connectionFailure(error, context.signal);
      }
      throw new ProbeFailure('protocol', `TLS handshake failed: ${sslReason(error)}`, error);
    }
    context.findings.chains.push(readChain(secure, options, context));
    return secure;
  });
}

/** Throws a ProbeFailure when a certificate is invalid. */
export function requireValidChain(chains: readonly ServedChain[]): void {
  const bad = chains.find(({ problem }) => problem !== undefined);
  if (bad !== undefined) throw new ProbeFailure('certificate', `certificate: ${bad.problem ?? ''}`);
}

function readChain(
  socket: TLSSocket,
  { host, source }: TlsOptions,
  { trust, clock }: Pick<ConnectionContext, 'trust' | 'clock'>,
): ServedChain {
  const leaf = socket.getPeerCertificate(true);
  const served = [...servedBy(leaf)];
  // A server may send more than is needed: only what it is trusted by is judged.
  const verified = socket.authorized ? verifiedChain(served, trust.anchors, clock.now()) : undefined;
  const certificates = (verified ?? served).map((certificate, index) =>
    toCertificate(certificate.toLegacyObject(), { isLeaf: index === 0, isRoot: isRoot(certificate) }),
  );
  const nameMatches = isCertificate(leaf) && checkServerIdentity(host, leaf) === undefined;
  return {
    source,
    certificates,
    nameMatches,
    problem: chainProblem(socket) ?? (nameMatches ? undefined : `not for ${host}`),
  };
}

function* servedBy(leaf: DetailedPeerCertificate): Generator<X509Certificate> {
  const seen = new Set<DetailedPeerCertificate>();
  let next: DetailedPeerCertificate | undefined = leaf;
  while (isCertificate(next) && !seen.has(next) && seen.size < MAX_CHAIN) {
    seen.add(next);
    yield new X509Certificate(next.raw);
    next = next.issuerCertificate;
  }
}

function isRoot(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

function chainProblem(socket: TLSSocket): string | undefined {
  if (socket.authorized) return undefined;
  const code = String(socket.authorizationError);
  return CHAIN_ERRORS[code] ?? code;
}

/** Node gives an empty object where there is none. */
function isCertificate(
  certificate: DetailedPeerCertificate | undefined,
): certificate is DetailedPeerCertificate {
  return certificate !== undefined && 'valid_to' in certificate;
}

function toCertificate(
  certificate: PeerCertificate,
  { isLeaf, isRoot }: { readonly isLeaf: boolean; readonly isRoot: boolean },
): Certificate {
  return {
    commonName: firstName(certificate.subject),
    issuerCommonName: firstName(certificate.issuer),
    type: isLeaf ? 'leaf' : isRoot ? 'root' : 'intermediate',
    validFromMs: Date.parse(certificate.valid_from),
    validToMs: Date.parse(certificate.valid_to),
  };
}

/** A subject may be without a common name, or have several. */
function firstName(subject: { readonly CN?: string | readonly string[] } | undefined): string | undefined {
  const name = subject?.CN;
  return typeof name === 'string' ? name : name?.[0];
}

const CHAIN_ERRORS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not yet valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'issuer unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'issuer unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'issuer unknown, or missing in the chain',
  CERT_REVOKED: 'revoked',
  INVALID_PURPOSE: 'not for servers',
};

/** OpenSSL's text without file names and numbers. */
function sslReason(error: unknown): string {
  const [, reason] = /SSL routines:[^:]*:([^:]+)/.exec(messageOf(error)) ?? [];
  return (reason ?? codeOf(error) ?? messageOf(error)).toLowerCase();
}
