import { AT_MS, AGENT } from './shared.ts';

const STANDING = { agent: AGENT.id, state: 'pending', desired: 3, running: 2 };

const REVISION = { revision: 2, atMs: AT_MS, actor: 'an engineer', ownFile: false };

const CONFIG = { collectors: [{ kind: 'ping', targets: [{ address: '10.26.73.1' }] }] };

/** Agents and their configurations. */
export const AGENTS_EXAMPLES = {
  'GET /api/v1/agents': { items: [AGENT] },
  'GET /api/v1/agents/{id}': AGENT,
  'DELETE /api/v1/agents/{id}/alerts': { closed: 3 },
  'GET /api/v1/agents/{id}/config': { ...STANDING, config: CONFIG, history: [REVISION] },
  'GET /api/v1/agents/{id}/config/revisions/{revision}': { ...REVISION, config: CONFIG },
  'PUT /api/v1/agents/{id}/config': STANDING,
  'POST /api/v1/agents/{id}/config/restore': STANDING,
  'DELETE /api/v1/agents/{id}/config': STANDING,
  'PUT /api/v1/agents/{id}/credential': { agent: AGENT.id, password: 'wwa_shown-only-once' },
};
