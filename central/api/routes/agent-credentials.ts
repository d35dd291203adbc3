import { z } from 'zod';
import { SPARKPLUG_AGENT_PREFIX } from '../../../contract/sparkplug/identity.ts';
import {
  isPhone,
  PHONE_ID_EXPECTED,
  PHONE_ID_PATTERN,
  PHONE_PREFIX,
} from '../../../contract/survey-topics.ts';
import { AGENT_ID_PATTERN } from '../../../contract/topics.ts';
import type { AgentCredentials } from '../../access/agent-credentials.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { ApiError } from '../problem.ts';

export interface AgentCredentialRouteDeps extends AuditDeps {
  readonly credentials: Pick<AgentCredentials, 'issue' | 'nodeOf' | 'revoke'>;
  readonly disconnectAgent: (agent: string) => void;
}

/** Passwords of agents at the embedded broker. */
export function agentCredentialRoutes(app: App, deps: AgentCredentialRouteDeps): void {
  const tags = ['Access'];
  app.put(
    '/agents/:id/credential',
    {
      config: { role: 'admin', problems: ['AGENT_ID_RESERVED'] },
      schema: {
        tags,
        summary: "Create or replace an agent's password at the embedded broker; shown only in this answer",
        params: z.object({ id: z.string().regex(AGENT_ID_PATTERN) }),
        response: { 200: z.object({ agent: z.string(), password: z.string() }) },
      },
    },
    (request) => {
      const { id } = request.params;
      if (id.startsWith(SPARKPLUG_AGENT_PREFIX) && deps.credentials.nodeOf(id) === undefined) {
        const reason = 'belongs to a Sparkplug edge node: wardwatch agents add --sparkplug GROUP/NODE';
        throw new ApiError('AGENT_ID_RESERVED', `"${id}" ${reason}`);
      }
      if (isPhone(id) && !PHONE_ID_PATTERN.test(id)) {
        const reason = `ids that begin with ${PHONE_PREFIX} are those of phones: ${PHONE_ID_EXPECTED}`;
        throw new ApiError('AGENT_ID_RESERVED', `${reason}, got "${id}"`);
      }
      const password = deps.credentials.issue(id, deps.clock.now());
      recordAudit(deps, request, 'agent.credential', id);
      return { agent: id, password };
    },
  );
  app.delete(
    '/agents/:id/credential',
    {
      config: { role: 'admin', problems: ['AGENT_NOT_FOUND'] },
      schema: {
        tags,
        summary: "Revoke an agent's password; the embedded broker ends its session at once",
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!deps.credentials.revoke(id))
        throw new ApiError('AGENT_NOT_FOUND', `agent "${id}" has no credential`);
      deps.disconnectAgent(id);
      recordAudit(deps, request, 'agent.revoke', id);
      return reply.status(204).send(null);
    },
  );
}
