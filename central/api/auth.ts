import type { FastifyReply, FastifyRequest } from 'fastify';
import { roleAllows, type TokenStore } from '../access/tokens.ts';
import { ApiError } from './problem.ts';

export interface AuthDeps {
  readonly tokens: Pick<TokenStore, 'find'>;
}

const SESSION_COOKIE = 'wardwatch_token';

/** `Authorization: Bearer …`, or the cookie that the link printed by `start` sets. */
function tokenOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header?.startsWith('Bearer ') === true) return header.slice('Bearer '.length);
  return request.cookies[SESSION_COOKIE];
}

/** Lets a request in whose token has the role that the route's config asks for. */
export function requireRole({ tokens }: AuthDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    const needed = request.routeOptions.config.role ?? 'viewer';
    const token = tokenOf(request);
    const caller = token === undefined ? undefined : tokens.find(token);
    if (caller === undefined) {
      throw new ApiError('NOT_AUTHENTICATED', 'send a valid API token as "Authorization: Bearer <token>"');
    }
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

export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Moves `?token=…` of the page's address into a cookie, so that it leaves the address bar and the history. */
export function acceptPageLink({ tokens }: AuthDeps, secure: boolean) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { token } = request.query as { token?: unknown };
    if (typeof token !== 'string') return;
    if (tokens.find(token) === undefined)
      throw new ApiError('NOT_AUTHENTICATED', 'this link is no longer valid');
    await reply
      .setCookie(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'strict', secure, path: '/' })
      .redirect(request.url.split('?')[0] ?? '/');
  };
}
