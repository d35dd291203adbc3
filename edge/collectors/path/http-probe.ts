import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '../../../runtime/clock.ts';
import { webEndpoint } from '../../../runtime/dial/http-agent.ts';
import { permittedAddresses, type TargetGuard } from '../../../runtime/dial/target-guard.ts';

export interface HttpProbe {
  readonly url: string;
  /** The IP address of its host. */
  readonly host: string;
  readonly guard: TargetGuard | undefined;
  /** For the connection, and again for the response. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Not answered in time, or not even reached. */
const NO_ANSWER: ReadonlySet<string | undefined> = new Set([
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ECONNREFUSED',
  'ECONNRESET',
]);

/**
 * Time from a HEAD request to its response, of any status, on an open connection: a round trip and the server's own time,
 * ms. Undefined: no answer. Rejects on an invalid response or an untrusted certificate.
 */
export function responseMs(
  { url, host, guard, timeoutMs, signal }: HttpProbe,
  clock: Clock,
): Promise<number | undefined> {
  const isTls = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const family = isIP(host) === 6 ? 6 : 4;
    permittedAddresses(guard, webEndpoint(new URL(url)), [{ address: host, family }]);
    let startMs = clock.monotonicMs();
    const request = (isTls ? https : http).request(url, {
      method: 'HEAD',
      agent: false,
      lookup: (_name, _options, callback) => callback(null, [{ address: host, family }]),
    });
    const end = (settle: () => void): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
      request.destroy();
      settle();
    };
    const giveUp = (): void => end(() => resolve(undefined));
    // Not the socket's idle timeout: a server that sends byte by byte would keep resetting it.
    let deadline = setTimeout(giveUp, timeoutMs);
    const onAbort = (): void => end(() => reject(signal.reason as Error));
    signal.addEventListener('abort', onAbort, { once: true });
    request.once('socket', (socket) => {
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        startMs = clock.monotonicMs();
        clearTimeout(deadline);
        deadline = setTimeout(giveUp, timeoutMs);
      });
    });
    request.once('response', () => {
      const rttMs = clock.monotonicMs() - startMs;
      end(() => resolve(rttMs));
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (NO_ANSWER.has(error.code)) giveUp();
      else end(() => reject(error));
    });
    request.end();
  });
}
