import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { OnCallCalendars } from '../notify/on-call/calendars.ts';
import { buildApi } from './app.ts';
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

it('who is on call is told with the gaps, also of another time', async () => {
  const people = [{ id: 'an', name: 'An', channels: ['noc'] }];
  const weekly = { turnDays: 7, handoverMinute: 0, overrides: [], people: ['an'] } as const;
  const firstDay = Date.UTC(2027, 0, 20) / 86_400_000;
  const calendar = { name: 'network', timeZone: 'UTC', layers: [{ name: 'first', firstDay, ...weekly }] };
  const parts = { ...harness.parts, onCall: new OnCallCalendars(people, [calendar], ['network']) };
  const app = await buildApi(parts, { log: silentLogger, pages: () => undefined });
  const ask = async (query: string) =>
    (
      await app.inject({
        url: `/api/v1/on-call${query}`,
        headers: { authorization: `Bearer ${harness.tokens.viewer}` },
      })
    ).json<unknown>();
  try {
    expect(await ask('?at=2027-01-19T12:00:00Z')).toEqual({
      atMs: Date.UTC(2027, 0, 19, 12),
      layers: [
        {
          ...{ calendar: 'network', timeZone: 'UTC', layer: 'first', isOverride: false },
          ...{ untilMs: Date.UTC(2027, 0, 20), next: people[0] },
        },
      ],
      gaps: [
        {
          calendar: 'network',
          timeZone: 'UTC',
          fromMs: Date.UTC(2027, 0, 19, 12),
          toMs: Date.UTC(2027, 0, 20),
        },
      ],
    });
    expect(await ask('?at=2027-01-21')).toMatchObject({ layers: [{ person: people[0] }], gaps: [] });
  } finally {
    await app.close();
  }
});
