import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
let port: number;
const readers = new Set<Reader>();

beforeAll(async () => {
  harness = await ApiHarness.open();
  ({ port } = await listenAnywhere());
});
afterAll(async () => {
  for (const reader of readers) reader.close();
  expect(await harness.close()).toEqual([]);
});

async function listenAnywhere(): Promise<{ port: number }> {
  const address = await harness.app.listen({ host: '127.0.0.1', port: 0 });
  return { port: Number(new URL(address).port) };
}

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>> & { readonly detail: Readonly<Record<string, unknown>> };
}

/** Reads a stream as a browser does. */
class Reader {
  readonly response: IncomingMessage;
  readonly #chunks: AsyncIterator<unknown, unknown>;
  #text = '';
  lastId = '';
  constructor(response: IncomingMessage) {
    this.response = response;
    this.#chunks = response[Symbol.asyncIterator]();
    readers.add(this);
  }
  async next(): Promise<Message> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end !== -1) {
        const lines = this.#text.slice(0, end).split('\n');
        this.#text = this.#text.slice(end + 2);
        const field = (name: string): string =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
        this.lastId = field('id') || this.lastId;
        if (field('event') === '') continue;
        const data = JSON.parse(field('data')) as Message['data'];
        return { id: this.lastId, event: field('event'), data };
      }
      await this.more();
    }
  }
  /** The next one about a device or an agent: the clock of the harness leaps, so that others fall silent now and then. */
  async about(name: string): Promise<Message> {
    let message = await this.next();
    while (message.data['device'] !== name && message.data['agent'] !== name) message = await this.next();
    return message;
  }
  /** Resolves once something has come. */
  async more(): Promise<void> {
    const { done = false, value } = await this.#chunks.next();
    if (done) throw new Error('the stream ended');
    this.#text += (value as Buffer).toString('utf8');
  }
  close(): void {
    readers.delete(this);
    this.response.destroy();
  }
}

function open(
  query = '',
  headers: Record<string, string> = {},
  token = harness.tokens.viewer,
): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const call = request({
      host: '127.0.0.1',
      port,
      path: `/api/v1/events${query}`,
      headers: { ...(token !== '' && { authorization: `Bearer ${token}` }), ...headers },
    });
    call.on('error', reject);
    call.on('response', (response) => {
      const reader = new Reader(response);
      // Its id comes first: from then on nothing is missed.
      reader.more().then(() => resolve(reader), reject);
    });
    call.end();
  });
}

const NODES = { 'gw-1': 'node-0', 'gw-2': 'node-1', 'gw-3': 'node-2' } as const;

/** Water in the room of an agent: an alert fires at once. Each sensor once. */
async function flood(agent: keyof typeof NODES, sensor: string): Promise<void> {
  const tags = { device: NODES[agent], sensor };
  await harness.send(agent, [
    { measurement: 'environment', tags, fields: { water_leak: true }, timeMs: harness.parts.clock.now() },
  ]);
}

