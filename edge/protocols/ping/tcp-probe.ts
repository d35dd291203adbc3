import { connect } from 'node:net';
import type { Clock } from '../../../runtime/clock.ts';
import { codeOf } from '../../../runtime/errors.ts';
import type { Probe } from './icmp-probe.ts';
import { spacedBurst } from './spaced-burst.ts';

/**
 * The time of a TCP handshake. A refused connection is an answer too: the host sent the refusal. Rejects when the name
 * cannot be looked up or this machine has no network.
 */
export function createTcpProbe(deps: { readonly clock: Clock; readonly port: number }): Probe {
  return (address, plan, signal) =>
    spacedBurst(
      plan.count,
      () => connectMs({ address, port: deps.port, timeoutMs: plan.replyTimeoutMs, signal }, deps.clock),
      { clock: deps.clock, signal },
    );
}

/** Reported by a router or host on the path: no answer from the target, no fault of this machine. */
const NO_ANSWER: ReadonlySet<string | undefined> = new Set([
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
]);

export interface Attempt {
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Time of one handshake, ms; undefined: no answer in time. */
export function connectMs(attempt: Attempt, clock: Clock): Promise<number | undefined> {
  const { signal } = attempt;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const startMs = clock.monotonicMs();
    const socket = connect({ host: attempt.address, port: attempt.port, timeout: attempt.timeoutMs });
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = (): void => end(() => reject(signal.reason as Error));
    const answered = (): void => {
      const rttMs = clock.monotonicMs() - startMs;
      end(() => resolve(rttMs));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', answered);
    socket.once('timeout', () => end(() => resolve(undefined)));
    socket.on('error', (error) => {
      const code = codeOf(error);
      if (code === 'ECONNREFUSED' || code === 'ECONNRESET') answered();
      else if (NO_ANSWER.has(code)) end(() => resolve(undefined));
      else end(() => reject(error));
    });
  });
}
