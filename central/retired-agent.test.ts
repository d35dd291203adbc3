import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentTopic } from '../contract/topics.ts';
import { ApiHarness } from './api/testing/api-harness.ts';

let harness: ApiHarness;
beforeEach(async () => {
  harness = await ApiHarness.open();
});
afterEach(async () => {
  expect(await harness.close()).toEqual([]);
});

const retire = (agent: string) => harness.call('DELETE', `/api/v1/agents/${agent}`);
const activeAgents = () => harness.parts.alerts.active().map(({ agent }) => agent);

describe('an agent that is retired', () => {
  it('is missed by nobody, and its alerts, password and retained messages are gone; the others are as before', async () => {
    const { parts, bus } = harness;
    const password = parts.credentials.issue('gw-1', 0);
    expect(activeAgents()).toContain('gw-1');
    expect((await retire('gw-1')).status).toBe(204);
    expect(activeAgents()).not.toContain('gw-1');
    expect(activeAgents()).toContain('gw-2');
    expect(parts.credentials.verify('gw-1', password)).toBe(false);
    const cleared = bus.published.filter(({ payload, retain }) => payload === '' && retain);
    expect(cleared.map(({ topic }) => topic)).toEqual([
      agentTopic('gw-1', 'state'),
      agentTopic('gw-1', 'config'),
    ]);
    const farAhead = parts.clock.now() + 86_400_000;
    parts.registry.setListening(true);
    expect([...parts.registry.absences(farAhead)].map(({ agent }) => agent)).toEqual(['gw-2', 'gw-3']);
    expect(parts.registry.list(farAhead).map(({ id }) => id)).toEqual(['gw-2', 'gw-3']);
    expect((await harness.call('GET', '/api/v1/agents/gw-1')).status).toBe(404);
    const audit = await harness.call('GET', '/api/v1/audit?limit=1');
    expect(audit.json['items']).toMatchObject([{ action: 'agent.retire', target: 'gw-1' }]);
  });

  it('has its alerts closed as withdrawn, not as if it had recovered', async () => {
    const [alert] = harness.parts.alerts.active().filter(({ agent }) => agent === 'gw-1');
    await retire('gw-1');
    const { json } = await harness.call('GET', `/api/v1/alerts/${alert?.id ?? ''}`);
    expect(json).toMatchObject({ phase: 'withdrawn' });
    expect(JSON.stringify(json)).toContain('"withdrawn"');
  });

  it('is back when it reports again', async () => {
    await retire('gw-1');
    harness.parts.registry.recordHeartbeat('gw-1', harness.parts.clock.now());
    expect(harness.parts.registry.get('gw-1', harness.parts.clock.now())).toMatchObject({ expected: true });
  });

  it('was known, or the answer says that it is not', async () => {
    expect(await retire('nobody')).toMatchObject({ status: 404, json: { code: 'AGENT_NOT_FOUND' } });
    expect(await retire('__proto__')).toMatchObject({ status: 404 });
    expect((await retire('gw-1')).status).toBe(204);
    expect((await retire('gw-1')).status).toBe(404);
  });
});
