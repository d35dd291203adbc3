import type { Clock } from '../../../runtime/clock.ts';
import { dial, type DialOptions } from '../../../runtime/dial/dial.ts';
import { DialError } from '../../../runtime/dial/dial-error.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { codeOf } from '../../../runtime/errors.ts';
import type { Probe } from './icmp-probe.ts';
import { spacedBurst } from './spaced-burst.ts';

/**
 * The time of a TCP handshake. A refused connection is an answer too: the host sent the refusal. Rejects when the name
 * cannot be looked up or this machine has no network.
 */
export function createTcpProbe(deps: {
  readonly clock: Clock;
  readonly port: number;
  readonly guard: TargetGuard | undefined;
}): Probe {
  return (address, plan, signal) =>
    spacedBurst(
      plan.count,
      () =>
        connectMs({ address, port: deps.port, guard: deps.guard, timeoutMs: plan.replyTimeoutMs, signal }),
      { clock: deps.clock, signal },
    );
}

const ANSWERS: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ECONNRESET']);

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
  readonly guard: TargetGuard | undefined;
  /** For each address of a name. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Time of one handshake, ms; undefined: no answer in time. Of a name with several addresses, the first to answer counts. */
export async function connectMs(
  { address, port, guard, timeoutMs, signal }: Attempt,
  deps: Pick<DialOptions, 'lookUp' | 'connect' | 'clock'> = {},
): Promise<number | undefined> {
  try {
    const how = { ...deps, signal, guard, attemptTimeoutMs: timeoutMs };
    const { socket, connectMs: rttMs } = await dial({ host: address, port }, how);
    socket.destroy();
    return rttMs;
  } catch (error) {
    if (signal.aborted || !(error instanceof DialError)) throw error;
    const answer = error.attempts.find((attempt) => ANSWERS.has(codeOf(attempt.error)));
    if (answer !== undefined) return answer.elapsedMs;
    if (error.attempts.some((attempt) => NO_ANSWER.has(codeOf(attempt.error)))) return undefined;
    throw error;
  }
}
