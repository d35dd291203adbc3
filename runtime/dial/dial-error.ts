import { codeOf, messageOf } from '../errors.ts';

/** One address that was tried in vain. */
export interface FailedAttempt {
  readonly address: string;
  readonly elapsedMs: number;
  readonly error: Error;
}

/** No address of a host can be connected to. With several, the message gives the reason of each. */
export class DialError extends Error {
  override readonly name = 'DialError';
  /** Of the attempt that tells most, such as `ECONNREFUSED`. */
  readonly code: string | undefined;
  readonly attempts: readonly FailedAttempt[];

  constructor(attempts: readonly FailedAttempt[]) {
    const telling = mostTelling(attempts);
    super(textOf(attempts), { cause: telling?.error });
    this.code = codeOf(telling?.error);
    this.attempts = attempts;
  }
}

const SOCKET_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'no answer to the connection',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'no local address for this network',
};

/** A socket's error in words; never empty. */
export function socketErrorText(error: unknown): string {
  return SOCKET_ERRORS[codeOf(error) ?? ''] ?? messageOf(error);
}

/** Usual for an IPv6 address on a machine without IPv6: tells nothing of the host. */
const NO_SUCH_NETWORK: ReadonlySet<string | undefined> = new Set(['ENETUNREACH', 'EADDRNOTAVAIL']);

function mostTelling(attempts: readonly FailedAttempt[]): FailedAttempt | undefined {
  return attempts.find(({ error }) => !NO_SUCH_NETWORK.has(codeOf(error))) ?? attempts[0];
}

function textOf(attempts: readonly FailedAttempt[]): string {
  const [first, ...more] = attempts;
  if (first === undefined) return 'the host has no address';
  if (more.length === 0) return socketErrorText(first.error);
  return attempts.map(({ address, error }) => `${address}: ${socketErrorText(error)}`).join('; ');
}
