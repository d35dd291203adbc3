import { X509Certificate } from 'node:crypto';
import { because, type Reason } from '../../contract/reasons/reason-codes.ts';
import type { Logger } from '../../runtime/logger.ts';
import { inEnglish } from './reasons/english.ts';

/** A certificate that central presents, or the authority that it trusts. */
export interface CertificateExpiry {
  /** The setting that names the file, such as `api.tls.certFile`. */
  readonly setting: string;
  readonly expiresAtMs: number;
}

/** The PEM text of the files that the settings name. */
export interface CertificateFiles {
  readonly cert?: string;
  readonly ca?: string;
}

const DAY_MS = 86_400_000;
/** Time enough to get a new one, also from an authority that is a person. */
const WARN_BEFORE_MS = 30 * DAY_MS;

/** `files` by the path of the settings, such as `api.tls`; they have been checked. Pure. */
export function certificateExpiries(files: Readonly<Record<string, CertificateFiles>>): CertificateExpiry[] {
  return Object.entries(files).flatMap(([path, { cert, ca }]) => [
    // The first one is central's own; those of its authorities follow.
    ...expiryOf(`${path}.certFile`, cert, (times) => times[0]),
    // One authority that is still valid is enough for those whom it has signed.
    ...expiryOf(`${path}.caFile`, ca, (times) => Math.max(...times)),
  ]);
}

function expiryOf(
  setting: string,
  pem: string | undefined,
  choose: (expiresAtMs: readonly number[]) => number | undefined,
): CertificateExpiry[] {
  const blocks = pem?.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g) ?? [];
  const times = blocks.map((block) => Date.parse(new X509Certificate(block).validTo));
  const expiresAtMs = times.length === 0 ? undefined : choose(times);
  return expiresAtMs === undefined ? [] : [{ setting, expiresAtMs }];
}

export function needsAttention({ expiresAtMs }: CertificateExpiry, nowMs: number): boolean {
  return expiresAtMs - nowMs < WARN_BEFORE_MS;
}

/** Such as `api.tls.certFile expires in 12 days, at 2027-01-01T00:00:00.000Z`. Pure. */
export function whyExpires({ setting, expiresAtMs }: CertificateExpiry, nowMs: number): Reason {
  const days = Math.floor(Math.abs(expiresAtMs - nowMs) / DAY_MS);
  const code = expiresAtMs <= nowMs ? 'certificate_ended' : 'certificate_ends';
  return because(code, { setting, days, atMs: expiresAtMs });
}

/** Warns of those that have expired or soon will. Nothing is refused for it: data that flows is worth more. */
export function warnOfExpiry(certificates: readonly CertificateExpiry[], nowMs: number, log: Logger): void {
  for (const certificate of certificates.filter((each) => needsAttention(each, nowMs))) {
    const { setting, expiresAtMs } = certificate;
    log.warn(
      { setting, expiresAt: new Date(expiresAtMs).toISOString() },
      `certificate: ${inEnglish([whyExpires(certificate, nowMs)])}`,
    );
  }
}
