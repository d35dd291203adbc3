import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { dial, type DialOptions, type Endpoint } from './dial.ts';

/** As `tls.connect()` takes them, without what says where to. */
export type TlsOptions = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'secureContext'> & {
  /** SHA-256 of the one certificate that is taken, whoever signed it and for whatever name. */
  readonly fingerprint256?: string | undefined;
};

/**
 * Connects, and makes the connection secure; the certificate is always verified, by who signed it or by its fingerprint. Rejects with
 * the reason.
 */
export async function dialTls(endpoint: Endpoint, tls: TlsOptions, options: DialOptions): Promise<TLSSocket> {
  const { host } = endpoint;
  const { signal, onStep } = options;
  const { fingerprint256, ...tlsOptions } = tls;
  const { socket } = await dial(endpoint, options);
  onStep?.(`TLS handshake with ${host}`);
  try {
    // Throws when certificate or key are unusable.
    const secure = connect({
      ...tlsOptions,
      socket,
      // For the name in the certificate.
      host,
      ...(isIP(host) === 0 && { servername: host.replace(/\.$/, '') }),
      rejectUnauthorized: fingerprint256 === undefined,
    });
    secure.on('error', () => undefined);
    await once(secure, 'secureConnect', { signal });
    if (fingerprint256 !== undefined) requireFingerprint(secure, fingerprint256);
    return secure;
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? (signal.reason as Error) : error;
  }
}

function requireFingerprint(secure: TLSSocket, wanted: string): void {
  const found = secure.getPeerX509Certificate()?.fingerprint256 ?? 'none';
  if (plainFingerprint(found) === plainFingerprint(wanted)) return;
  throw new Error(`its certificate has another fingerprint: ${found}`);
}

/** With or without colons, in upper or lower case. */
function plainFingerprint(text: string): string {
  return text.replaceAll(':', '').toLowerCase();
}
