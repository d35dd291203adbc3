import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../runtime/clock.ts';
import type { RefusedTokens, TokenFault } from '../access/refused-tokens.ts';
import { roleAllows, type TokenStore } from '../access/tokens.ts';
import { ApiError } from './problem.ts';

export interface AuthDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly tokens: Pick<TokenStore, 'use'>;
  readonly refusedTokens: Pick<RefusedTokens, 'record'>;
}

const SESSION_COOKIE = 'wardwatch_token';

/** Lets a request in whose token has the role that the route's config asks for. */
export function requireRole({ clock, tokens, refusedTokens }: AuthDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    const needed = request.routeOptions.config.role ?? 'viewer';
    const token = tokenOf(request);
    if (token === undefined) throw notAuthenticated();
    const caller = tokens.use(token, clock.now());
    if (typeof caller === 'string') throw refusalOf(refusedTokens, request.ip, caller);
    if (!roleAllows(caller.role, needed)) {
      throw new ApiError('ROLE_TOO_LOW', `this needs the role ${needed}, the token has ${caller.role}`);
    }
    // The browser adds the cookie by itself, so it may only read: no cross-site writes.
    if (request.headers.authorization === undefined && !isRead(request.method)) {
      throw new ApiError('COOKIE_READS_ONLY', 'writes need the token in the Authorization header');
    }
    request.caller = caller;
  };
}

/**
 * The token of `Authorization: Bearer …`, or of the cookie. A request with that header is judged by it alone: else a
 * cookie that the browser adds could write, with any text in the header.
 */
function tokenOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return request.cookies[SESSION_COOKIE];
  // RFC 9110, 11.1: the name of a scheme is in any case.
  return /^bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1];
}

function notAuthenticated(): ApiError {
  return new ApiError('NOT_AUTHENTICATED', 'send a valid API token as "Authorization: Bearer <token>"');
}

/** A valid token is never held up: others may send from the same address, such as that of a proxy. */
function refusalOf(refusedTokens: AuthDeps['refusedTokens'], address: string, fault: TokenFault): ApiError {
  const waitMs = refusedTokens.record(address, fault);
  if (waitMs === 0)
    return fault === 'expired'
      ? new ApiError('NOT_AUTHENTICATED', 'this token has expired; an administrator can make a new one')
      : notAuthenticated();
  const retryAfterS = Math.ceil(waitMs / 1_000);
  const detail = `this address has sent many tokens that are not valid; this one is not valid either, wait ${retryAfterS} s`;
  return new ApiError('TOO_MANY_REFUSED_TOKENS', detail, { retryAfterS });
}

export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Moves `?token=…` of the page's address into a cookie, so that it leaves the address bar and the history. */
export function acceptPageLink({ clock, tokens, refusedTokens }: AuthDeps, secure: boolean) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { token } = request.query as { token?: unknown };
    if (typeof token !== 'string') return;
    const caller = tokens.use(token, clock.now());
    if (typeof caller === 'string') {
      refusedTokens.record(request.ip, caller);
      throw new ApiError('NOT_AUTHENTICATED', 'this link is no longer valid');
    }
    await reply
      .setCookie(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'strict', secure, path: '/' })
      .redirect(request.url.split('?')[0] ?? '/');
  };
}
