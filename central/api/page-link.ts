import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../runtime/clock.ts';
import type { RefusedTokens } from '../access/refused-tokens.ts';
import type { Sessions } from '../access/sessions.ts';
import { ApiError } from './problem.ts';
import { setSessionCookie, type BrowserAccess } from './session-cookie.ts';

export interface PageLinkDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly sessions: Pick<Sessions, 'redeem'>;
  readonly refusedTokens: Pick<RefusedTokens, 'record'>;
}

/** Exchanges the code in `/?code=…` for a cookie: what stays in the history of the browser is of no use. */
export function acceptPageLink({ clock, sessions, refusedTokens }: PageLinkDeps, access: BrowserAccess) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { code } = request.query as { code?: unknown };
    // A program that only looks whether the link works (HEAD) must not use it up.
    if (typeof code !== 'string' || request.method !== 'GET') return;
    const redeemed = sessions.redeem(code, clock.now());
    if (typeof redeemed === 'string') {
      refusedTokens.record(request.ip, redeemed);
      throw new ApiError('NOT_AUTHENTICATED', 'this link has been used or has expired; ask for a new one');
    }
    await setSessionCookie(reply, access, redeemed, clock.now()).redirect(ownPath(request.url));
  };
}

/** Two slashes at its begin would lead to another server. */
function ownPath(url: string): string {
  return `/${(url.split('?')[0] ?? '').replace(/^[/\\]+/, '')}`;
}
