import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { limitsSchema } from '../../access/limits.ts';
import { describeSession, SESSION_KINDS, type Caller, type Sessions } from '../../access/sessions.ts';
import { ROLES } from '../../access/tokens.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, WHOLE_LIST, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';

export interface SessionRouteDeps extends AuditDeps {
  readonly sessions: Pick<Sessions, 'list' | 'endById'>;
}

const sessionSchema = z.object({
  id: z.string(),
  kind: z.enum(SESSION_KINDS),
  name: z.string(),
  role: z.enum(ROLES),
  limits: limitsSchema.exactOptional(),
  createdAtMs: unixMs,
  expiresAtMs: unixMs,
  lastUsedAtMs: unixMs,
});
type Session = z.infer<typeof sessionSchema>;

/** Oldest first: with leading zeros the order of the texts is the order of the times. */
const KEY: ListKey<Session> = {
  of: ({ createdAtMs, id }) => `${String(createdAtMs).padStart(15, '0')} ${id}`,
  pattern: /^\d{15} [0-9a-f-]{36}$/,
};

/** Who has logged in with a browser, and how to send them out. */
export function sessionRoutes(app: App, deps: SessionRouteDeps): void {
  const tags = ['Access'];
  app.get(
    '/sessions',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Sessions of browsers that are valid, oldest first',
        querystring: z.object(pageQuery(WHOLE_LIST)),
        response: { 200: pageOf(sessionSchema) },
      },
    },
    ({ query }) => pageOfSorted(deps.sessions.list(deps.clock.now()).map(shown), KEY, query),
  );
  app.delete(
    '/sessions/:id',
    {
      config: { role: 'admin', problems: ['SESSION_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'End a session of a browser at once',
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const ended = deps.sessions.endById(id, deps.clock.now());
      if (ended === undefined) throw new ApiError('SESSION_NOT_FOUND', `no session "${id}"`);
      recordAudit(deps, request, 'session.end', describeSession(ended));
      return reply.status(204).send(null);
    },
  );
}

function shown({ id, name, role, limits, createdAtMs, expiresAtMs, lastUsedAtMs, session }: Caller): Session {
  return {
    ...{ id, kind: session?.kind ?? 'token', name, role, createdAtMs },
    expiresAtMs: expiresAtMs ?? createdAtMs,
    lastUsedAtMs: lastUsedAtMs ?? createdAtMs,
    ...(limits !== undefined && { limits }),
  };
}
