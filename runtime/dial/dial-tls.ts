import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { dial, type DialOptions, type Endpoint } from './dial.ts';

/** As `tls.connect()` takes them, without what says where to. */
export type TlsOptions = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'secureContext'>;

/** Connects, and makes the connection secure; the certificate is always verified. Rejects with the reason. */
export async function dialTls(endpoint: Endpoint, tls: TlsOptions, options: DialOptions): Promise<TLSSocket> {
  const { host } = endpoint;
  const { signal, onStep } = options;
  const { socket } = await dial(endpoint, options);
  onStep?.(`TLS handshake with ${host}`);
  try {
    // Throws when certificate or key are unusable.
    const secure = connect({
      ...tls,
      socket,
      // For the name in the certificate.
      host,
      ...(isIP(host) === 0 && { servername: host.replace(/\.$/, '') }),
      rejectUnauthorized: true,
    });
    secure.on('error', () => undefined);
    await once(secure, 'secureConnect', { signal });
    return secure;
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? (signal.reason as Error) : error;
  }
}
