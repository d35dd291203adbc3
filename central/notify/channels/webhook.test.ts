import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRange } from '../../../runtime/ip-range.ts';
import { alertOf, AT_MS, messageOf } from '../testing/messages.ts';
import { UnrulyReceiver } from '../testing/unruly-receiver.ts';
import type { Channel, Outcome } from './channel.ts';
import { webhookKind } from './webhook.ts';

const { signal } = new AbortController();
const LOOPBACK = [parseRange('127.0.0.0/8')].filter((range) => range !== undefined);

let receiver: UnrulyReceiver;
beforeEach(async () => {
  receiver = await UnrulyReceiver.start();
});
afterEach(() => receiver.stop());

function channel(settings: object = {}, allowTargets = LOOPBACK): Channel {
  const content = { kind: 'webhook', url: receiver.url, timeout: '1s', ...settings };
  const context = {
    id: 'hook',
    env: { SECRET: 'hunter2' },
    timeZone: 'UTC',
    allowTargets,
    allowPrograms: [],
  };
  return webhookKind.read('hook.yaml', content, context);
}

function send(to: Channel): Promise<Outcome> {
  return to.send(messageOf(alertOf('begin')), { nowMs: AT_MS, signal });
}

describe('a webhook', () => {
  it('posts the whole message for programs, with a key that stays the same', async () => {
    expect(await send(channel())).toEqual({ kind: 'delivered', answer: 'status 200: ok' });
    const [first] = receiver.received;
    expect(first?.headers).toMatchObject({ 'idempotency-key': 'n-1', 'content-type': 'application/json' });
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      key: 'n-1',
      channel: 'hook',
      status: 'firing',
      title: expect.stringContaining('[CRITICAL] Smoke in the room') as string,
      alerts: [{ what: 'begin', id: 'a-1', rule: 'room_smoke', severity: 'critical', unit: '26737' }],
    });
  });

  it('posts what its template says, with data in its texts', async () => {
    const body = {
      chat_id: '-100',
      text: '{{message}}',
      priority: '{{priority}}',
      tags: ['{{status}} {{severity}}'],
    };
    await send(channel({ body, language: 'vi' }));
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({
      chat_id: '-100',
      text: '[NGHIÊM TRỌNG] Có khói trong phòng máy · 26737 Tân Định · site-1 · device sensor-1 · từ 19:10 29/11\nGọi cứu hoả (114).',
      priority: 5,
      tags: ['firing critical'],
    });
  });

  it('signs time and body', async () => {
    await send(channel({ signature: { secret: { env: 'SECRET' } } }));
    const [first] = receiver.received;
    const seconds = Math.floor(AT_MS / 1_000);
    const digest = createHmac('sha256', 'hunter2')
      .update(`${seconds}.${first?.body ?? ''}`)
      .digest('hex');
    expect(first?.headers['x-wardwatch-signature']).toBe(`t=${seconds},v1=${digest}`);
  });

  it('takes its address and headers from secrets', async () => {
    const settings = {
      url: { env: 'URL' },
      headers: { Authorization: { env: 'SECRET' }, access_token: 'x' },
    };
    const env = { URL: `${receiver.url}/bot123/send?x=1`, SECRET: 'Bearer hunter2' };
    const context = { id: 'hook', env, timeZone: 'UTC', allowTargets: LOOPBACK, allowPrograms: [] };
    await send(webhookKind.read('hook.yaml', { kind: 'webhook', ...settings }, context));
    expect(receiver.received[0]).toMatchObject({
      path: '/bot123/send?x=1',
      headers: { authorization: 'Bearer hunter2', access_token: 'x' },
    });
  });
});

