import type { FastifyReply, FastifyRequest } from 'fastify';
import { roleAllows, type Role, type TokenInfo, type TokenStore } from '../access/tokens.ts';
import { ApiError } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller?: TokenInfo;
  }
}

export const SESSION_COOKIE = 'wardwatch_token';

/** `Authorization: Bearer …`, or the cookie that the link printed by `start` sets. */
export function tokenOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header?.startsWith('Bearer ') === true) return header.slice('Bearer '.length);
  return request.cookies[SESSION_COOKIE];
}

export function requireRole(tokens: TokenStore, needed: Role) {
  return async (request: FastifyRequest): Promise<void> => {
    const token = tokenOf(request);
    const caller = token === undefined ? undefined : tokens.find(token);
    if (caller === undefined) {
      throw new ApiError(
        401,
        'NOT_AUTHENTICATED',
        'send a valid API token as "Authorization: Bearer <token>"',
      );
    }
    if (!roleAllows(caller.role, needed)) {
      throw new ApiError(403, 'ROLE_TOO_LOW', `this needs the role ${needed}, the token has ${caller.role}`);
    }
    // A cookie travels by itself, so it may only read: no cross-site writes.
    if (request.headers.authorization === undefined && request.method !== 'GET') {
      throw new ApiError(403, 'COOKIE_READS_ONLY', 'writes need the token in the Authorization header');
    }
    request.caller = caller;
  };
}

/** `?token=…` in the page's address becomes a cookie, and leaves the address bar and the history. */
export function acceptPageLink(tokens: TokenStore, secure: boolean) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { token } = request.query as { token?: unknown };
    if (typeof token !== 'string') return;
    if (tokens.find(token) === undefined)
      throw new ApiError(401, 'NOT_AUTHENTICATED', 'this link is no longer valid');
    await reply
      .setCookie(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'strict', secure, path: '/' })
      .redirect(request.url.split('?')[0] ?? '/');
  };
}
