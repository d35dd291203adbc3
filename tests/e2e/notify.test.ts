import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnrulyReceiver } from '../../central/notify/testing/unruly-receiver.ts';
import { NotifyCity } from '../support/notify-city.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

interface Told {
  readonly key: string;
  readonly status: string;
  readonly alerts: readonly {
    readonly what: string;
    readonly id: string;
    readonly severity: string;
    readonly entity: { readonly url: string };
  }[];
}

const WAIT = { timeout: 20_000, interval: 50 };

let directory: TemporaryDirectory;
let receiver: UnrulyReceiver;
let city: NotifyCity;
beforeEach(async () => {
  directory = temporaryDirectory('notify');
  receiver = await UnrulyReceiver.start();
  city = new NotifyCity(directory.path, { kind: 'webhook', url: receiver.url });
  await city.start();
});
afterEach(async () => {
  await city.stop();
  await receiver.stop();
  directory.remove();
});

function told(): readonly Told[] {
  return receiver.received.map(({ body }) => JSON.parse(body) as Told);
}

/** What was told of a line, repetitions with the same key left out. */
function toldOf(url: string): readonly string[] {
  const distinct = [...new Map(told().map((message) => [message.key, message])).values()];
  return distinct.flatMap(({ alerts }) =>
    alerts.filter(({ entity }) => entity.url === url).map(({ what, severity }) => `${what} ${severity}`),
  );
}

describe('somebody is told', () => {
  it('of the beginning, the change and the end, and the API has the receipts', async () => {
    await city.measure({ 'line-1': 50 });
    await vi.waitFor(() => expect(toldOf('line-1')).toEqual(['begin minor']), WAIT);
    await city.measure({ 'line-1': 95 });
    await vi.waitFor(() => expect(toldOf('line-1')).toHaveLength(2), WAIT);
    await city.measure({ 'line-1': 0 });
    await vi.waitFor(() => expect(toldOf('line-1')).toHaveLength(3), WAIT);
    expect(toldOf('line-1')).toEqual(['begin minor', 'change critical', 'end critical']);
    const id = told()[0]?.alerts[0]?.id ?? '';
    await vi.waitFor(async () => {
      const answer = await city.central.get<{ deliveries: readonly object[] }>(
        `/api/v1/alerts/${id}/deliveries`,
      );
      expect(answer.deliveries).toMatchObject([
        {
          channel: 'noc',
          what: 'end',
          state: 'sent',
          receipts: [{ outcome: 'delivered', answer: 'status 200: ok' }],
        },
        { what: 'change', state: 'sent' },
        { what: 'begin', state: 'sent' },
      ]);
    }, WAIT);
  });

  it('by wardwatch notify test, which says what the receiver answered', async () => {
    const tokenFile = join(directory.path, 'token');
    writeFileSync(tokenFile, city.central.token);
    const args = ['--url', city.central.apiUrl, '--token-file', tokenFile];
    const good = await new Wardwatch(['notify', 'test', 'noc', ...args]).end();
    expect(good).toMatchObject({ code: 0, stdout: 'noc: delivered: status 200: ok' });
    expect(told()).toMatchObject([{ status: 'test', alerts: [] }]);
    receiver.answer = (response) => response.writeHead(503).end('not now');
    const bad = await new Wardwatch(['notify', 'test', 'noc', ...args]).end();
    expect(bad).toMatchObject({ code: 1, stderr: 'wardwatch: noc: not delivered: status 503: not now\n' });
    const none = await new Wardwatch(['notify', 'test', 'pager', ...args]).end();
    expect(none).toMatchObject({ code: 1, stderr: 'wardwatch: no channel "pager"\n' });
  });
});

describe('central killed with kill -9', () => {
  it('while a message is on its way sends it again with the same key, and tells of the end', async () => {
    receiver.answer = () => undefined;
    await city.measure({ 'line-1': 50 });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), WAIT);
    await city.kill();
    receiver.answer = (response) => response.end('ok');
    await city.start();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2), WAIT);
    const [first, again] = told();
    expect(again).toEqual(first);
    await city.measure({ 'line-1': 0 });
    await vi.waitFor(() => expect(toldOf('line-1')).toEqual(['begin minor', 'end minor']), WAIT);
  });

  it('before a message could be delivered delivers it, once', async () => {
    receiver.answer = (response) => response.writeHead(503).end();
    await city.measure({ 'line-1': 50, 'line-2': 50 });
    await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(0), WAIT);
    await city.kill();
    const missed = receiver.received.length;
    receiver.answer = (response) => response.end('ok');
    await city.start();
    await vi.waitFor(() => expect(receiver.received.length).toBe(missed + 1), WAIT);
    await city.measure({ 'line-1': 0, 'line-2': 0 });
    await vi.waitFor(() => expect(toldOf('line-2')).toEqual(['begin minor', 'end minor']), WAIT);
    expect(toldOf('line-1')).toEqual(['begin minor', 'end minor']);
  });

  it('again and again at any moment leaves nobody without an end, and tells nothing twice', async () => {
    const random = seededRandom(20_261_130);
    const rounds = 5;
    for (let round = 0; round < rounds; round++) {
      const begins = Object.fromEntries([0, 1, 2].map((line) => [`line-${round}-${line}`, 50]));
      const ends = Object.fromEntries([0, 1, 2].map((line) => [`line-${round - 1}-${line}`, 0]));
      await city.measure({ ...begins, ...(round > 0 && ends) });
      await new Promise((resolve) => setTimeout(resolve, random() * 1_500));
      await city.kill();
      await city.start();
    }
    await city.measure(Object.fromEntries([0, 1, 2].map((line) => [`line-${rounds - 1}-${line}`, 0])));
    for (let round = 0; round < rounds; round++) {
      for (const line of [0, 1, 2]) {
        const url = `line-${round}-${line}`;
        await vi.waitFor(() => expect(toldOf(url).at(-1), url).toMatch(/^(end|whole) minor$/), WAIT);
        expect([['begin minor', 'end minor'], ['whole minor']]).toContainEqual(toldOf(url));
      }
    }
  });
});