describe('a receiver that', () => {
  it('answers 200 and has not taken it is found out by what it says', async () => {
    const zalo = channel({ expect: { field: 'error', value: 0 } });
    receiver.answer = (response) => response.end('{"error":-216,"message":"Access token is invalid"}');
    expect(await send(zalo)).toEqual({
      kind: 'failed',
      answer: 'status 200: {"error":-216,"message":"Access token is invalid"} (expected error: 0)',
    });
    receiver.answer = (response) => response.end('{"error":0}');
    expect(await send(zalo)).toMatchObject({ kind: 'delivered' });
    receiver.answer = (response) => response.end('<html>');
    expect(await send(zalo)).toMatchObject({
      kind: 'failed',
      answer: expect.stringContaining('expected JSON') as string,
    });
  });

  it.each([
    [500, 'failed'],
    [503, 'failed'],
    [401, 'failed'],
    [404, 'failed'],
    [400, 'refused'],
    [413, 'refused'],
  ])('answers %i has %s', async (status, kind) => {
    receiver.answer = (response) => response.writeHead(status).end('no');
    expect(await send(channel())).toEqual({ kind, answer: `status ${status}: no` });
  });

  it('asks for time is given it', async () => {
    receiver.answer = (response) => response.writeHead(429, { 'retry-after': '7' }).end();
    expect(await send(channel())).toEqual({ kind: 'failed', answer: 'status 429', retryAfterMs: 7_000 });
    receiver.answer = (response) => response.writeHead(429, { 'retry-after': 'soon' }).end();
    expect(await send(channel())).toEqual({ kind: 'failed', answer: 'status 429' });
  });

  it.each([301, 302, 303, 307, 308])('redirects to this machine by %i is not followed', async (status) => {
    const inner = await UnrulyReceiver.start();
    try {
      receiver.answer = (response) => response.writeHead(status, { location: `${inner.url}/admin` }).end();
      expect(await send(channel())).toEqual({
        kind: 'failed',
        answer: `status ${status}: redirects are not followed`,
      });
      expect([receiver.received.length, inner.received.length]).toEqual([1, 0]);
    } finally {
      await inner.stop();
    }
  });

  it('hangs is left at the time limit', async () => {
    receiver.answer = () => undefined;
    expect(await send(channel())).toEqual({ kind: 'failed', answer: 'no answer within 1000 ms' });
  });

  it('answers byte by byte is left at the time limit', async () => {
    receiver.answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    };
    expect(await send(channel())).toEqual({ kind: 'failed', answer: 'no answer within 1000 ms' });
  });

  it('closes early has not answered', async () => {
    receiver.answer = (response) => response.socket?.destroy();
    expect(await send(channel())).toMatchObject({ kind: 'failed' });
    receiver.answer = (response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.socket?.destroy());
    };
    expect(await send(channel())).toMatchObject({ kind: 'failed' });
  });

  it('answers without end is read for 4 KiB, and no more is kept than its beginning', async () => {
    let written = 0;
    receiver.answer = (response) => {
      const more = (): void => {
        while (!response.destroyed && written < 100_000_000) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536, 'y'))) break;
        }
      };
      response.on('drain', more);
      more();
    };
    const outcome = await send(channel());
    expect(outcome).toEqual({ kind: 'delivered', answer: `status 200: ${'y'.repeat(200)}` });
    expect(written).toBeLessThan(50_000_000);
  });

  it('answers with what a terminal would act on is shown as text', async () => {
    receiver.answer = (response) => response.writeHead(500).end('\u001b[2Jx\nnext');
    expect(await send(channel())).toEqual({ kind: 'failed', answer: 'status 500: \\u001b[2Jx\\nnext' });
  });

  it('repeats what it was sent is shown without it: path, query and headers may be secrets', async () => {
    const url = `${receiver.url}/bot123:AAsecret/send?token=%C3%A1bcdefg`;
    const hook = channel({ url, headers: { authorization: { value: 'Bearer hunter2222' } } });
    receiver.answer = (response) =>
      response.writeHead(500).end('no /bot123:AAsecret/send with ábcdefg, Bearer hunter2222 or hunter2222');
    expect(await send(hook)).toEqual({ kind: 'failed', answer: 'status 500: no … with …, … or …' });
  });

  it('does not listen is named with the reason', async () => {
    const gone = await UnrulyReceiver.start();
    const { url } = gone;
    await gone.stop();
    expect(await send(channel({ url }))).toEqual({ kind: 'failed', answer: 'connection refused' });
  });
});

describe('an address', () => {
  it('of this machine is not connected to unless central.yaml allows it, whatever its name', async () => {
    const refusal = { kind: 'failed', answer: expect.stringContaining('notify: { allowTargets:') as string };
    expect(await send(channel({}, []))).toMatchObject(refusal);
    const named = receiver.url.replace('127.0.0.1', 'localhost');
    expect(await send(channel({ url: named }, []))).toMatchObject(refusal);
    expect(receiver.received).toEqual([]);
  });

  it.each([
    '10.1.2.3',
    '192.168.0.1',
    '172.20.1.1',
    '169.254.169.254',
    '[fe80::1]',
    '[fd00::1]',
    '[::ffff:10.0.0.1]',
    '0.0.0.0',
    '100.100.100.200',
  ])('%s is not connected to', async (host) => {
    const outcome = await send(channel({ url: `http://${host}:9/` }, []));
    expect(outcome.answer).toMatch(/to allow it, in central\.yaml/);
  });
});

describe('what is wrong with a file', () => {
  const problems = (settings: object): string[] => {
    try {
      channel(settings);
      return [];
    } catch (error) {
      return (error as { problems: string[] }).problems;
    }
  };

  it('is told at once, without the secret', () => {
    expect(
      problems({
        url: { env: 'NOT_SET' },
        headers: { Authorization: { env: 'NOT_SET_EITHER' } },
        signature: { secret: { file: '/none/such' } },
        body: { text: '{{secret}}', deep: [{ more: '{{ constructor }}' }] },
      }),
    ).toEqual([
      'hook.yaml: url: environment variable NOT_SET is not set',
      'hook.yaml: headers.Authorization: environment variable NOT_SET_EITHER is not set',
      expect.stringMatching(/^hook\.yaml: signature\.secret: \/none\/such cannot be read/) as string,
      expect.stringMatching(/^hook\.yaml: body\.text: there is no \{\{secret\}\}, only title, /) as string,
      expect.stringMatching(/^hook\.yaml: body\.deep\[0\]\.more: there is no \{\{constructor\}\}/) as string,
    ]);
    expect(problems({ url: { value: 'ftp://hunter2' } })).toEqual([
      'hook.yaml: url: expected http://… or https://…',
    ]);
  });

  it('is also what a request cannot have', () => {
    expect(problems({ headers: { Host: 'elsewhere' } })).toHaveLength(1);
    expect(problems({ headers: { Authorization: { value: 'a\nb' } } })).toEqual([
      'hook.yaml: headers.Authorization: expected printable ASCII in one line',
    ]);
    expect(problems({ timeout: '2m' })).toHaveLength(1);
    expect(problems({ url: 'http://user:hunter2@host/' }).join()).not.toContain('hunter2');
  });
});
