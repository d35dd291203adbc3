import { AT_MS, AGENT } from './shared.ts';

const STANDING = { agent: AGENT.id, state: 'pending', desired: 3, running: 2 };

const REVISION = { revision: 2, atMs: AT_MS, actor: 'an engineer', ownFile: false };

const CONFIG = { collectors: [{ kind: 'ping', targets: [{ address: '10.26.73.1' }] }] };

const ROLLOUT = {
  ...{ id: 7, state: 'running', reason: 'ping every minute', actor: 'an engineer', createdAtMs: AT_MS },
  change: { patch: { collectors: [{ kind: 'ping', intervalMs: 60_000 }] } },
  settings: { watchMs: 600_000, applyWithinMs: 300_000, leastShare: 0.9, onStop: 'hold' },
  ...{ stages: [1, 80, 800], stage: 0, watchSinceMs: AT_MS, stopReasons: [] },
  history: [{ atMs: AT_MS, what: 'created', actor: 'an engineer', detail: '800 agents' }],
  ...{ agents: 800, counts: { waiting: 799, pushed: 1, skipped: 0, restored: 0, applied: 1, failed: 0 } },
};

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
  'GET /api/v1/rollouts': { items: [ROLLOUT] },
  'GET /api/v1/rollouts/{id}': {
    ...ROLLOUT,
    members: [{ agent: AGENT.id, state: 'pushed', standing: 'applied', fromRevision: 2, toRevision: 3 }],
  },
  'POST /api/v1/rollout-previews': {
    ...{ agents: 800, stages: [1, 80, 800], first: AGENT.id, unchanged: [], silent: [] },
    groups: [{ agents: [AGENT.id], diff: ['collectors[ping].intervalMs: 30000 → 60000'], problems: [] }],
  },
  'POST /api/v1/rollouts': ROLLOUT,
  'POST /api/v1/rollouts/{id}/pause': { ...ROLLOUT, state: 'paused' },
  'POST /api/v1/rollouts/{id}/resume': ROLLOUT,
  'POST /api/v1/rollouts/{id}/cancel': { ...ROLLOUT, state: 'cancelled' },
  'POST /api/v1/rollouts/{id}/rollback': { ...ROLLOUT, state: 'rolling_back' },
  'PUT /api/v1/agents/{id}/credential': { agent: AGENT.id, password: 'wwa_shown-only-once' },
};
