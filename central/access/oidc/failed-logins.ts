import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';
import type { Clock } from '../../../runtime/clock.ts';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { TokenBucket } from '../../../runtime/token-bucket.ts';

const LOG_LINES = { capacity: 20, refillPerS: 0.2 };
/** Of each text that comes from the provider or the browser. */
const MAX_TEXT_CHARS = 200;

interface LoginFailure {
  readonly reason: string;
  /** Of the library, such as `OAUTH_RESPONSE_BODY_ERROR`, or of Node. */
  readonly code?: string;
  /** `error` and `error_description` of the answer (RFC 6749, 4.1.2.1 and 5.2). */
  readonly error?: string;
  readonly description?: string;
}

/** Logins at an identity provider that came to nothing, in the log: few lines, however many there are. */
export class FailedLogins {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #log: Logger;
  readonly #bucket: TokenBucket;
  #leftOut = 0;

  constructor({ clock, log }: { readonly clock: Pick<Clock, 'monotonicMs'>; readonly log: Logger }) {
    this.#clock = clock;
    this.#log = log;
    this.#bucket = new TokenBucket(LOG_LINES, clock.monotonicMs());
  }

  record(error: unknown): void {
    if (!this.#bucket.tryTake(1, this.#clock.monotonicMs())) {
      this.#leftOut++;
      return;
    }
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    this.#log.warn(
      { ...describeLoginError(error), ...(leftOut > 0 && { leftOut }) },
      'a login at the identity provider failed',
    );
  }
}

/** Never the cause of an error: that is the whole answer, tokens included, or a part of it. Pure. */
function describeLoginError(error: unknown): LoginFailure {
  const isAnswer = error instanceof ResponseBodyError || error instanceof AuthorizationResponseError;
  // Of a provider that cannot be reached, Node's code is with the cause.
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined);
  return {
    reason: shortened(messageOf(error)),
    ...(code !== undefined && { code }),
    ...(isAnswer && { error: shortened(error.error) }),
    ...(isAnswer &&
      error.error_description !== undefined && { description: shortened(error.error_description) }),
  };
}

/** Answers are not checked for types everywhere. */
function shortened(given: unknown): string {
  const text = String(given);
  return text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS)}…` : text;
}
