import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { PageSessions } from '../../access/page-sessions.ts';
import type { App } from '../fastify-app.ts';

export interface PageLinkRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly sessions: Pick<PageSessions, 'createCode'>;
}

/** Where the pages take a code. */
export function pathWithCode(code: string): string {
  return `/?code=${code}`;
}

export function pageLinkRoutes(app: App, deps: PageLinkRouteDeps): void {
  app.post(
    '/page-links',
    {
      schema: {
        tags: ['Access'],
        summary: 'A link that opens the status page in a browser, once and within ten minutes',
        response: {
          201: z.object({
            path: z.string().describe('path and query, to be put behind the address of this server'),
            expiresAtMs: unixMs,
          }),
        },
      },
    },
    async ({ caller }, reply) => {
      const owner = caller === undefined ? { name: 'unknown' } : { name: caller.name, tokenId: caller.id };
      const { code, expiresAtMs } = deps.sessions.createCode(owner, deps.clock.now());
      return reply.status(201).send({ path: pathWithCode(code), expiresAtMs });
    },
  );
}
