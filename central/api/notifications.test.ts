import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

describe('a test message', () => {
  it('is sent by an operator, is answered with what the receiver said, and is in the audit log', async () => {
    const payload = JSON.stringify({ channel: 'noc' });
    const url = '/api/v1/notifications/test';
    const { operator, viewer } = harness.tokens;
    expect((await harness.call('POST', url, { token: viewer, payload })).status).toBe(403);
    expect(await harness.call('POST', url, { token: operator, payload })).toMatchObject({
      status: 200,
      json: { outcome: 'delivered', answer: 'ok' },
    });
    const { json } = await harness.call('GET', '/api/v1/audit?limit=1');
    expect(json['items']).toMatchObject([
      { actor: 'operator', action: 'notification.test', target: 'noc: delivered' },
    ]);
    const other = JSON.stringify({ channel: 'none' });
    expect(await harness.call('POST', url, { payload: other })).toMatchObject({
      status: 404,
      json: { code: 'CHANNEL_NOT_FOUND' },
    });
  });

  it('is among the messages, newest first, with its state', async () => {
    const { json } = await harness.call('GET', '/api/v1/notifications?state=sent&channel=noc&limit=1');
    expect(json['items']).toMatchObject([{ channel: 'noc', kind: 'test', state: 'sent', attempts: 1 }]);
    expect((await harness.call('GET', '/api/v1/notifications?state=waiting')).json['items']).toEqual([]);
    expect((await harness.call('GET', '/api/v1/notifications?state=lost')).status).toBe(400);
  });
});

describe('an alert', () => {
  it('that nobody is told of says why', async () => {
    await harness.advance(2_000);
    const { json } = await harness.call('GET', '/api/v1/alerts?limit=1');
    const [alert] = json['items'] as readonly { id: string }[];
    expect((await harness.call('GET', `/api/v1/alerts/${alert?.id ?? ''}/deliveries`)).json).toEqual({
      deliveries: [],
      owed: [],
      untold: 'no route takes it',
    });
    const unknown = await harness.call('GET', '/api/v1/alerts/a-0/deliveries');
    expect(unknown).toMatchObject({ status: 404, json: { code: 'ALERT_NOT_FOUND' } });
  });
});

it('an alert is explained: from its sample to why nobody was told', async () => {
  const { json: page } = await harness.call('GET', '/api/v1/alerts?limit=1');
  const [alert] = page['items'] as readonly { id: string }[];
  const { status, json } = await harness.call('GET', `/api/v1/alerts/${alert?.id ?? ''}/explain`);
  expect(status).toBe(200);
  expect(json).toMatchObject({
    alert: { id: alert?.id, rule: 'room_smoke' },
    evidence: { value: true, tags: { device: expect.any(String) as string } },
    rule: { id: 'room_smoke', isLoaded: true, levels: [{ severity: 'critical', limit: 'true', forMs: 0 }] },
    suppression: { before: [] },
    messages: [],
    owed: [],
    notToldBecause: { kind: 'no_route', reason: 'no route takes it' },
  });
  const timeline = json['timeline'] as readonly { kind: string }[];
  expect(timeline.map(({ kind }) => kind)).toEqual(['started', 'fired']);
  const unknown = await harness.call('GET', '/api/v1/alerts/a-0/explain');
  expect(unknown).toMatchObject({ status: 404, json: { code: 'ALERT_NOT_FOUND' } });
});

it('metrics count messages by channel', async () => {
  const { text } = await harness.call('GET', '/metrics');
  expect(text).toMatch(/wardwatch_notifications_sent\{channel="noc"\} \d/);
  expect(text).toContain('wardwatch_notifications_waiting 0');
  expect(text).toContain('wardwatch_alerts_held{reason="maintenance"} 0');
});
