import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../runtime/clock.ts';
import { SESSION_LIFETIME_DAYS, type PageSessions } from '../access/page-sessions.ts';
import type { RefusedTokens } from '../access/refused-tokens.ts';
import { SESSION_COOKIE } from './auth.ts';
import { ApiError } from './problem.ts';

export interface PageLinkDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly sessions: Pick<PageSessions, 'redeem'>;
  readonly refusedTokens: Pick<RefusedTokens, 'record'>;
}

/** Exchanges the code in `/?code=…` for a cookie: what stays in the history of the browser is of no use. */
export function acceptPageLink({ clock, sessions, refusedTokens }: PageLinkDeps, secure: boolean) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { code } = request.query as { code?: unknown };
    // A program that only looks whether the link works (HEAD) must not use it up.
    if (typeof code !== 'string' || request.method !== 'GET') return;
    const redeemed = sessions.redeem(code, clock.now());
    if (typeof redeemed === 'string') {
      refusedTokens.record(request.ip, redeemed);
      throw new ApiError('NOT_AUTHENTICATED', 'this link has been used or has expired; ask for a new one');
    }
    await reply
      .setCookie(SESSION_COOKIE, redeemed.session, {
        httpOnly: true,
        sameSite: 'strict',
        secure,
        path: '/',
        maxAge: SESSION_LIFETIME_DAYS * 86_400,
      })
      .redirect(request.url.split('?')[0] ?? '/');
  };
}
