import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import type { Collector } from '../collector.ts';
import { MAX_BODY_BYTES } from './http-body.ts';
import { HttpListener } from './http-listener.ts';
import { MAX_WAITING_SAMPLES } from '../pushed-samples.ts';
import { Intake } from './intake.ts';
import { createTelegrafCollector, telegrafKind } from './telegraf.ts';
import { UdpListener } from './udp-listener.ts';
import { UnixListener } from './unix-listener.ts';

const signal = new AbortController().signal;
const address = '127.0.0.1';
let clock: ManualClock;
let intake: Intake;
let collector: Collector;
let directory: string;
let sockets: Socket[];

beforeEach(() => {
  clock = new ManualClock();
  intake = new Intake({ clock, commonTags: { host: 'gw-1', site: 's-1' } });
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-telegraf-'));
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await collector.close();
  rmSync(directory, { recursive: true, force: true });
});

async function startWith(...listeners: Parameters<typeof createTelegrafCollector>[0]): Promise<void> {
  collector = createTelegrafCollector(listeners, intake, { clock, log: silentLogger });
  expect(await collector.collect(signal)).toMatchObject({ samples: [], errors: [] });
}
/** What the agent does: takes what has arrived, and writes it to disk or not. */
const collectAll = async (isDurable = true) => {
  const { samples, errors, reportDurable } = await collector.collect(signal);
  reportDurable?.(isDurable);
  return {
    names: samples.map(({ measurement }) => measurement),
    errors: errors.map(({ message }) => message),
    samples,
  };
};
/** Until something has arrived, without taking it. */
const whenWaiting = () => expect.poll(() => intake.pushed.hasRoomFor(MAX_WAITING_SAMPLES, 0)).toBe(false);
const lines = (count: number) =>
  Array.from({ length: count }, (_unused, index) => `mem total=${index}i ${index}\n`).join('');

