import type { FastifyReply, FastifyRequest } from 'fastify';

/** Nothing loads, runs, frames or is framed: right for every answer that is no page. */
const NO_CONTENT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * What every answer carries (OWASP HTTP Headers Cheat Sheet). No Strict-Transport-Security: browsers apply it to all ports
 * of a host name, so it would break other services on the same machine; a proxy in front can add it.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': NO_CONTENT,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

/** To be the first hook, so that also refusals have them. */
export async function addSecurityHeaders(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.headers(SECURITY_HEADERS);
}

/** Of the one style that Swagger UI 5 puts into the page itself: without it, a browser reports a breach on each visit. */
const SWAGGER_UI_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/** For the pages of `/docs`: their scripts and styles come from files here, their icons are in the styles. */
export function allowDocumentationPage(
  _request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  const styles = `style-src 'self' ${SWAGGER_UI_STYLE}`;
  const own = `script-src 'self'; ${styles}; connect-src 'self'; img-src 'self' data:`;
  reply.header('content-security-policy', `${NO_CONTENT}; ${own}`);
  done();
}

/** For the board: scripts and styles are files from here, or stand in its page with these hashes; it asks the API here and nothing else. */
export function policyOfBoard({
  scriptHashes,
  styleHashes,
}: {
  readonly scriptHashes: readonly string[];
  readonly styleHashes: readonly string[];
}): string {
  const scripts = ["script-src 'self'", ...scriptHashes].join(' ');
  const styles = ["style-src 'self'", ...styleHashes].join(' ');
  const others =
    "connect-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; worker-src 'self'";
  return `${NO_CONTENT}; ${scripts}; ${styles}; ${others}`;
}

/** For a page without scripts whose one style element has this hash: `sha256-…`. */
export function policyOfPage(styleHash: string): string {
  return `${NO_CONTENT}; style-src '${styleHash}'`;
}
