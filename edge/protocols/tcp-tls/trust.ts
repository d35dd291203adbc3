import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { messageOf } from '../../../runtime/errors.ts';
import { Anchors } from './verified-chain.ts';

/** Trusted authorities. */
export interface Trust {
  /** undefined: those that Node knows. */
  readonly context: SecureContext | undefined;
  readonly anchors: Anchors;
}

/** Rejects when the file is missing or holds no certificate. */
export type TrustReader = () => Promise<Trust>;

/** Those that Node knows, and those of `caFile`. */
export function createTrustReader(caFile: string | undefined): TrustReader {
  if (caFile === undefined) {
    const known: Trust = { context: undefined, anchors: new Anchors(rootCertificates) };
    return async () => known;
  }
  let known: { readonly pem: string; readonly trust: Trust } | undefined;
  // Reads the file each time, because authorities change, but builds the context, which is slow, only on a change.
  return async () => {
    const pem = await readFile(caFile, 'utf8');
    if (known?.pem !== pem) known = { pem, trust: trustAlso(pem, caFile) };
    return known.trust;
  };
}

/** Trusts these and no others. */
export function trustOnly(pems: readonly string[]): Trust {
  return { context: createSecureContext({ ca: [...pems] }), anchors: new Anchors(pems) };
}

function trustAlso(pem: string, caFile: string): Trust {
  try {
    new X509Certificate(pem); // createSecureContext() accepts anything silently
  } catch (error) {
    throw new Error(`${caFile} holds no certificate in PEM: ${messageOf(error)}`, { cause: error });
  }
  return trustOnly([...rootCertificates, pem]);
}
