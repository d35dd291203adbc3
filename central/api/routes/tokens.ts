import { z } from 'zod';
import {
  createdTokenSchema,
  describeCreated,
  limitsProblem,
  TOKEN_LIFETIME_DAYS,
  tokenInfoSchema,
  tokenNameSchema,
  type Role,
  type TokenInfo,
  type TokenStore,
} from '../../access/tokens.ts';
import { limitsSchema, type TokenLimits } from '../../access/limits.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, WHOLE_LIST, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { MAX_TIME_MS } from '../times/point-in-time.ts';

export interface TokenRouteDeps extends AuditDeps {
  readonly tokens: Pick<TokenStore, 'create' | 'list' | 'revoke'>;
  readonly inventory: Pick<Inventory, 'units' | 'agencies'>;
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
        body: z.strictObject({
          name: tokenNameSchema,
          role: tokenInfoSchema.shape.role,
          expiresAtMs: z
            .int()
            .min(1)
            .max(MAX_TIME_MS)
            .nullable()
            .optional()
            .describe(`Unix time in ms; null: never; ${TOKEN_LIFETIME_DAYS} days from now without it`),
          limits: limitsSchema
            .optional()
            .describe('what it sees and acts on, of a viewer or an operator; the whole city without it'),
        }),
        response: { 201: createdTokenSchema },
      },
    },
    async (request, reply) => {
      const { name, role, expiresAtMs, limits } = request.body;
      const problems = limitProblems(request.body, deps.inventory);
      if (problems.length > 0) throw new ApiError('INVALID_REQUEST', problems.join('; '), { problems });
      const nowMs = deps.clock.now();
      if (typeof expiresAtMs === 'number' && expiresAtMs <= nowMs) {
        const problem = `body.expiresAtMs: expected a time after now (${nowMs}), got ${expiresAtMs}`;
        throw new ApiError('INVALID_REQUEST', problem, { problems: [problem] });
      }
      const created = deps.tokens.create(
        name,
        role,
        nowMs,
        expiresAtMs,
        limits === undefined ? {} : { limits },
      );
      recordAudit(deps, request, 'token.create', describeCreated(created));
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

/** What the inventory does not have would open nothing, and nobody would see why. */
function limitProblems(
  { role, limits }: { readonly role: Role; readonly limits?: TokenLimits | undefined },
  { units, agencies }: TokenRouteDeps['inventory'],
): string[] {
  const roleProblem = limitsProblem(role, limits);
  const unknown = (
    name: string,
    ids: readonly string[] = [],
    known: ReadonlyMap<string, unknown>,
  ): string[] =>
    ids.flatMap((id, at) =>
      known.has(id) ? [] : [`body.limits.${name}.${at}: the inventory has no such entry, got "${id}"`],
    );
  return [
    ...(roleProblem === undefined ? [] : [`body.role: ${roleProblem}`]),
    ...unknown('units', limits?.units, units),
    ...unknown('agencies', limits?.agencies, agencies),
  ];
}
