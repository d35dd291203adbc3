import type { FastifyReply, FastifyRequest } from 'fastify';

/** How central is reached by browsers. */
export interface BrowserAccess {
  /** Browsers reach it over TLS alone: their cookies must not go out in the clear. */
  readonly isSecure: boolean;
  /** Such as `https://wardwatch.example`; undefined: as a request says. */
  readonly ownOrigin?: string | undefined;
}

/** The prefix keeps other names of the domain, and connections in the clear, from setting it (RFC 6265bis, 4.1.3.2). */
export function sessionCookieName({ isSecure }: BrowserAccess): string {
  return isSecure ? '__Host-wardwatch_session' : 'wardwatch_session';
}

/** Longer than any that central has made; what is longer is none. */
const MAX_CHARS = 100;

export function sessionOf(request: FastifyRequest, access: BrowserAccess): string | undefined {
  const session = request.cookies[sessionCookieName(access)];
  return session === undefined || session.length > MAX_CHARS ? undefined : session;
}

export function setSessionCookie(
  reply: FastifyReply,
  access: BrowserAccess,
  { session, expiresAtMs }: { readonly session: string; readonly expiresAtMs: number },
  nowMs: number,
): FastifyReply {
  return reply.setCookie(sessionCookieName(access), session, {
    ...{ httpOnly: true, sameSite: 'strict', secure: access.isSecure, path: '/' },
    maxAge: Math.floor((expiresAtMs - nowMs) / 1_000),
  });
}

export function clearSessionCookie(reply: FastifyReply, access: BrowserAccess): FastifyReply {
  return reply.clearCookie(sessionCookieName(access), {
    ...{ httpOnly: true, sameSite: 'strict', secure: access.isSecure, path: '/' },
  });
}
