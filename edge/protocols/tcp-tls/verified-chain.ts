import { X509Certificate } from 'node:crypto';

const MAX_CHAIN = 8;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Trusted authorities, by their names. */
export class Anchors {
  readonly #pems: readonly string[];
  #bySubject: ReadonlyMap<string, readonly X509Certificate[]> | undefined;

  /** Each text may hold several certificates. */
  constructor(pems: readonly string[]) {
    this.#pems = pems;
  }

  /** That have issued the certificate and are valid now. */
  issuersOf(certificate: X509Certificate, nowMs: number): readonly X509Certificate[] {
    this.#bySubject ??= parseAll(this.#pems);
    const named = this.#bySubject.get(certificate.issuer) ?? [];
    return named.filter((anchor) => hasIssued(anchor, certificate) && isValidAt(anchor, nowMs));
  }
}

/**
 * The certificates by which a verified leaf is trusted, the leaf first: as OpenSSL does, a trusted authority is taken before
 * what the server sent. Certificates that nobody needs, such as an expired cross-signed one, are not in it. undefined: there
 * is no such chain, or not in these authorities. Pure.
 */
export function verifiedChain(
  served: readonly X509Certificate[],
  anchors: Anchors,
  nowMs: number,
): readonly X509Certificate[] | undefined {
  const [leaf, ...others] = served;
  if (leaf === undefined) return undefined;
  const chain = [leaf];
  for (let last = leaf; chain.length <= MAX_CHAIN;) {
    const [anchor] = anchors.issuersOf(last, nowMs);
    if (anchor !== undefined) return isSame(anchor, last) ? chain : [...chain, anchor];
    const next = others.find(
      (other) =>
        !chain.some((known) => isSame(known, other)) && hasIssued(other, last) && isValidAt(other, nowMs),
    );
    if (next === undefined) return undefined;
    chain.push(next);
    last = next;
  }
  return undefined;
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isValidAt({ validFrom, validTo }: X509Certificate, nowMs: number): boolean {
  return Date.parse(validFrom) <= nowMs && nowMs <= Date.parse(validTo);
}

function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one.raw.equals(other.raw);
}

function parseAll(pems: readonly string[]): ReadonlyMap<string, readonly X509Certificate[]> {
  const bySubject = new Map<string, X509Certificate[]>();
  for (const pem of pems.flatMap((text) => text.match(PEM) ?? [])) {
    const certificate = new X509Certificate(pem);
    const named = bySubject.get(certificate.subject);
    if (named === undefined) bySubject.set(certificate.subject, [certificate]);
    else named.push(certificate);
  }
  return bySubject;
}
