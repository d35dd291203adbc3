import type { Clock } from '../../../runtime/clock.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { connectMs } from '../../protocols/ping/tcp-probe.ts';

export interface TcpEndpoint {
  readonly address: string;
  readonly port: number;
}

interface Way {
  readonly guard: TargetGuard | undefined;
  readonly signal: AbortSignal;
}

const LOADED_EVERY_MS = 500;
const TIMEOUT_MS = 2_000;

/** Time of a TCP handshake, ms; undefined: no answer within two seconds. Rejects when nothing can be sent. */
export function handshakeMs(target: TcpEndpoint, way: Way): Promise<number | undefined> {
  return connectMs({ ...target, ...way, timeoutMs: TIMEOUT_MS });
}

/** Handshakes on separate connections while `load` runs: the latency that other users of the line have. */
export async function whileLoaded<T>(
  load: () => Promise<T>,
  options: Way & { readonly target: TcpEndpoint; readonly clock: Clock },
): Promise<{ readonly result: T; readonly handshakesMs: readonly number[] }> {
  const { target, guard, clock, signal } = options;
  const over = new AbortController();
  const onAbort = (): void => over.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const handshakesMs: number[] = [];
  const probing = (async () => {
    for (;;) {
      await clock.sleep(LOADED_EVERY_MS, over.signal);
      const rttMs = await handshakeMs(target, { guard, signal: over.signal });
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
