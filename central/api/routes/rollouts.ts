import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { ConfigRefusedError } from '../../agent-config/agent-configs.ts';
import { configChangeSchema } from '../../agent-config/rollout/config-change.ts';
import { plannedGroupSchema } from '../../agent-config/rollout/plan-rollout.ts';
import {
  MEMBER_STATES,
  ROLLOUT_STATES,
  rolloutSchema,
  rolloutSettingsSchema,
  stagesFor,
  type Rollout,
} from '../../agent-config/rollout/rollout.ts';
import {
  RolloutOverlapsError,
  RolloutStateError,
  type RolloutVerb,
} from '../../agent-config/rollout/rollout-verbs.ts';
import type { Rollouts } from '../../agent-config/rollout/rollouts.ts';
import { actorOf, recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { numberInPath } from '../number-in-path.ts';
import { cursorKey, cutPage, pageOf, pageQuery } from '../paging.ts';
import { ENTRY_KEY } from '../entry-paging.ts';
import { ApiError } from '../problem.ts';
import { selectedAgents, selectionSchema, type SelectionDeps } from '../selected-agents.ts';

export interface RolloutRouteDeps extends AuditDeps, SelectionDeps {
  readonly rollouts: Pick<
    Rollouts,
    'list' | 'get' | 'membersOf' | 'standingOf' | 'watchedUntilMs' | 'plan' | 'create' | 'act'
  >;
}

const MAX_REASON_CHARS = 500;

const asked = {
  select: selectionSchema,
  change: configChangeSchema,
};
const countsSchema = z.record(z.enum([...MEMBER_STATES, 'applied', 'failed']), z.int());
const view = rolloutSchema.extend({
  agents: z.int(),
  watchedUntilMs: unixMs
    .optional()
    .describe(
      'when the watch of this stage ends, where one is under way: for at least four batches of each agent',
    ),
  counts: countsSchema.describe('agents; `applied` and `failed` are among the `pushed`'),
});
const memberView = z.object({
  agent: z.string(),
  state: z.enum(MEMBER_STATES),
  standing: z
    .enum(['trying', 'applied', 'failed', 'moved'])
    .optional()
    .describe('of those that have the config'),
  fromRevision: z.int(),
  toRevision: z.int().optional(),
  note: z.string().optional(),
});

const VERBS: readonly { readonly verb: RolloutVerb; readonly summary: string }[] = [
  { verb: 'pause', summary: 'Pause a roll-out: nobody else gets the config until it is resumed' },
  {
    verb: 'resume',
    summary: 'Go on with a roll-out that is paused or has stopped by itself; the stage is watched anew',
  },
  { verb: 'cancel', summary: 'End a roll-out: those that have the config keep it' },
  {
    verb: 'rollback',
    summary:
      'Give those that have the config of a roll-out the one from before; whoever was given another one since keeps that',
  },
];

/** Configs for many agents, in stages: engineers decide, everybody reads, all is audited. */
export function rolloutRoutes(app: App, deps: RolloutRouteDeps): void {
  const tags = ['Agent config'];
  const { rollouts } = deps;
  const viewOf = (rollout: Rollout): z.output<typeof view> => {
    const members = rollouts.membersOf(rollout.id);
    const counts = {
      waiting: 0,
      pushed: 0,
      skipped: 0,
      restored: 0,
      applied: 0,
      failed: 0,
    };
    for (const member of members) {
      counts[member.state]++;
      const standing = rollouts.standingOf(member);
      if (standing === 'applied' || standing === 'failed') counts[standing]++;
    }
    const watchedUntilMs = rollouts.watchedUntilMs(rollout);
    return {
      ...{ ...rollout, agents: members.length, counts },
      ...(watchedUntilMs !== undefined && { watchedUntilMs }),
    };
  };
  const found = (id: number): Rollout => {
    const rollout = rollouts.get(id);
    if (rollout === undefined) throw new ApiError('ROLLOUT_NOT_FOUND', `no roll-out ${id}`);
    return rollout;
  };

  app.get(
    '/rollouts',
    {
      schema: {
        tags,
        summary: 'Roll-outs of configs, newest first',
        querystring: z.object({ ...pageQuery(), state: z.enum(ROLLOUT_STATES).optional() }),
        response: { 200: pageOf(view) },
      },
    },
    ({ query }) => {
      const before = Number(cursorKey(query, ENTRY_KEY) ?? Number.MAX_SAFE_INTEGER);
      const listed = rollouts
        .list()
        .filter(({ id, state }) => id < before && (query.state === undefined || state === query.state))
        .slice(0, query.limit + 1);
      const page = cutPage(listed, ENTRY_KEY, query);
      return { ...page, items: page.items.map(viewOf) };
    },
  );
  const params = z.object({ id: numberInPath('number of the roll-out', 7) });
  app.get(
    '/rollouts/:id',
    {
      config: { problems: ['ROLLOUT_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'A roll-out, with how far each agent has come',
        params,
        response: { 200: view.extend({ members: z.array(memberView) }) },
      },
    },
    ({ params: { id } }) => {
      const shown = viewOf(found(id));
      const members = rollouts.membersOf(id).map((member) => {
        const { agent, state, fromRevision, toRevision, note } = member;
        const standing = rollouts.standingOf(member);
        return { agent, state, standing, fromRevision, toRevision, note };
      });
      return { ...shown, members };
    },
  );
  app.post(
    '/rollout-previews',
    {
      config: { role: 'engineer', problems: ['UNKNOWN_NAME'] },
      schema: {
        tags,
        summary:
          'What a change of configs would do to each agent, and what is wrong with it; nothing is sent',
        body: z.strictObject(asked),
        response: {
          200: z.object({
            agents: z.int().describe('those that would get it'),
            stages: z.array(z.int()).describe('how many agents have it at the end of each'),
            first: z.string().optional().describe('the agent that would get it first'),
            groups: z.array(plannedGroupSchema).describe('agents for which the change is the same'),
            unchanged: z.array(z.string()).describe('agents that have it already'),
            silent: z
              .array(z.string())
              .describe(
                'agents that are not heard now: they come last, and are left out if they still are not',
              ),
          }),
        },
      },
    },
    async ({ body }) => {
      const { agents, silent } = selectedAgents(deps, body.select);
      const { members, groups, unchanged } = await rollouts.plan(agents, body.change);
      const needing = new Set(members.map(({ agent }) => agent));
      return {
        agents: members.length,
        stages: members.length === 0 ? [] : stagesFor(members.length),
        ...(members[0] !== undefined && { first: members[0].agent }),
        ...{ groups: [...groups], unchanged: [...unchanged] },
        silent: silent.filter((agent) => needing.has(agent)),
      };
    },
  );
  app.post(
    '/rollouts',
    {
      config: { role: 'engineer', problems: ['UNKNOWN_NAME', 'CONFIG_REFUSED', 'ROLLOUT_OVERLAPS'] },
      schema: {
        tags,
        summary:
          'Roll a config out: one agent, a tenth, all, each stage once those before run it, are heard, and send as much as before; it stops by itself else',
        body: z.strictObject({
          ...asked,
          reason: z.string().trim().min(1).max(MAX_REASON_CHARS),
          settings: rolloutSettingsSchema.prefault({}),
        }),
        response: { 201: view },
      },
    },
    async (request, reply) => {
      const { select, change, reason, settings } = request.body;
      const { agents } = selectedAgents(deps, select);
      const actor = actorOf(request);
      const rollout = await withApiErrors(() => rollouts.create({ agents, change, reason, settings, actor }));
      recordAudit(
        deps,
        request,
        'rollout.create',
        `${rollout.id}: ${rollout.stages.at(-1) ?? 0} agents: ${reason}`,
      );
      return reply.status(201).send(viewOf(rollout));
    },
  );
  for (const { verb, summary } of VERBS) {
    app.post(
      `/rollouts/:id/${verb}`,
      {
        config: { role: 'engineer', problems: ['ROLLOUT_NOT_FOUND', 'ROLLOUT_STATE', 'ROLLOUT_OVERLAPS'] },
        schema: { tags, summary, params, response: { 200: view } },
      },
      async (request) => {
        const { id } = request.params;
        found(id);
        const rollout = await withApiErrors(() => Promise.resolve(rollouts.act(id, verb, actorOf(request))));
        recordAudit(deps, request, `rollout.${verb}`, String(id));
        return viewOf(rollout);
      },
    );
  }
}

async function withApiErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigRefusedError)
      throw new ApiError('CONFIG_REFUSED', `nothing was begun: ${error.problems.length} problems`, {
        problems: error.problems,
      });
    if (error instanceof RolloutOverlapsError) throw new ApiError('ROLLOUT_OVERLAPS', error.message);
    if (error instanceof RolloutStateError) throw new ApiError('ROLLOUT_STATE', error.message);
    throw error;
  }
}