describe('over HTTP', () => {
  let http: HttpListener;
  beforeEach(async () => {
    http = new HttpListener({ address, port: 0 }, intake);
    await startWith(http);
  });

  async function post(
    body: string | Buffer,
    more: { path?: string; method?: string; headers?: Record<string, string> } = {},
  ) {
    const { path = '/api/v2/write?org=x&bucket=y', method = 'POST', headers = {} } = more;
    const sent = httpRequest({ host: address, port: http.port, path, method, headers });
    sent.on('error', () => undefined);
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const answer = await text(response);
    return {
      status: response.statusCode,
      retryAfter: response.headers['retry-after'],
      message: answer === '' ? undefined : (JSON.parse(answer) as { message: string }).message,
    };
  }
  async function handOver(isDurable = true) {
    await whenWaiting();
    return collectAll(isDurable);
  }

  it('a write is answered when its samples are on the disk, and not before', async () => {
    const answered = post(
      'mem total=1i 1790000000000000000\ncpu,cpu=cpu0 usage_idle=1 1790000000000000000\n',
    );
    await whenWaiting();
    const { samples, errors, reportDurable } = await collector.collect(signal);
    expect(samples.map(({ measurement }) => measurement)).toEqual(['mem', 'cpu']);
    expect(errors).toEqual([]);
    let isAnswered = false;
    void answered.then(() => (isAnswered = true));
    // A whole exchange later there still is no answer: only the disk brings it.
    expect((await post('mem total=1i', { path: '/query' })).status).toBe(404);
    expect(isAnswered).toBe(false);
    reportDurable?.(true);
    expect((await answered).status).toBe(204);
  });

  it('a write that the disk did not take is to be sent again', async () => {
    const answered = post('mem total=1i 1');
    await handOver(false);
    expect(await answered).toEqual({
      status: 503,
      retryAfter: '2',
      message: 'the agent could not keep the points; try again',
    });
  });

  it.each(['/write?db=telegraf&precision=s', '/api/v2/write?precision=s'])('takes %s', async (path) => {
    const answered = post('mem total=1i 1790000000', { path });
    expect((await handOver()).samples[0]).toMatchObject({
      tags: { host: 'gw-1', site: 's-1' },
      timeMs: 1_790_000_000_000,
    });
    expect((await answered).status).toBe(204);
  });

  it('takes gzip', async () => {
    const answered = post(gzipSync('mem total=1i 1'), { headers: { 'content-encoding': 'gzip' } });
    expect((await handOver()).names).toEqual(['mem']);
    expect((await answered).status).toBe(204);
  });

  it('refuses each bad line alone, and says why', async () => {
    const answered = post('mem total=1i 1\nmem total= 2\nmem total=3i 3\n|- Filter\n');
    const { names, errors } = await handOver();
    expect(names).toEqual(['mem', 'mem']);
    expect(await answered).toMatchObject({
      status: 400,
      message:
        'partial write: the other lines were accepted; line 2:11: "total" is "", expected a number, an integer (12i, 12u), true, false or a text in quotes; line 4:10: expected = after the field key "Filter", found "\\n"',
    });
    expect(errors.map((error) => error.slice(0, 30))).toEqual([
      'telegraf: 1 × bad line: "total',
      'telegraf: 1 × bad line: expect',
    ]);
  });

  it('counts what the catalogue does not have, and accepts the rest', async () => {
    const answered = post('docker n=1i\ndocker n=2i\nmem total=1i,colour="red"\n');
    const { names, errors } = await handOver();
    expect(names).toEqual(['mem']);
    expect((await answered).status).toBe(204);
    expect(errors).toEqual([
      'telegraf: 2 × measurement "docker" is not in the catalogue: declare custom_docker in custom of this collector and at central',
      'telegraf: 1 × mem has no field "colour" in the catalogue',
    ]);
    expect((await post('docker n=1i')).status).toBe(204);
  });

  it.each([
    [{ path: '/query' }, 404, 'expected /api/v2/write (InfluxDB 2) or /write (InfluxDB 1)'],
    [{ path: '//' }, 404, 'expected /api/v2/write (InfluxDB 2) or /write (InfluxDB 1)'],
    [{ method: 'PUT' }, 405, 'expected POST'],
    [{ path: '/write?precision=y' }, 400, 'precision y, expected ns, us, ms, s, m or h'],
    [{ headers: { 'content-encoding': 'br' } }, 415, 'content-encoding br, expected gzip or none'],
    [{ headers: { 'content-encoding': 'gzip' } }, 400, 'the body is incomplete or not valid gzip'],
  ])('turns away %j', async (more, status, message) => {
    expect(await post('mem total=1i', more)).toMatchObject({ status, message });
    expect((await collectAll()).errors).toEqual([`telegraf: 1 × http: refused with ${status}: ${message}`]);
  });

  it('refuses bodies that are too large, packed or not, and keeps its state', async () => {
    const message = `the body has more than ${MAX_BODY_BYTES} bytes; send smaller batches`;
    const huge = Buffer.alloc(MAX_BODY_BYTES + 1, '#');
    expect(await post(huge)).toMatchObject({ status: 413, message });
    expect(await post(huge, { headers: { 'transfer-encoding': 'chunked' } })).toMatchObject({ status: 413 });
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    expect(await post(bomb, { headers: { 'content-encoding': 'gzip' } })).toMatchObject({
      status: 413,
      message,
    });
    expect(await post(lines(MAX_WAITING_SAMPLES + 1))).toMatchObject({ status: 413 });
    const answered = post('mem total=1i 1');
    await handOver();
    expect((await answered).status).toBe(204);
  });

  it('tells senders to wait while the buffer is full', async () => {
    const first = post(lines(MAX_WAITING_SAMPLES - 10));
    await whenWaiting();
    expect(await post(lines(20))).toEqual({
      status: 429,
      retryAfter: '2',
      message: 'the buffer is full; try again',
    });
    expect((await handOver()).names).toHaveLength(MAX_WAITING_SAMPLES - 10);
    expect((await first).status).toBe(204);
    const second = post(lines(20));
    await handOver();
    expect((await second).status).toBe(204);
  });

  it('tells a sender to come again when the agent stops before it took the samples', async () => {
    const answered = post('mem total=1i 1');
    await whenWaiting();
    await collector.close();
    expect(await answered).toMatchObject({ status: 503, retryAfter: '2' });
  });

  it('confirms at the stop what the agent has taken', async () => {
    const answered = post('mem total=1i 1');
    await whenWaiting();
    const { reportDurable } = await collector.collect(signal);
    const closed = collector.close();
    reportDurable?.(true);
    await closed;
    expect((await answered).status).toBe(204);
  });

  it('survives clients that disconnect or send something else', async () => {
    for (const said of [
      'POST /write HTTP/1.1\r\ncontent-length: 100\r\n\r\nmem tot',
      '\0\xff\r\n\r\n',
      'mem total=1i\n',
    ]) {
      const socket = connect(http.port ?? 0, address);
      sockets.push(socket);
      await once(socket, 'connect');
      socket.end(said, 'latin1');
      socket.resume();
      await once(socket, 'close');
    }
    const answered = post('mem total=1i 1');
    expect((await handOver()).names).toEqual(['mem']);
    expect((await answered).status).toBe(204);
  });
});

describe('over UDP', () => {
  let udp: UdpListener;
  beforeEach(async () => {
    udp = new UdpListener({ address, port: 0 }, intake);
    await startWith(udp);
  });
  async function send(...messages: string[]): Promise<void> {
    const socket = createSocket('udp4');
    for (const message of messages) {
      await new Promise((resolve) => socket.send(message, udp.port, address, resolve));
    }
    socket.close();
  }

  it('takes lines, each bad one alone', async () => {
    await send('mem total=1i 1\nbad\nmem total=2i 2\n', '\0\0\0', 'swap total=1i');
    await expect.poll(() => intake.pushed.hasRoomFor(MAX_WAITING_SAMPLES - 2, 0)).toBe(false);
    const { names, errors } = await collectAll();
    expect(names).toEqual(['mem', 'mem', 'swap']);
    expect(errors.join()).toContain('bad line: expected a measurement');
  });

  it('loses what finds no room, and counts it', async () => {
    const add = intake.refusals.add.bind(intake.refusals);
    const counted = new Promise<void>((resolve) => {
      intake.refusals.add = (reason, count) => {
        add(reason, count);
        resolve();
      };
    });
    void intake.pushed.add([], 4 * 1024 * 1024);
    await send('mem total=1i 1\nmem total=2i 2');
    await counted;
    expect(await collectAll()).toMatchObject({
      names: [],
      errors: ['telegraf: 2 × udp: lost, because the buffer is full'],
    });
  });
});

