import { once } from 'node:events';
import { connect } from 'node:tls';
import { dial } from '../../runtime/dial/dial.ts';
import type { Endpoint } from '../protocols/mqtt/connection.ts';

/** Whether a TLS handshake with the port succeeds, whatever its certificate: nothing is sent over it. Never rejects. */
export async function speaksTls({ host, port }: Endpoint, timeoutMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { socket } = await dial({ host, port }, { signal, guard: undefined });
    const secure = connect({ socket, rejectUnauthorized: false });
    secure.on('error', () => undefined);
    try {
      await once(secure, 'secureConnect', { signal });
      return true;
    } finally {
      secure.destroy();
      socket.destroy();
    }
  } catch {
    return false;
  }
}
