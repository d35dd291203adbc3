import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import type { RefusedTokens } from '../../access/refused-tokens.ts';
import { describeSession, type Caller, type Sessions } from '../../access/sessions.ts';
import type { TokenStore } from '../../access/tokens.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import { assertOwnPage, refusalOf } from '../auth.ts';
import type { App } from '../fastify-app.ts';
import { clearSessionCookie, sessionOf, setSessionCookie, type BrowserAccess } from '../session-cookie.ts';
import { meOf, meSchema } from './me.ts';
import { oidcLoginRoutes, type OidcLogin } from './oidc-login.ts';

export interface LoginRouteDeps extends AuditDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly tokens: Pick<TokenStore, 'use'>;
  readonly sessions: Pick<Sessions, 'find' | 'end' | 'openForToken' | 'openForPerson'>;
  readonly refusedTokens: Pick<RefusedTokens, 'record'>;
}

export interface LoginOptions {
  readonly access: BrowserAccess;
  readonly oidc: OidcLogin | undefined;
}

const OPEN = { tags: ['Access'], security: [] };
/** Longer than any token; a hash of more would be work for nothing. */
const MAX_TOKEN_CHARS = 200;

const waysSchema = z.object({
  ways: z.array(z.enum(['token', 'oidc'])),
  oidc: z
    .object({
      name: z.string().describe('of the identity provider, as people call it'),
      isAvailable: z.boolean().describe('false: it does not answer; tokens work all the same'),
      startPath: z
        .string()
        .describe('where a browser goes to log in there; `to` is the path that it comes back to'),
    })
    .exactOptional(),
});

/** How people get a session, and end it. Nothing here needs one. */
export function loginRoutes(app: App, deps: LoginRouteDeps, { access, oidc }: LoginOptions): void {
  if (oidc !== undefined) oidcLoginRoutes(app, deps, oidc, access);
  app.get(
    '/api/v1/login',
    { schema: { ...OPEN, summary: 'How people can log in', response: { 200: waysSchema } } },
    async () => {
      if (oidc === undefined) return { ways: ['token' as const] };
      const { name, startPath } = oidc;
      return {
        ways: ['token' as const, 'oidc' as const],
        oidc: { name, startPath, isAvailable: await oidc.isAvailable() },
      };
    },
  );
  app.post(
    '/api/v1/login',
    {
      config: { problems: ['NOT_AUTHENTICATED', 'TOO_MANY_REFUSED_TOKENS', 'CROSS_SITE_WRITE'] },
      schema: {
        ...OPEN,
        summary: 'A session of a browser for a token, in a cookie; only from a page of this server',
        body: z.strictObject({ token: z.string().min(1).max(MAX_TOKEN_CHARS) }),
        response: { 200: meSchema },
      },
    },
    async (request, reply) => {
      assertOwnPage(request, access.ownOrigin);
      const nowMs = deps.clock.now();
      const found = deps.tokens.use(request.body.token.trim(), nowMs);
      if (typeof found === 'string') throw refusalOf(deps.refusedTokens, request.ip, found);
      const old = sessionOf(request, access);
      if (old !== undefined) deps.sessions.end(old, nowMs);
      const opened = deps.sessions.openForToken(found, nowMs);
      setSessionCookie(reply, access, opened, nowMs);
      const caller = deps.sessions.find(opened.session, nowMs);
      // The token was valid a line above.
      if (typeof caller === 'string') throw refusalOf(deps.refusedTokens, request.ip, caller);
      request.caller = caller;
      recordAudit(deps, request, 'session.open', describeSession(caller));
      return meOf(caller, request);
    },
  );
  app.post(
    '/api/v1/logout',
    {
      config: { problems: ['CROSS_SITE_WRITE'] },
      schema: {
        ...OPEN,
        summary: 'End the session of this browser',
        response: {
          200: z.object({
            providerLogoutUrl: z
              .string()
              .exactOptional()
              .describe('where a browser goes to end its session at the identity provider, too'),
          }),
        },
      },
    },
    async (request, reply) => {
      assertOwnPage(request, access.ownOrigin);
      const session = sessionOf(request, access);
      const caller = session === undefined ? undefined : deps.sessions.end(session, deps.clock.now());
      clearSessionCookie(reply, access);
      if (caller === undefined) return {};
      recordAudit(deps, { caller, ip: request.ip }, 'session.end', describeSession(caller));
      return logoutAnswer(caller, oidc);
    },
  );
}

function logoutAnswer({ session }: Caller, oidc: OidcLogin | undefined): { providerLogoutUrl?: string } {
  const url = session?.kind === 'oidc' ? oidc?.logoutUrl() : undefined;
  return url === undefined ? {} : { providerLogoutUrl: url };
}