describe('over a unix socket', () => {
  let path: string;
  let unix: UnixListener;
  beforeEach(() => {
    path = join(directory, 'telegraf.sock');
    unix = new UnixListener({ path }, intake);
  });
  async function open(): Promise<Socket> {
    const socket = connect(path);
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  it('takes lines of several senders, each cut anywhere', async () => {
    await startWith(unix);
    const [one, two] = [await open(), await open()];
    one.write('mem tot');
    two.write('swap total=1i 1\nswap to');
    await whenWaiting();
    expect((await collectAll()).names).toEqual(['swap']);
    one.end('al=1i 1\n');
    await whenWaiting();
    two.destroy();
    expect((await collectAll()).names).toEqual(['mem']);
  });

  it('lets senders wait while there is no room, and loses nothing', async () => {
    await startWith(unix);
    const socket = await open();
    const count = 5 * MAX_WAITING_SAMPLES;
    let isSent = false;
    socket.write(lines(count), () => (isSent = true));
    await expect.poll(() => intake.pushed.hasRoomFor(1, 1)).toBe(false);
    let taken = (await collectAll()).names.length;
    expect(taken).toBeLessThan(2 * MAX_WAITING_SAMPLES);
    expect(isSent).toBe(false);
    await expect
      .poll(async () => (taken += (await collectAll()).names.length), { timeout: 5_000, interval: 5 })
      .toBe(count);
  });

  it('may be used by the owner and its group, and is gone afterwards', async () => {
    await startWith(unix);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    await collector.close();
    expect(existsSync(path)).toBe(false);
  });

  it('takes the place of a socket that a power cut left behind', async () => {
    // A server whose file is not removed: its process is gone, its socket is not.
    const { spawnSync } = await import('node:child_process');
    const leave = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', leave]);
    expect(existsSync(path)).toBe(true);
    await startWith(unix);
    await open();
  });

  it('does not take the place of one that is in use, or of a file', async () => {
    const other = createServer().listen(path);
    await once(other, 'listening');
    collector = createTelegrafCollector([unix], intake, { clock, log: silentLogger });
    await expect(collector.collect(signal)).rejects.toThrow(/^telegraf: unix .*EADDRINUSE/);
    other.close();
    await once(other, 'close');
    writeFileSync(path, 'precious');
    await expect(collector.collect(signal)).rejects.toThrow(/EADDRINUSE/);
    rmSync(path);
    await collector.collect(signal);
  });
});

describe('the collector', () => {
  it('listens from the first run on, also when one input cannot be opened', async () => {
    const blocker = createServer().listen(0, address);
    await once(blocker, 'listening');
    const taken = blocker.address();
    const port = typeof taken === 'object' && taken !== null ? taken.port : 0;
    const config = telegrafKind.configSchema.parse({
      http: { port },
      unix: { path: join(directory, 'telegraf.sock') },
    });
    collector = telegrafKind.create(config, { clock, log: silentLogger, commonTags: {} });
    expect(existsSync(join(directory, 'telegraf.sock'))).toBe(false);
    expect((await collectAll()).errors).toEqual([
      expect.stringContaining(
        `telegraf: http 127.0.0.1 port ${port}: another program or collector has this port (as root, "ss -ltnp`,
      ),
    ]);
    expect(existsSync(join(directory, 'telegraf.sock'))).toBe(true);
    blocker.close();
    await once(blocker, 'close');
    expect((await collectAll()).errors).toEqual([]);
  });

  it.each([
    [{}, 'expected http, udp, unix or mqtt'],
    [{ http: { address: '0.0.0.0', port: 8186 } }, 'Invalid option: expected one of "127.0.0.1"|"::1"'],
    [{ unix: { path: 'telegraf.sock' } }, 'expected an absolute path'],
  ])('refuses the configuration %j', async (config, problem) => {
    collector = createTelegrafCollector([], intake, { clock, log: silentLogger });
    const result = telegrafKind.configSchema.safeParse(config);
    expect(result.error?.issues.map(({ message }) => message)).toEqual([problem]);
  });

  it('tells the most frequent reasons, and bounds how many there are', async () => {
    const udp = new UdpListener({ address, port: 0 }, intake);
    await startWith(udp);
    for (let index = 0; index < 5_000; index++) intake.refusals.add(`reason ${index % 1_000}`);
    intake.refusals.add('reason 7', 100);
    const { errors } = await collectAll();
    expect(errors).toHaveLength(21);
    expect(errors.slice(0, 2)).toEqual([
      'telegraf: 4500 × refused for other reasons',
      'telegraf: 105 × reason 7',
    ]);
    expect((await collectAll()).errors).toEqual([]);
  });
});
