import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness, type Answer } from './testing/api-harness.ts';

interface Alert {
  readonly id: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly phase: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let harness: ApiHarness;
let ids: readonly string[];

beforeAll(async () => {
  harness = await ApiHarness.open();
  await harness.advance(2_000);
  const { json } = await harness.call('GET', '/api/v1/alerts?rule=room_smoke');
  ids = (json['items'] as Alert[]).map(({ id }) => id);
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

const nowMs = (): number => harness.parts.clock.now();

function call(
  method: string,
  path: string,
  body?: unknown,
  token = harness.tokens.operator,
): Promise<Answer> {
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
  return harness.call(method, `/api/v1${path}`, { token, ...payload });
}

async function audited(): Promise<unknown> {
  const { json } = await harness.call('GET', '/api/v1/audit?limit=1');
  return (json['items'] as unknown[])[0];
}

describe('an operator', () => {
  it('acknowledges an alert, which everybody sees, with who, why and until when', async () => {
    const [id] = ids;
    const untilMs = nowMs() + HOUR_MS;
    const answer = await call('POST', `/alerts/${id}/acknowledge`, { text: 'Đang xử lý', untilMs });
    const acknowledgement = { by: 'operator', text: 'Đang xử lý', untilMs, atMs: nowMs() };
    expect(answer).toMatchObject({ status: 200, json: { id, phase: 'firing', acknowledgement } });
    const seen = await call('GET', `/alerts/${id}`, undefined, harness.tokens.viewer);
    expect(seen.json).toMatchObject({ acknowledgement });
    expect((seen.json['timeline'] as unknown[]).at(-1)).toMatchObject({
      ...{ kind: 'acknowledged', by: 'operator', text: 'Đang xử lý', untilMs, recordedAtMs: nowMs() },
    });
    expect(await audited()).toMatchObject({ actor: 'operator', action: 'alert.acknowledge' });
    const listed = async (query: string): Promise<string[]> => {
      const { json } = await call('GET', `/alerts?rule=room_smoke&${query}`);
      return (json['items'] as Alert[]).map((alert) => alert.id);
    };
    expect(await listed('acknowledged=true')).toEqual([id]);
    expect(await listed('acknowledged=false')).toEqual(ids.slice(1));
    expect((await call('GET', '/alerts?acknowledged=yes')).status).toBe(400);
    const taken = await call('DELETE', `/alerts/${id}/acknowledge`);
    expect(taken.status).toBe(200);
    expect(taken.json).not.toHaveProperty('acknowledgement');
  });

  it('acknowledges forty-one at once, and is told of those that cannot be', async () => {
    const body = { ids: [...ids, 'a-nothing', '__proto__'], text: 'the hub' };
    const answer = await call('POST', '/alerts/acknowledge', body);
    expect(answer).toMatchObject({
      ...{ status: 200, json: { done: ids, over: [], unknown: ['a-nothing', '__proto__'], full: [] } },
    });
    expect((await call('POST', '/alerts/acknowledge', { ids: Array(501).fill('a') })).status).toBe(400);
  });

  it('assigns, comments, shelves and closes; each is an event that others hear', async () => {
    const [, id] = ids;
    expect((await call('POST', `/alerts/${id}/assign`, { assignee: 'Minh' })).json).toMatchObject({
      assignee: 'Minh',
    });
    expect((await call('GET', '/alerts?assignee=Minh')).json['items']).toMatchObject([{ id }]);
    await call('POST', `/alerts/${id}/comment`, { text: 'two lines\nof text' });
    const shelf = { text: 'welding', untilMs: nowMs() + HOUR_MS };
    expect((await call('POST', `/alerts/${id}/shelve`, shelf)).json).toMatchObject({ shelf });
    expect((await call('GET', '/alerts?shelved=true')).json['items']).toMatchObject([{ id }]);
    const [alert] = harness.parts.alerts.active().filter((each) => each.id === id);
    expect(alert && harness.parts.suppression.suppressionOf(alert, nowMs())).toMatchObject({
      ...{ kind: 'shelved', by: id },
    });
    expect((await call('DELETE', `/alerts/${id}/shelve`)).json).not.toHaveProperty('shelf');
    expect((await call('POST', `/alerts/${id}/close`, { text: 'welding' })).json).toMatchObject({
      phase: 'closed',
    });
    const events = harness.parts.events.read(harness.parts.events.newest - 1, 1);
    expect(events).toMatchObject([
      { event: { kind: 'alert', detail: { change: 'closed', id, by: 'operator', text: 'welding' } } },
    ]);
    const changes = await call('GET', `/changes?since=-1h&kind=alert&device=${alert?.entity['device']}`);
    const told = (changes.json['items'] as { detail: { change: string; id: string } }[])
      .map(({ detail }) => detail)
      .filter((detail) => detail.id === id);
    expect(told.map(({ change }) => change)).toEqual(
      expect.arrayContaining(['acknowledged', 'assigned', 'commented', 'shelved', 'unshelved', 'closed']),
    );
    expect(told.find(({ change }) => change === 'closed')).toMatchObject({ by: 'operator', text: 'welding' });
    expect(await call('POST', `/alerts/${id}/acknowledge`, {})).toMatchObject({
      ...{ status: 409, json: { code: 'ALERT_OVER', detail: `alert "${id}" is closed` } },
    });
  });

  it.each<[string, string, unknown, RegExp[]]>([
    [
      'acknowledge',
      'POST',
      { text: ' ', untilMs: 1, who: 'x' },
      [/body\.text: expected more than spaces/, /body\.untilMs: expected a time after now/, /who/],
    ],
    ['acknowledge', 'POST', { untilMs: 9e15 }, [/body\.untilMs: /]],
    ['shelve', 'POST', {}, [/body\.text: /, /body\.untilMs: /]],
    ['shelve', 'POST', { text: 'x'.repeat(501), untilMs: 'tomorrow' }, [/body\.text: /, /body\.untilMs: /]],
    ['comment', 'POST', { text: 'bad \u0000 text' }, [/body\.text: expected no control characters/]],
    ['comment', 'POST', { text: 'right \u202e left' }, [/body\.text: expected no control characters/]],
    ['comment', 'POST', { text: 'half \ud83d' }, [/body\.text: expected no control characters/]],
    ['assign', 'POST', { assignee: 'a\nb' }, [/body\.assignee: expected one line/]],
    ['assign', 'POST', {}, [/body\.assignee: /]],
    ['close', 'POST', {}, [/body\.text: /]],
  ])('is told all mistakes of a body at once: %s %s %j', async (act, method, body, expected) => {
    const answer = await call(method, `/alerts/${ids[0]}/${act}`, body);
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
    const problems = answer.json['problems'] as string[];
    for (const each of expected) expect(problems.join('\n')).toMatch(each);
  });

  it('is told that a shelf lasts 7 days at most', async () => {
    const body = { text: 'x', untilMs: nowMs() + 7 * DAY_MS + 1 };
    const answer = await call('POST', `/alerts/${ids[0]}/shelve`, body);
    expect(answer.json['detail']).toMatch(/by at most 7 d; got/);
  });

  it.each(['acknowledge', 'assign', 'comment', 'close', 'shelve'])(
    'is told that there is no such alert: %s',
    async (act) => {
      const bodies: Readonly<Record<string, object>> = {
        acknowledge: {},
        assign: { assignee: 'x' },
        shelve: { text: 'x', untilMs: nowMs() + HOUR_MS },
      };
      for (const id of ['a-0000', '%00', '..%2f', '__proto__']) {
        const answer = await call('POST', `/alerts/${id}/${act}`, bodies[act] ?? { text: 'x' });
        expect(answer).toMatchObject({ status: 404, json: { code: 'ALERT_NOT_FOUND' } });
      }
    },
  );
});

describe('silences', () => {
  it('take what fits, are told how much that is, and are ended early', async () => {
    const body = {
      match: { rule: ['room_*'], unit: ['26734'] },
      reason: 'drill',
      endsAtMs: nowMs() + HOUR_MS,
    };
    const made = await call('POST', '/silences', body);
    expect(made).toMatchObject({ status: 201, json: { state: 'active', by: 'operator', takesNow: 1 } });
    const id = String(made.json['id']);
    const alert = harness.parts.alerts
      .active()
      .find(({ unit, rule }) => unit === '26734' && rule === 'room_smoke');
    const suppression = () => alert && harness.parts.suppression.suppressionOf(alert, nowMs());
    expect(suppression()).toMatchObject({ kind: 'silenced', by: id });
    expect((await call('GET', `/silences/${id}`)).json).toMatchObject({ id, state: 'active' });
    expect(await call('DELETE', `/silences/${id}`)).toMatchObject({
      ...{ status: 200, json: { state: 'expired', endedBy: 'operator' } },
    });
    expect(suppression()).toBeUndefined();
    expect((await call('GET', '/silences?state=expired')).json['items']).toMatchObject([{ id }]);
    expect((await call('DELETE', '/silences/s-999')).json).toMatchObject({ code: 'SILENCE_NOT_FOUND' });
  });

  it.each<[unknown, RegExp]>([
    [{}, /body\.match: [^]*body\.endsAtMs: [^]*body\.reason: /],
    [{ match: {}, endsAtMs: 0, reason: '' }, /body\.match: expected at least one of rule/],
    [{ match: { rule: ['*'] }, endsAtMs: 0, reason: 'x' }, /this takes every alert/],
    [{ match: { device: 'n-1' }, endsAtMs: 0, reason: 'x' }, /body\.match\.device: /],
  ])('%j is refused', async (body, expected) => {
    const answer = await call('POST', '/silences', body);
    expect(answer.status).toBe(400);
    expect((answer.json['problems'] as string[]).join('\n')).toMatch(expected);
  });

  it('last 31 days at most, from their start', async () => {
    const match = { device: ['n-1'] };
    const times = (startD: number, endD: number) => ({
      ...{ startsAtMs: nowMs() + startD * DAY_MS, endsAtMs: nowMs() + endD * DAY_MS },
    });
    const statusOf = async (body: object) =>
      (await call('POST', '/silences', { match, reason: 'x', ...body })).status;
    expect(await statusOf(times(100, 131))).toBe(201);
    expect(await statusOf(times(100, 132))).toBe(400);
    expect(await statusOf(times(100, 99))).toBe(400);
    expect(await statusOf({ endsAtMs: nowMs() + 32 * DAY_MS })).toBe(400);
  });
});

describe('maintenance windows', () => {
  const night = { repeats: 'weekly', days: ['sunday'], from: '22:00', to: '02:00' };
  const plan = (covers: readonly string[], schedule: object = night) => ({
    ...{ covers, schedule, reason: 'patches', approvedBy: 'Bình' },
  });

  it('are planned, changed, told where they overlap, and ended', async () => {
    const first = await call('POST', '/maintenance', plan(['site:site-0']));
    expect(first).toMatchObject({
      status: 201,
      json: { state: 'pending', revision: 1, withDependents: false },
    });
    expect(first.json['next']).toHaveLength(3);
    const second = await call('POST', '/maintenance', plan(['unit:26734']));
    expect(second.json['overlaps']).toMatchObject([{ id: first.json['id'], reason: 'patches' }]);
    const id = String(second.json['id']);
    const once = { repeats: 'once', startsAtMs: nowMs(), endsAtMs: nowMs() + HOUR_MS };
    const changed = { ...plan(['device:node-0'], once), expectedRevision: 1 };
    expect((await call('PUT', `/maintenance/${id}`, changed)).json).toMatchObject({
      state: 'active',
      revision: 2,
    });
    expect((await call('PUT', `/maintenance/${id}`, changed)).json).toMatchObject({ code: 'REVISION_MOVED' });
    const alert = harness.parts.alerts.active().find(({ entity }) => entity['device'] === 'node-0');
    expect(alert && harness.parts.suppression.suppressionOf(alert, nowMs())).toMatchObject({
      ...{ kind: 'maintenance', by: id, untilMs: nowMs() + HOUR_MS },
    });
    const inMaintenance = { maintenance: { id, untilMs: nowMs() + HOUR_MS } };
    const [device, other] = (await call('GET', '/devices')).json['items'] as object[];
    expect(device).toMatchObject({ id: 'node-0', ...inMaintenance });
    expect(other).not.toHaveProperty('maintenance');
    expect((await call('GET', '/sites?unit=26734')).json['items']).not.toMatchObject([inMaintenance]);
    expect((await call('POST', `/maintenance/${id}/end`)).json).toMatchObject({ state: 'ended', next: [] });
    expect((await call('DELETE', `/maintenance/${id}`)).json).toMatchObject({ code: 'WINDOW_ENDED' });
    expect((await call('DELETE', '/maintenance/m-999')).json).toMatchObject({ code: 'WINDOW_NOT_FOUND' });
    expect((await call('GET', '/maintenance?state=ended')).json['items']).toMatchObject([{ id }]);
    expect(await audited()).toMatchObject({ action: 'maintenance.end-present' });
  });

  it.each<[unknown, RegExp]>([
    [{}, /body\.covers: [^]*body\.reason: [^]*body\.approvedBy: [^]*body\.schedule/],
    [plan(['site:site-9', 'hub-03']), /body\.covers\.1: expected unit:, site:/],
    [plan(['site:site-9']), /body\.covers\.0: the inventory has no site:site-9, did you mean site:site-0\?/],
    [plan(['site:site-0'], { ...night, from: '24:00' }), /body\.schedule\.from: expected a time of day/],
    [plan(['site:site-0'], { ...night, days: [] }), /body\.schedule\.days: /],
    [plan(['site:site-0'], { repeats: 'daily' }), /body\.schedule/],
    [plan(['site:site-0'], { repeats: 'once', startsAtMs: -1, endsAtMs: 1e300 }), /body\.schedule\.endsAtMs/],
    [plan(['site:site-0'], { ...night, firstDay: '2026-02-30' }), /body\.schedule\.firstDay: expected a day/],
    [plan(Array(101).fill('site:site-0')), /body\.covers: /],
  ])('%j is refused', async (body, expected) => {
    const answer = await call('POST', '/maintenance', body);
    expect(answer.status).toBe(400);
    expect((answer.json['problems'] as string[]).join('\n')).toMatch(expected);
  });
});
