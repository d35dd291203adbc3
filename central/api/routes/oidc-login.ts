import type { FastifyReply } from 'fastify';
import type { Clock } from '../../../runtime/clock.ts';
import { describeSession, type Person, type Sessions } from '../../access/sessions.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { sessionOf, setSessionCookie, type BrowserAccess } from '../session-cookie.ts';

export interface OidcRouteDeps extends AuditDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly sessions: Pick<Sessions, 'find' | 'end' | 'openForPerson'>;
}

/** Logins at an identity provider. */
export interface OidcLogin {
  /** What people call it. */
  readonly name: string;
  /** Where its login begins here. */
  readonly startPath: string;
  /** Where browsers come back to. */
  readonly callbackPath: string;
  /** Whether it answers, as known for half a minute. */
  isAvailable(): Promise<boolean>;
  /** Where to send the browser, and what it has to bring back; or what is wrong. */
  begin(to: unknown): Promise<{ readonly url: string; readonly sealed: string } | string>;
  finish(
    query: string,
    sealed: string | undefined,
  ): Promise<{ readonly person: Person; readonly to: string } | string>;
  /** Where the person's session there ends; undefined: it has no such address. */
  logoutUrl(): string | undefined;
}

const FLOW_LIFETIME_S = 600;

/** For browsers alone: each leads on, if to the login page with what is wrong. */
export function oidcLoginRoutes(app: App, deps: OidcRouteDeps, oidc: OidcLogin, access: BrowserAccess): void {
  const route = { config: { anyParameters: true }, schema: { hide: true }, exposeHeadRoute: false } as const;
  const flowCookie = access.isSecure ? '__Host-wardwatch_login' : 'wardwatch_login';
  // The browser comes back from another site, which a cookie of `strict` would not survive.
  const flowOptions = { httpOnly: true, sameSite: 'lax', secure: access.isSecure, path: '/' } as const;
  const problem = (reply: FastifyReply, code: string): FastifyReply =>
    reply.redirect(`/login?problem=${code}`);

  app.get(oidc.startPath, route, async ({ query }, reply) => {
    const begun = await oidc.begin((query as { to?: unknown }).to);
    if (typeof begun === 'string') return problem(reply, begun);
    reply.setCookie(flowCookie, begun.sealed, { ...flowOptions, maxAge: FLOW_LIFETIME_S });
    return reply.redirect(begun.url);
  });
  app.get(oidc.callbackPath, route, async (request, reply) => {
    const at = request.url.indexOf('?');
    const finished = await oidc.finish(at < 0 ? '' : request.url.slice(at), request.cookies[flowCookie]);
    reply.clearCookie(flowCookie, flowOptions);
    if (typeof finished === 'string') return problem(reply, finished);
    const nowMs = deps.clock.now();
    const old = sessionOf(request, access);
    if (old !== undefined) deps.sessions.end(old, nowMs);
    const opened = deps.sessions.openForPerson(finished.person, nowMs);
    const caller = deps.sessions.find(opened.session, nowMs);
    if (typeof caller === 'string') return problem(reply, 'failed');
    recordAudit(deps, { caller, ip: request.ip }, 'session.open', describeSession(caller));
    return setSessionCookie(reply, access, opened, nowMs).redirect(finished.to);
  });
}
