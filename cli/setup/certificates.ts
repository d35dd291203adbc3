// The library looks for its metadata as soon as it is loaded.
import 'reflect-metadata';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate as LibraryCertificate,
  X509CertificateGenerator,
  type Extension,
  type Name,
} from '@peculiar/x509';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import type { SetupHost } from './hosts.ts';

/** A certificate and its private key, in PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3_650;
/** Apple's systems refuse certificates of servers that are good for more than 825 days (support.apple.com/103769). */
const SERVER_DAYS = 820;
/** Clocks of gateways are behind, until their first contact with a time server. */
const EARLIER_MS = DAY_MS;
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };
/** Of a name in a certificate (RFC 5280, ub-common-name). */
const MAX_COMMON_NAME = 64;

/** A certificate authority of the city's own, good for ten years; it may sign servers, no other authorities. */
export async function createAuthority(name: string, nowMs: number): Promise<Identity> {
  const keys = await generateKeys();
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name.slice(0, MAX_COMMON_NAME)] }],
    keys,
    ...validity(nowMs, nowMs + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: SIGNATURE_ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${cert.toString('pem')}\n`, key: await keyPem(keys) };
}

/**
 * A server's certificate for these hosts, good for 820 days, not longer than its authority. Throws a UserError (exit 4) where the
 * authority cannot sign; `authorityFiles` names it.
 */
export async function createServerIdentity(
  authority: Identity,
  hosts: readonly SetupHost[],
  nowMs: number,
  authorityFiles: string,
): Promise<Identity> {
  const signer = await openAuthority(authority, nowMs, authorityFiles);
  const keys = await generateKeys();
  const cert = await X509CertificateGenerator.create({
    subject: [{ CN: [(hosts[0]?.value ?? '').slice(0, MAX_COMMON_NAME)] }],
    issuer: signer.subject,
    publicKey: keys.publicKey,
    signingKey: signer.key,
    ...validity(nowMs, Math.min(nowMs + SERVER_DAYS * DAY_MS, signer.endMs)),
    signingAlgorithm: SIGNATURE_ALGORITHM,
    extensions: await serverExtensions(hosts, keys.publicKey, signer.publicKey),
  });
  return { cert: `${cert.toString('pem')}\n`, key: await keyPem(keys) };
}

async function serverExtensions(
  hosts: readonly SetupHost[],
  publicKey: webcrypto.CryptoKey,
  authorityKey: webcrypto.CryptoKey,
): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(hosts.map(({ type, value }) => ({ type, value }))),
    await SubjectKeyIdentifierExtension.create(publicKey),
    await AuthorityKeyIdentifierExtension.create(authorityKey),
  ];
}

interface Signer {
  readonly subject: Name;
  readonly key: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
  readonly endMs: number;
}

async function openAuthority({ cert, key }: Identity, nowMs: number, files: string): Promise<Signer> {
  const refuse = (reason: string, cause?: unknown): UserError =>
    new UserError(EXIT.dataDirectory, [`${files}: ${reason}`], cause);
  try {
    const certificate = new X509Certificate(cert);
    const endMs = Date.parse(certificate.validTo);
    if (endMs <= nowMs) throw refuse(`the authority ended on ${new Date(endMs).toISOString().slice(0, 10)}`);
    const privateKey = createPrivateKey(key);
    if (!certificate.checkPrivateKey(privateKey)) throw refuse('the key is not that of the certificate');
    const { subtle } = webcrypto;
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    return {
      subject: new LibraryCertificate(cert).subjectName,
      key: await subtle.importKey('pkcs8', pkcs8, KEY_ALGORITHM, false, ['sign']),
      publicKey: await subtle.importKey('spki', spki, KEY_ALGORITHM, true, ['verify']),
      endMs,
    };
  } catch (error) {
    throw error instanceof UserError ? error : refuse(messageOf(error), error);
  }
}

function validity(nowMs: number, endMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(nowMs - EARLIER_MS), notAfter: new Date(endMs) };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

async function keyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}
