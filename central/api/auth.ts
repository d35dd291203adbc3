import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../runtime/clock.ts';
import type { RefusedTokens, TokenFault } from '../access/refused-tokens.ts';
import type { Caller, Sessions } from '../access/sessions.ts';
import { roleAllows, type TokenInfo, type TokenStore } from '../access/tokens.ts';
import { isOfOwnPage } from './own-page.ts';
import { ApiError } from './problem.ts';
import { sessionOf, type BrowserAccess } from './session-cookie.ts';

export interface AuthDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly tokens: Pick<TokenStore, 'use'>;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly refusedTokens: Pick<RefusedTokens, 'record'>;
}

/** Lets a request in whose token, or session of a browser, has the role that the route's config asks for. */
export function requireRole(deps: AuthDeps, access: BrowserAccess) {
  return async (request: FastifyRequest): Promise<void> => {
    const needed = request.routeOptions.config.role ?? 'viewer';
    const { authorization } = request.headers;
    // A request with this header is judged by it alone: else a cookie that the browser adds could write, with any text in the header.
    const caller =
      authorization === undefined
        ? callerOfCookie(deps, request, access)
        : callerOfHeader(deps, request, authorization);
    if (!roleAllows(caller.role, needed)) {
      throw new ApiError('ROLE_TOO_LOW', `this needs the role ${needed}, the token has ${caller.role}`);
    }
    if (authorization === undefined && !isRead(request.method)) assertMayWrite(request, caller, access);
    request.caller = caller;
  };
}

/** The browser adds the cookie by itself, whoever made it ask. */
function assertMayWrite(request: FastifyRequest, { session }: Caller, { ownOrigin }: BrowserAccess): void {
  if (session?.mayWrite !== true)
    throw new ApiError(
      'COOKIE_READS_ONLY',
      'this page was opened with a link and may only read; log in to write',
    );
  assertOwnPage(request, ownOrigin);
}

export function assertOwnPage(request: FastifyRequest, ownOrigin: string | undefined): void {
  if (isOfOwnPage(request.headers, ownOrigin)) return;
  const detail =
    'a write with a cookie must come from a page of this server; programs send a token in the Authorization header';
  throw new ApiError('CROSS_SITE_WRITE', detail);
}

function callerOfHeader(
  { clock, tokens, refusedTokens }: AuthDeps,
  request: FastifyRequest,
  header: string,
): TokenInfo {
  // RFC 9110, 11.1: the name of a scheme is in any case.
  const token = /^bearer +([\x21-\x7e]+)$/i.exec(header)?.[1];
  if (token === undefined) throw notAuthenticated();
  const caller = tokens.use(token, clock.now());
  if (typeof caller === 'string') throw refusalOf(refusedTokens, request.ip, caller);
  return caller;
}

/** Nobody waits here: a person whose session has ended is to see the page that says so. */
function callerOfCookie(
  { clock, sessions, refusedTokens }: AuthDeps,
  request: FastifyRequest,
  access: BrowserAccess,
): Caller {
  const session = sessionOf(request, access);
  if (session === undefined) throw notAuthenticated();
  const caller = sessions.find(session, clock.now());
  if (typeof caller !== 'string') return caller;
  refusedTokens.record(request.ip, caller);
  throw new ApiError('NOT_AUTHENTICATED', 'the session of this page has ended; log in again');
}

function notAuthenticated(): ApiError {
  return new ApiError('NOT_AUTHENTICATED', 'send a valid API token as "Authorization: Bearer <token>"');
}

/** A valid token is never held up: others may send from the same address, such as that of a proxy. */
export function refusalOf(
  refusedTokens: AuthDeps['refusedTokens'],
  address: string,
  fault: TokenFault,
): ApiError {
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
