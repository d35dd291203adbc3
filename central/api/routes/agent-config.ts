import { z } from 'zod';
import { AGENT_ID_PATTERN } from '../../../contract/topics.ts';
import type { TokenInfo } from '../../access/tokens.ts';
import { ConfigRefusedError, NoSuchRevisionError } from '../../agent-config/agent-configs.ts';
import { RevisionMovedError, type ConfigRevision } from '../../agent-config/config-book.ts';
import { SPARKPLUG_AGENT_PREFIX } from '../../../contract/sparkplug/identity.ts';
import { requireRole } from '../auth.ts';
import type { App, ApiDeps } from '../deps.ts';
import { ApiError } from '../problem.ts';
import { configStanding } from './city.ts';

const revisionFacts = z.object({
  revision: z.int(),
  atMs: z.number(),
  actor: z.string(),
  restoredFrom: z.int().optional(),
  /** The agent was sent back to its own file. */
  ownFile: z.boolean(),
});
/** `collectors` and `log` as in edge.yaml; null: the agent's own file. */
const content = z.unknown();
const expectedRevision = z.int().min(0);
const standing = configStanding.extend({ agent: z.string() });
const params = z.object({ id: z.string().regex(AGENT_ID_PATTERN) });

/** What agents are to measure, pushed from here: engineers write, everybody reads, every write is audited. */
export function agentConfigRoutes(app: App, deps: ApiDeps): void {
  const tags = ['Agent config'];
  const { configs } = deps;
  const onRequest = requireRole(deps.tokens, 'engineer');

  const assertKnown = (id: string): void => {
    const isKnown =
      deps.registry.get(id, deps.clock.now()) !== undefined ||
      deps.credentials.list().some(({ agent }) => agent === id);
    if (!isKnown) throw new ApiError(404, 'AGENT_NOT_FOUND', `no agent "${id}"`);
  };
  const change = async (
    action: string,
    { params: { id }, caller, ip }: Asked,
    work: (actor: string) => ConfigRevision | Promise<ConfigRevision>,
  ) => {
    assertKnown(id);
    if (id.startsWith(SPARKPLUG_AGENT_PREFIX)) {
      const detail = `"${id}" is a Sparkplug B edge node: it takes no config from central`;
      throw new ApiError(409, 'NOT_AN_EDGE_AGENT', detail);
    }
    const actor = caller?.name ?? 'unknown';
    const { revision } = await answering(async () => work(actor));
    deps.audit.append({
      atMs: deps.clock.now(),
      actor,
      action: `agent.config.${action}`,
      target: `${id} revision ${revision}`,
      from: ip,
    });
    return { agent: id, ...configs.standing(id) };
  };

  app.get(
    '/agents/:id/config',
    {
      schema: {
        tags,
        summary: 'What an agent is to measure, how far it has come, and what it was to measure before',
        params,
        response: {
          200: standing.extend({ config: content.optional(), history: z.array(revisionFacts) }),
        },
      },
    },
    ({ params: { id } }) => {
      assertKnown(id);
      const desired = configs.desired(id);
      return {
        agent: id,
        ...configs.standing(id),
        ...(desired !== undefined && { config: desired.config }),
        history: configs.history(id).map(factsOf),
      };
    },
  );
  app.get(
    '/agents/:id/config/revisions/:revision',
    {
      schema: {
        tags,
        summary: 'One revision, as it was pushed',
        params: params.extend({ revision: z.coerce.number().int().min(1) }),
        response: { 200: revisionFacts.extend({ config: content }) },
      },
    },
    ({ params: { id, revision } }) => {
      const found = configs.history(id).find((each) => each.revision === revision);
      if (found === undefined)
        throw new ApiError(404, 'REVISION_NOT_FOUND', `${id} has no revision ${revision}`);
      return { ...factsOf(found), config: found.config };
    },
  );
  app.put(
    '/agents/:id/config',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Push what an agent is to measure; 422 lists everything that is wrong with it',
        params,
        body: z.strictObject({ expectedRevision, config: content }),
        response: { 200: standing },
      },
    },
    (request) =>
      change('put', request, (actor) => {
        const { expectedRevision: expected, config } = request.body;
        return configs.put(request.params.id, config, { actor, expectedRevision: expected });
      }),
  );
  app.post(
    '/agents/:id/config/restore',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Push an earlier revision again, under a new number',
        params,
        body: z.strictObject({ expectedRevision, revision: z.int().min(1) }),
        response: { 200: standing },
      },
    },
    (request) =>
      change('restore', request, (actor) => {
        const { expectedRevision: expected, revision } = request.body;
        return configs.restore(request.params.id, revision, { actor, expectedRevision: expected });
      }),
  );
  app.delete(
    '/agents/:id/config',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Send an agent back to its own file',
        params,
        querystring: z.strictObject({ expectedRevision: z.coerce.number().int().min(0) }),
        response: { 200: standing },
      },
    },
    (request) =>
      change('remove', request, (actor) =>
        configs.remove(request.params.id, { actor, expectedRevision: request.query.expectedRevision }),
      ),
  );
}

interface Asked {
  readonly params: { readonly id: string };
  readonly caller?: TokenInfo;
  readonly ip: string;
}

async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigRefusedError) {
      const detail = `nothing was pushed: ${error.problems.length} problems`;
      throw new ApiError(422, 'CONFIG_REFUSED', detail, error.problems);
    }
    if (error instanceof RevisionMovedError) throw new ApiError(409, 'REVISION_MOVED', error.message);
    if (error instanceof NoSuchRevisionError) throw new ApiError(404, 'REVISION_NOT_FOUND', error.message);
    throw error;
  }
}

function factsOf({
  revision,
  atMs,
  actor,
  restoredFrom,
  config,
}: ConfigRevision): z.infer<typeof revisionFacts> {
  return {
    revision,
    atMs,
    actor,
    ...(restoredFrom !== undefined && { restoredFrom }),
    ownFile: config === null,
  };
}
