import type { Clock } from '../../../runtime/clock.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { connectMs } from '../../protocols/ping/tcp-probe.ts';
import type { Transfer } from './ndt7/transfer.ts';
import type { Probe } from './responsiveness.ts';

export interface TcpEndpoint {
  readonly address: string;
  readonly port: number;
}

interface Way {
  readonly guard: TargetGuard | undefined;
  readonly signal: AbortSignal;
}

const LOADED_EVERY_MS = 250;
export const TIMEOUT_MS = 2_000;

/** Time of a TCP handshake, ms; undefined: no answer within two seconds. Rejects when nothing can be sent. */
export function handshakeMs(target: TcpEndpoint, way: Way): Promise<number | undefined> {
  return connectMs({ ...target, ...way, timeoutMs: TIMEOUT_MS });
}

/** Those that began while data flowed; `atMs` counts from its begin. Before and after, the line was idle. Pure. */
export function whileDataFlowed(
  handshakes: readonly Probe[],
  { startedAtMs, own }: Pick<Transfer, 'startedAtMs' | 'own'>,
): readonly Probe[] {
  if (startedAtMs === undefined) return [];
  return handshakes
    .map(({ atMs, rttMs }) => ({ atMs: atMs - startedAtMs, rttMs }))
    .filter(({ atMs }) => atMs >= 0 && atMs <= own.elapsedMs);
}

/** Handshakes on separate connections while `load` runs: the latency that other users of the line have. `atMs` is of the monotonic clock. */
export async function whileLoaded<T>(
  load: () => Promise<T>,
  options: Way & { readonly target: TcpEndpoint; readonly clock: Clock },
): Promise<{ readonly result: T; readonly handshakes: readonly Probe[] }> {
  const { target, guard, clock, signal } = options;
  const over = new AbortController();
  const onAbort = (): void => over.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const handshakes: Probe[] = [];
  const probing = (async () => {
    for (;;) {
      await clock.sleep(LOADED_EVERY_MS, over.signal);
      const atMs = clock.monotonicMs();
      const rttMs = (await handshakeMs(target, { guard, signal: over.signal })) ?? TIMEOUT_MS;
      handshakes.push({ atMs, rttMs });
    }
  })().catch(() => undefined); // the load is over, or the line is down, which the load reports
  try {
    return { result: await load(), handshakes };
  } finally {
    over.abort(new Error('the load is over'));
    await probing;
    signal.removeEventListener('abort', onAbort);
  }
}
