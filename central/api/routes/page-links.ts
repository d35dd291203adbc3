import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { Sessions } from '../../access/sessions.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { ApiError } from '../problem.ts';

export interface PageLinkRouteDeps extends AuditDeps {
  readonly sessions: Pick<Sessions, 'createCode'>;
}

/** Where the pages take a code. */
export function pathWithCode(code: string): string {
  return `/?code=${code}`;
}

export function pageLinkRoutes(app: App, deps: PageLinkRouteDeps): void {
  app.post(
    '/page-links',
    {
      config: { problems: ['TOKEN_NEEDED'] },
      schema: {
        tags: ['Access'],
        summary:
          'A link that opens the board on a screen, once and within ten minutes; it ends with the token',
        response: {
          201: z.object({
            path: z.string().describe('path and query, to be put behind the address of this server'),
            expiresAtMs: unixMs,
          }),
        },
      },
    },
    async (request, reply) => {
      const { caller } = request;
      // Nobody could end what a person of an identity provider had opened for a month.
      const tokenId = caller?.session === undefined ? caller?.id : caller.session.tokenId;
      if (caller === undefined || tokenId === undefined)
        throw new ApiError('TOKEN_NEEDED', 'a link for a screen ends with a token: ask for it with one');
      const owner = { name: caller.name, tokenId };
      const { code, expiresAtMs } = deps.sessions.createCode(owner, deps.clock.now());
      recordAudit(deps, request, 'page-link.create', tokenId);
      return reply.status(201).send({ path: pathWithCode(code), expiresAtMs });
    },
  );
}