describe('a reader of events', () => {
  it('is told of an alert when it fires, with where it is', async () => {
    const reader = await open('?kind=alert');
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await flood('gw-1', 'a');
    const [started, fired] = [await reader.about('node-0'), await reader.about('node-0')];
    expect(started).toMatchObject({ event: 'alert', data: { detail: { change: 'started' } } });
    expect(fired).toMatchObject({
      event: 'alert',
      data: {
        kind: 'alert',
        unit: '26734',
        site: 'site-0',
        device: 'node-0',
        agent: 'gw-1',
        detail: {
          change: 'fired',
          rule: 'room_water',
          phase: 'firing',
          entity: { device: 'node-0', sensor: 'a' },
        },
      },
    });
    const { id, title } = fired.data.detail;
    const alert = await harness.call('GET', `/api/v1/alerts/${String(id)}`);
    expect(alert.json).toMatchObject({ rule: 'room_water', title });
    reader.close();
  });

  it('of one unit is not told of another', async () => {
    const reader = await open('?kind=alert&unit=26740');
    await flood('gw-1', 'b');
    await flood('gw-3', 'b');
    expect(await reader.about('node-2')).toMatchObject({ data: { unit: '26740', device: 'node-2' } });
    reader.close();
  });

  it('with limits is told of its own alone, without asking for a unit', async () => {
    const { tokens, clock } = harness.parts;
    const limits = { units: ['26740'] };
    const { token } = tokens.create('ward 3', 'viewer', clock.now(), null, { limits });
    const reader = await open('?kind=alert', {}, token);
    await flood('gw-1', 'l');
    await flood('gw-3', 'l');
    expect((await reader.next()).data).toMatchObject({ unit: '26740', device: 'node-2' });
    reader.close();
  });

  it('that comes again goes on where it was', async () => {
    const reader = await open('?kind=alert');
    await flood('gw-1', 'c');
    await reader.about('node-0');
    const { id } = await reader.about('node-0');
    reader.close();
    await flood('gw-2', 'c');
    const again = await open('?kind=alert', { 'last-event-id': id });
    expect(await again.about('node-1')).toMatchObject({
      data: { device: 'node-1', detail: { change: 'started' } },
    });
    again.close();
  });

  it('is told when it cannot', async () => {
    const reader = await open('', { 'last-event-id': 'ffffffff-12-1799999999000' });
    expect(await reader.next()).toMatchObject({
      event: 'reset',
      data: { reason: 'restarted', changes: '/api/v1/changes?since=1799999999000' },
    });
    reader.close();
    const other = await open('', { 'last-event-id': '7; DROP TABLE' });
    expect(await other.next()).toMatchObject({ event: 'reset', data: { reason: 'unknown' } });
    other.close();
  });

  it('is told of agents that fall silent, and of configs that are pushed', async () => {
    const reader = await open('?kind=agent,config&unit=26737');
    await flood('gw-2', 'd');
    await harness.advance(2_000);
    await harness.advance(60_000);
    let message = await reader.about('gw-2');
    while (message.data.detail['phase'] !== 'silent') message = await reader.about('gw-2');
    expect(message).toMatchObject({
      event: 'agent',
      data: { agent: 'gw-2', unit: '26737', detail: { before: 'live' } },
    });
    const payload = JSON.stringify({ expectedRevision: 0, config: { collectors: [{ kind: 'server' }] } });
    expect((await harness.call('PUT', '/api/v1/agents/gw-2/config', { payload })).status).toBe(200);
    await harness.advance(2_000);
    expect(await reader.about('gw-2')).toMatchObject({
      event: 'config',
      data: { agent: 'gw-2', detail: { state: 'pending', desired: 1, running: 0 } },
    });
    reader.close();
  });

  it('is told of a state when it changes, with what it was', async () => {
    const reader = await open('?kind=state&unit=26734');
    const tags = { device: 'node-0' };
    const timeMs = harness.parts.clock.now();
    await harness.send('gw-1', [{ measurement: 'device', tags, fields: { up: false }, timeMs }]);
    await harness.advance(1_000);
    let message = await reader.about('node-0');
    while (message.data.detail['state'] !== 'down') message = await reader.about('node-0');
    expect(message).toMatchObject({
      event: 'state',
      data: { unit: '26734', site: 'site-0', detail: { ref: 'device:node-0', roots: [] } },
    });
    expect(message.data.detail['before']).not.toBe('down');
    reader.close();
  });

  it('is ended when its token is revoked', async () => {
    const { json } = await harness.call('POST', '/api/v1/tokens', {
      payload: JSON.stringify({ name: 'short', role: 'viewer' }),
    });
    const reader = await open('?unit=26740&kind=config', {}, String(json['token']));
    await harness.call('DELETE', `/api/v1/tokens/${String(json['id'])}`);
    await harness.advance(15_000);
    expect(await reader.next()).toMatchObject({ event: 'end', data: { reason: 'not-allowed' } });
    reader.close();
  });

  it('is one of at most 50 with one token', async () => {
    const open50 = await Promise.all(Array.from({ length: 50 }, () => open('?unit=26740&kind=config')));
    const refused = await open('?unit=26740&kind=config');
    expect(refused.response.statusCode).toBe(429);
    expect(refused.response.headers['retry-after']).toBe('60');
    refused.close();
    for (const reader of open50) reader.close();
    // Its place is given back once the server has seen that it is gone.
    let next = await open('?unit=26740&kind=config');
    while (next.response.statusCode === 429) {
      next.close();
      next = await open('?unit=26740&kind=config');
    }
    expect(next.response.statusCode).toBe(200);
    next.close();
  });

  it('has as many streams as one person may have, however many sessions', async () => {
    const { sessions, clock } = harness.parts;
    const cookieOf = (subject: string): string => {
      const person = { subject, name: `${subject} (OIDC)`, role: 'viewer' as const };
      return `wardwatch_session=${sessions.openForPerson(person, clock.now()).session}`;
    };
    const cookies = Array.from({ length: 10 }, () => cookieOf('greedy'));
    const opened = await Promise.all(
      Array.from({ length: 50 }, (_, at) => open('?kind=config', { cookie: cookies[at % 10] ?? '' }, '')),
    );
    expect(opened.map(({ response }) => response.statusCode)).toEqual(Array(50).fill(200));
    const more = await open('?kind=config', { cookie: cookieOf('greedy') }, '');
    const other = await open('?kind=config', { cookie: cookieOf('modest') }, '');
    expect([more.response.statusCode, other.response.statusCode]).toEqual([429, 200]);
    for (const reader of [...opened, more, other]) reader.close();
  });

  it.each([
    [
      'kind=alarm',
      'querystring.kind: expected one or more of alert, agent, config, state, rollout, separated by commas, got "alarm"',
    ],
    [
      'kind=',
      'querystring.kind: expected one or more of alert, agent, config, state, rollout, separated by commas, got ""',
    ],
    [
      'kind=alert,',
      'querystring.kind: expected one or more of alert, agent, config, state, rollout, separated by commas, got "alert,"',
    ],
  ])('with ?%s is refused', async (query, detail) => {
    expect(await harness.call('GET', `/api/v1/events?${query}`)).toMatchObject({
      status: 400,
      json: { detail },
    });
  });

  it('needs a token', async () => {
    expect(await harness.call('GET', '/api/v1/events', { token: '' })).toMatchObject({ status: 401 });
  });
});
