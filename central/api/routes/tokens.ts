import { z } from 'zod';
import { createdTokenSchema, tokenInfoSchema, type TokenInfo, type TokenStore } from '../../access/tokens.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, WHOLE_LIST, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';

export interface TokenRouteDeps extends AuditDeps {
  readonly tokens: Pick<TokenStore, 'create' | 'list' | 'revoke'>;
}

/** Oldest first: with leading zeros the order of the texts is the order of the times. */
const KEY: ListKey<TokenInfo> = {
  of: ({ createdAtMs, id }) => `${String(createdAtMs).padStart(15, '0')} ${id}`,
  pattern: /^\d{15} [0-9a-f-]{36}$/,
};

export function tokenRoutes(app: App, deps: TokenRouteDeps): void {
  const tags = ['Access'];
  app.get(
    '/tokens',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'API tokens, oldest first',
        querystring: z.object(pageQuery(WHOLE_LIST)),
        response: { 200: pageOf(tokenInfoSchema) },
      },
    },
    ({ query }) => pageOfSorted(deps.tokens.list(), KEY, query),
  );
  app.post(
    '/tokens',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Create an API token; its text is shown only in this answer',
        body: z.strictObject({ name: z.string().min(1).max(100), role: tokenInfoSchema.shape.role }),
        response: { 201: createdTokenSchema },
      },
    },
    async (request, reply) => {
      const { name, role } = request.body;
      const created = deps.tokens.create(name, role, deps.clock.now());
      recordAudit(deps, request, 'token.create', `${created.id} ${role} ${name}`);
      return reply.status(201).send(created);
    },
  );
  app.delete(
    '/tokens/:id',
    {
      config: { role: 'admin', problems: ['TOKEN_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'Revoke an API token',
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!deps.tokens.revoke(id)) throw new ApiError('TOKEN_NOT_FOUND', `no token "${id}"`);
      recordAudit(deps, request, 'token.revoke', id);
      return reply.status(204).send(null);
    },
  );
}
