import { X509Certificate } from 'node:crypto';
import { messageOf } from '../../../runtime/errors.ts';
import type { Certificate } from '../../protocols/tcp-tls/certificate.ts';

const MAX_CERTIFICATES = 256;
/** Base64 between the lines of RFC 7468; a private key in the same file is ignored. */
const PEM_BEGIN = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;
const PEM_END = /-----END (?:TRUSTED |X509 )?CERTIFICATE-----/;
/** DER of a certificate begins with a SEQUENCE of two length bytes. */
const SEQUENCE = 0x30;

export interface Parsed {
  readonly certificates: readonly Certificate[];
  /** One text a certificate that could not be read; the others are valid. */
  readonly problems: readonly string[];
}

/** Certificates of a file: one or many in PEM, or one in DER. Never throws. Pure. */
export function parseCertificates(content: Buffer): Parsed {
  if (content[0] === SEQUENCE) return parseDer(content);
  const begun = content.toString('latin1').split(PEM_BEGIN).slice(1);
  // Search each end only up to the next beginning, so that the time is linear in the size.
  const blocks = begun.flatMap((text) => {
    const end = text.search(PEM_END);
    return end < 0 ? [] : [text.slice(0, end)];
  });
  const problems: string[] = [];
  if (begun.length === 0) problems.push('expected a certificate in PEM or DER, found none');
  if (begun.length > blocks.length) problems.push('a certificate has a beginning and no end');
  if (blocks.length > MAX_CERTIFICATES) {
    problems.push(`holds ${blocks.length} certificates, only ${MAX_CERTIFICATES} are read`);
  }
  const certificates = blocks.slice(0, MAX_CERTIFICATES).flatMap((block, index) => {
    try {
      const pem = `-----BEGIN CERTIFICATE-----${block}-----END CERTIFICATE-----`;
      return [toCertificate(new X509Certificate(pem))];
    } catch (error) {
      problems.push(`certificate ${index + 1} cannot be read: ${messageOf(error)}`);
      return [];
    }
  });
  return { certificates, problems };
}

function parseDer(content: Buffer): Parsed {
  try {
    return { certificates: [toCertificate(new X509Certificate(content))], problems: [] };
  } catch (error) {
    return { certificates: [], problems: [`expected a certificate in PEM or DER: ${messageOf(error)}`] };
  }
}

function toCertificate(certificate: X509Certificate): Certificate {
  const isSelfIssued = certificate.subject === certificate.issuer;
  return {
    commonName: commonName(certificate.subject),
    issuerCommonName: commonName(certificate.issuer),
    type: !certificate.ca ? 'leaf' : isSelfIssued ? 'root' : 'intermediate',
    validFromMs: Date.parse(certificate.validFrom),
    validToMs: Date.parse(certificate.validTo),
  };
}

/** Subjects come as lines of `CN=name`. */
function commonName(subject: string | undefined): string | undefined {
  return /^CN=(.+)$/m.exec(subject ?? '')?.[1];
}
