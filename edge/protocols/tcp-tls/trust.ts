import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { messageOf } from '../../../runtime/errors.ts';

/** Trusted authorities; undefined: those that Node knows. Rejects when the file is missing or holds no certificate. */
export type TrustReader = () => Promise<SecureContext | undefined>;

/** Reads the file each time, because authorities change, but builds the context, which is slow, only on a change. */
export function createTrustReader(caFile: string | undefined): TrustReader {
  if (caFile === undefined) return async () => undefined;
  let known: { readonly pem: string; readonly context: SecureContext } | undefined;
  return async () => {
    const pem = await readFile(caFile, 'utf8');
    if (known?.pem !== pem) known = { pem, context: trustAlso(pem, caFile) };
    return known.context;
  };
}

function trustAlso(pem: string, caFile: string): SecureContext {
  try {
    new X509Certificate(pem); // createSecureContext() accepts anything silently
  } catch (error) {
    throw new Error(`${caFile} holds no certificate in PEM: ${messageOf(error)}`, { cause: error });
  }
  return createSecureContext({ ca: [...rootCertificates, pem] });
}
