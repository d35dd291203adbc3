import { z } from 'zod';
import { AGENT_ID_PATTERN } from '../../../contract/topics.ts';
import { ROLES, type TokenInfo } from '../../access/tokens.ts';
import { requireRole } from '../auth.ts';
import { SPARKPLUG_AGENT_PREFIX } from '../../../contract/sparkplug/identity.ts';
import type { App, ApiDeps } from '../deps.ts';
import { pageQuery } from '../paging.ts';
import { ApiError } from '../problem.ts';

const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  createdAtMs: z.number(),
});

/** Tokens, agents' credentials and the audit log: for administrators; every write is audited. */
export function accessRoutes(app: App, deps: ApiDeps): void {
  const tags = ['Access'];
  app.addHook('preHandler', requireRole(deps.tokens, 'admin'));
  const record = (caller: TokenInfo | undefined, action: string, target: string, address: string): void =>
    deps.audit.append({
      atMs: deps.clock.now(),
      actor: caller?.name ?? 'unknown',
      action,
      target,
      from: address,
    });

  app.get(
    '/tokens',
    { schema: { tags, summary: 'API tokens', response: { 200: z.object({ items: z.array(tokenView) }) } } },
    () => ({ items: [...deps.tokens.list()] }),
  );
  app.post(
    '/tokens',
    {
      schema: {
        tags,
        summary: 'Make an API token; its text is shown this once',
        body: z.strictObject({ name: z.string().min(1).max(100), role: z.enum(ROLES) }),
        response: { 201: tokenView.extend({ token: z.string() }) },
      },
    },
    async ({ body, caller, ip }, reply) => {
      const created = deps.tokens.create(body.name, body.role, deps.clock.now());
      record(caller, 'token.create', `${created.id} ${body.role} ${body.name}`, ip);
      return reply.status(201).send(created);
    },
  );
  app.delete(
    '/tokens/:id',
    {
      schema: {
        tags,
        summary: 'Revoke an API token',
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async ({ params, caller, ip }, reply) => {
      if (!deps.tokens.revoke(params.id))
        throw new ApiError(404, 'TOKEN_NOT_FOUND', `no token "${params.id}"`);
      record(caller, 'token.revoke', params.id, ip);
      return reply.status(204).send(null);
    },
  );
  app.put(
    '/agents/:id/credential',
    {
      schema: {
        tags,
        summary: "Make or replace an agent's broker password; it is shown this once (embedded broker)",
        params: z.object({ id: z.string().regex(AGENT_ID_PATTERN) }),
        response: { 200: z.object({ agent: z.string(), password: z.string() }) },
      },
    },
    ({ params, caller, ip }) => {
      const isReserved = params.id.startsWith(SPARKPLUG_AGENT_PREFIX);
      if (isReserved && deps.credentials.nodeOf(params.id) === undefined) {
        const reason = 'belongs to a Sparkplug edge node: wardwatch agents add --sparkplug GROUP/NODE';
        throw new ApiError(400, 'AGENT_ID_RESERVED', `"${params.id}" ${reason}`);
      }
      const password = deps.credentials.issue(params.id, deps.clock.now());
      record(caller, 'agent.credential', params.id, ip);
      return { agent: params.id, password };
    },
  );
  app.delete(
    '/agents/:id/credential',
    {
      schema: {
        tags,
        summary: 'Lock an agent out',
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async ({ params, caller, ip }, reply) => {
      if (!deps.credentials.revoke(params.id)) {
        throw new ApiError(404, 'AGENT_NOT_FOUND', `agent "${params.id}" has no credential`);
      }
      record(caller, 'agent.revoke', params.id, ip);
      return reply.status(204).send(null);
    },
  );
  app.get(
    '/audit',
    {
      schema: {
        tags,
        summary: 'Who did what, newest first',
        querystring: z.object({
          limit: pageQuery.limit,
          before: z.coerce.number().int().positive().optional(),
        }),
        response: {
          200: z.object({
            items: z.array(
              z.object({
                id: z.int(),
                atMs: z.number(),
                actor: z.string(),
                action: z.string(),
                target: z.string(),
                from: z.string().optional(),
              }),
            ),
          }),
        },
      },
    },
    ({ query }) => ({ items: [...deps.audit.list(query.limit, query.before)] }),
  );
}
