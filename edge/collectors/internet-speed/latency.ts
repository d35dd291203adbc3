import type { Clock } from '../../../runtime/clock.ts';
import { connectMs } from '../../protocols/ping/tcp-probe.ts';

export interface TcpEndpoint {
  readonly address: string;
  readonly port: number;
}

const LOADED_EVERY_MS = 500;
const TIMEOUT_MS = 2_000;

/** Time of a TCP handshake, ms; undefined: no answer within two seconds. Rejects when nothing can be sent. */
export function handshakeMs(target: TcpEndpoint, signal: AbortSignal): Promise<number | undefined> {
  return connectMs({ ...target, timeoutMs: TIMEOUT_MS, signal });
}

/** Handshakes on separate connections while `load` runs: the latency that other users of the line have. */
export async function whileLoaded<T>(
  load: () => Promise<T>,
  options: { readonly target: TcpEndpoint; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<{ readonly result: T; readonly handshakesMs: readonly number[] }> {
  const { target, clock, signal } = options;
  const over = new AbortController();
  const onAbort = (): void => over.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const handshakesMs: number[] = [];
  const probing = (async () => {
    for (;;) {
      await clock.sleep(LOADED_EVERY_MS, over.signal);
      const rttMs = await handshakeMs(target, over.signal);
      if (rttMs !== undefined) handshakesMs.push(rttMs);
    }
  })().catch(() => undefined); // the load is over, or the line is down, which the load reports
  try {
    return { result: await load(), handshakesMs };
  } finally {
    over.abort(new Error('the load is over'));
    await probing;
    signal.removeEventListener('abort', onAbort);
  }
}
