/** One certificate, as a server sent it or a file holds it. */
export interface Certificate {
  readonly commonName?: string | undefined;
  readonly issuerCommonName?: string | undefined;
  readonly type: 'leaf' | 'intermediate' | 'root';
  readonly validFromMs: number;
  readonly validToMs: number;
}

/** The chain by which a server is trusted, or else what it sent; the leaf first. */
export interface ServedChain {
  /** Such as `https://dvc.example.vn:443`. */
  readonly source: string;
  readonly certificates: readonly Certificate[];
  /** The certificate is for the name that was asked for. */
  readonly nameMatches: boolean;
  /** Verification error; undefined: the certificate is valid. */
  readonly problem?: string | undefined;
}

export interface CertificateReading {
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number | boolean | string>>;
}

/**
 * Telegraf's `x509_cert`, one reading a certificate, with the share of its lifetime that is left. The result for the whole
 * chain is in the leaf's reading. Pure.
 */
export function certificateReadings(chain: ServedChain, nowMs: number): CertificateReading[] {
  return chain.certificates.map((certificate) => {
    const { tags, fields } = certificateReading(chain.source, certificate, nowMs);
    return { tags, fields: { ...fields, ...(certificate.type === 'leaf' && verificationFields(chain)) } };
  });
}

/** One certificate by itself, wherever it was found. Pure. */
export function certificateReading(
  source: string,
  certificate: Certificate,
  nowMs: number,
): CertificateReading {
  return {
    tags: {
      source,
      type: certificate.type,
      ...nameTag('common_name', certificate.commonName),
      ...nameTag('issuer_common_name', certificate.issuerCommonName),
    },
    fields: lifetimeFields(certificate, nowMs),
  };
}

function lifetimeFields({ validFromMs, validToMs }: Certificate, nowMs: number): Record<string, number> {
  const leftPct = (100 * (validToMs - nowMs)) / (validToMs - validFromMs);
  return {
    startdate: Math.floor(validFromMs / 1_000),
    enddate: Math.floor(validToMs / 1_000),
    age: Math.floor((nowMs - validFromMs) / 1_000),
    expiry: Math.floor((validToMs - nowMs) / 1_000),
    ...(validToMs > validFromMs && { lifetime_left_pct: Math.min(100, Math.max(0, leftPct)) }),
  };
}

function verificationFields({
  nameMatches,
  problem,
}: ServedChain): Record<string, number | boolean | string> {
  return {
    name_match: nameMatches,
    verification_code: problem === undefined ? 0 : 1,
    ...(problem !== undefined && { verification_error: problem }),
  };
}

const MAX_TAG_CHARS = 128;

/** Names are untrusted: no control characters, no longer than a tag may be. */
function nameTag(tag: string, name: string | undefined): Record<string, string> {
  const clean = (name ?? '')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, MAX_TAG_CHARS);
  return clean === '' ? {} : { [tag]: clean };
}
