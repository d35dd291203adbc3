import { z } from 'zod';
import { SPARKPLUG_AGENT_PREFIX } from '../../../contract/sparkplug/identity.ts';
import { AGENT_ID_PATTERN } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { AgentCredentials } from '../../access/agent-credentials.ts';
import {
  ConfigRefusedError,
  NoSuchRevisionError,
  type AgentConfigs,
} from '../../agent-config/agent-configs.ts';
import { RevisionMovedError, type ConfigRevision } from '../../agent-config/config-revisions.ts';
import { configStandingSchema } from '../../agent-config/standing.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import { actorOf, recordAudit, type AuditDeps, type AuditedRequest } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { numberInPath } from '../number-in-path.ts';
import { ApiError } from '../problem.ts';

export interface AgentConfigRouteDeps extends AuditDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly configs: AgentConfigs;
  readonly registry: Pick<AgentRegistry, 'get'>;
  readonly credentials: Pick<AgentCredentials, 'list'>;
}

const revisionFacts = z.object({
  revision: z.int(),
  atMs: unixMs,
  actor: z.string(),
  restoredFrom: z.int().optional().describe('the earlier revision that it repeats'),
  ownFile: z.boolean().describe('the agent was sent back to its own file'),
});
const content = z.unknown().describe("`collectors` and `log` as in edge.yaml; null: the agent's own file");
const expectedRevision = z.int().min(0).describe('the desired revision that the caller has seen; 0: none');
const standing = configStandingSchema.extend({ agent: z.string() });
const params = z.object({ id: z.string().regex(AGENT_ID_PATTERN) });

const CHANGE_PROBLEMS = ['AGENT_NOT_FOUND', 'NOT_AN_EDGE_AGENT', 'REVISION_MOVED'] as const;

/** Configs that central pushes to agents: engineers write, everybody reads, every write is audited. */
export function agentConfigRoutes(app: App, deps: AgentConfigRouteDeps): void {
  const tags = ['Agent config'];
  const { configs } = deps;

  const assertKnown = (id: string): void => {
    const isKnown =
      deps.registry.get(id, deps.clock.now()) !== undefined ||
      deps.credentials.list().some(({ agent }) => agent === id);
    if (!isKnown) throw new ApiError('AGENT_NOT_FOUND', `no agent "${id}"`);
  };
  const change = async (
    action: string,
    request: AuditedRequest & { readonly params: { readonly id: string } },
    work: (actor: string) => ConfigRevision | Promise<ConfigRevision>,
  ) => {
    const { id } = request.params;
    assertKnown(id);
    if (id.startsWith(SPARKPLUG_AGENT_PREFIX)) {
      const detail = `"${id}" is a Sparkplug B edge node: it takes no config from central`;
      throw new ApiError('NOT_AN_EDGE_AGENT', detail);
    }
    const { revision } = await withApiErrors(async () => work(actorOf(request)));
    recordAudit(deps, request, `agent.config.${action}`, `${id} revision ${revision}`);
    return { agent: id, ...configs.standing(id) };
  };

  app.get(
    '/agents/:id/config',
    {
      config: { problems: ['AGENT_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'The desired config of an agent, whether the agent runs it, and the revisions before',
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
      config: { problems: ['REVISION_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One revision of the config of an agent',
        params: params.extend({ revision: numberInPath('number of the revision', 3) }),
        response: { 200: revisionFacts.extend({ config: content }) },
      },
    },
    ({ params: { id, revision } }) => {
      const found = configs.history(id).find((each) => each.revision === revision);
      if (found === undefined) throw new ApiError('REVISION_NOT_FOUND', `${id} has no revision ${revision}`);
      return { ...factsOf(found), config: found.config };
    },
  );
  app.put(
    '/agents/:id/config',
    {
      config: { role: 'engineer', problems: [...CHANGE_PROBLEMS, 'CONFIG_REFUSED'] },
      schema: {
        tags,
        summary: 'Push a config to an agent; 422 lists all its problems',
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
      config: { role: 'engineer', problems: [...CHANGE_PROBLEMS, 'REVISION_NOT_FOUND', 'CONFIG_REFUSED'] },
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
      config: { role: 'engineer', problems: [...CHANGE_PROBLEMS, 'REVISION_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'Send an agent back to its own file',
        params,
        querystring: z.object({
          expectedRevision: z.coerce
            .number()
            .int()
            .min(0)
            .describe('the desired revision that the caller has seen'),
        }),
        response: { 200: standing },
      },
    },
    (request) =>
      change('remove', request, (actor) =>
        configs.remove(request.params.id, { actor, expectedRevision: request.query.expectedRevision }),
      ),
  );
}

async function withApiErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigRefusedError) {
      const detail = `nothing was pushed: ${error.problems.length} problems`;
      throw new ApiError('CONFIG_REFUSED', detail, { problems: error.problems });
    }
    if (error instanceof RevisionMovedError) throw new ApiError('REVISION_MOVED', error.message);
    if (error instanceof NoSuchRevisionError) throw new ApiError('REVISION_NOT_FOUND', error.message);
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
