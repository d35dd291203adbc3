import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { hasOpenssl, TestAuthority } from '../../protocols/tcp-tls/testing/certificates.ts';
import type { Collector } from '../collector.ts';
import { MAX_FRAME_BYTES } from './frame-reader.ts';
import { SyslogIntake } from './intake.ts';
import { MAX_BYTES_A_RUN, SyslogStreamListener } from './stream-listener.ts';
import { createSyslogCollector, secureListener, syslogKind, type SyslogListener } from './syslog.ts';
import { SyslogUdpListener } from './udp-listener.ts';

const anywhere = { address: '127.0.0.1', port: 0 };
const signal = new AbortController().signal;
const LINK_DOWN = '<187>45: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down';
const MALLOC = '<186>46: %SYS-2-MALLOCFAIL: Memory allocation failed';

let clock: ManualClock;
let intake: SyslogIntake;
let collector: Collector | undefined;
let sockets: Socket[];

beforeEach(() => {
  clock = new ManualClock();
  sockets = [];
  const senders = [
    { device: 'sw-1', address: '127.0.0.1' },
    { device: 'sw-2', address: '127.0.0.2' },
  ];
  intake = new SyslogIntake({ senders, leastSeverity: 'warning' }, { clock, commonTags: { host: 'gw-1' } });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await collector?.close();
  collector = undefined;
});

async function startWith(...listeners: readonly SyslogListener[]): Promise<void> {
  collector = createSyslogCollector(listeners, intake, { clock, log: silentLogger });
  expect((await collector.collect(signal)).errors).toEqual([]);
}
/** Runs of the collector until it has these events in all, as `device event × number`. */
async function eventsUntil(wanted: readonly string[]): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  const errors: string[] = [];
  const listed = () => [...counts].map(([name, count]) => `${name} × ${count}`).sort();
  await expect
    .poll(
      async () => {
        const collected = await collector?.collect(signal);
        for (const { measurement, tags, fields } of collected?.samples ?? []) {
          if (measurement !== 'event') continue;
          const name = `${tags['device']} ${tags['event']}`;
          counts.set(name, (counts.get(name) ?? 0) + Number(fields['events']));
        }
        errors.push(...(collected?.errors ?? []).map(({ message }) => message));
        return listed();
      },
      { interval: 5, timeout: 5_000 },
    )
    .toEqual([...wanted].sort());
  return errors;
}
async function open(port: number | undefined, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port: port ?? 0, host: '127.0.0.1', localAddress: from });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Also where it ends with an error. */
const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

it('what is critical is told, whatever its sender and the others sent before', () => {
  const senders = ['sw-1', 'sw-2', 'sw-3', 'sw-4', 'sw-5', 'sw-6', 'sw-7', 'sw-8'].map((device, at) => ({
    device,
    address: `10.26.1.${at + 1}`,
  }));
  intake = new SyslogIntake({ senders, leastSeverity: 'warning' }, { clock, commonTags: {} });
  for (const { device } of senders.slice(0, 6)) {
    for (let at = 0; at < 201; at++) intake.receive(device, Buffer.from('<188>%A-4-B: port flaps'));
  }
  for (const device of ['sw-1', 'sw-8'])
    intake.receive(device, Buffer.from('<184>%PLATFORM-0-OVERTEMP: off'));
  const told = intake.book.take();
  for (const device of ['sw-1', 'sw-8']) {
    const ofDevice = told.filter(({ tags }) => tags['device'] === device);
    expect(ofDevice.map(({ tags }) => tags['event'])).toContain('PLATFORM-0-OVERTEMP');
    expect(ofDevice.at(-1)?.fields).toMatchObject({ critical_5min: 1 });
  }
});

describe('over UDP', () => {
  let udp: SyslogUdpListener;
  beforeEach(async () => {
    udp = new SyslogUdpListener(anywhere, intake);
    await startWith(udp);
  });
  async function send(from: string, ...messages: readonly (string | Buffer)[]): Promise<void> {
    const socket = createSocket('udp4');
    socket.bind(0, from);
    await once(socket, 'listening');
    for (const message of messages) {
      await new Promise((resolve) => socket.send(message, udp.port, '127.0.0.1', resolve));
    }
    socket.close();
  }

  it('a message becomes an event of its device', async () => {
    await send('127.0.0.1', LINK_DOWN, LINK_DOWN);
    await send('127.0.0.2', MALLOC);
    expect(await eventsUntil(['sw-1 LINK-3-UPDOWN × 2', 'sw-2 SYS-2-MALLOCFAIL × 1'])).toEqual([]);
  });

  it('what is mild is not kept, and strangers are told of', async () => {
    await send('127.0.0.3', LINK_DOWN);
    await send('127.0.0.1', '<190>1 - - - - - - nothing new', MALLOC);
    const errors = await eventsUntil(['sw-1 SYS-2-MALLOCFAIL × 1']);
    expect(errors).toEqual(['syslog: 1 × from 127.0.0.3, which is not among the senders']);
  });

  it('rubbish and a flood of one sender are counted, and the other is heard', async () => {
    const rubbish = Array.from({ length: 300 }, (_, at) => Buffer.alloc(at % 60, at));
    await send('127.0.0.1', ...rubbish, Buffer.alloc(60_000, '<'));
    await send('127.0.0.1', ...Array.from({ length: 1_000 }, () => LINK_DOWN));
    let errors: readonly string[] = [];
    await expect
      .poll(
        async () => {
          // The system itself drops datagrams under a flood.
          await send('127.0.0.2', MALLOC);
          const collected = await collector?.collect(signal);
          errors = [...errors, ...(collected?.errors ?? []).map(({ message }) => message)];
          return collected?.samples.some(({ tags }) => tags['event'] === 'SYS-2-MALLOCFAIL');
        },
        { interval: 5 },
      )
      .toBe(true);
    expect(errors.join('\n')).toMatch(
      /syslog: \d+ × sw-1: a message without a priority such as <13> in front/,
    );
    expect(errors.length).toBeLessThan(10);
  });
});

describe('over TCP', () => {
  let tcp: SyslogStreamListener;
  beforeEach(async () => {
    tcp = new SyslogStreamListener('tcp', anywhere, intake);
    await startWith(tcp);
  });

  it('messages come in both framings, over several connections', async () => {
    const [one, two] = [await open(tcp.port), await open(tcp.port, '127.0.0.2')];
    one.write(`${LINK_DOWN.length} ${LINK_DOWN}${LINK_DOWN}\n`);
    two.end(MALLOC);
    await eventsUntil(['sw-1 LINK-3-UPDOWN × 2', 'sw-2 SYS-2-MALLOCFAIL × 1']);
  });

  it('a stranger is sent away', async () => {
    const stranger = await open(tcp.port, '127.0.0.3');
    stranger.resume();
    await closed(stranger);
    const { errors } = (await collector?.collect(signal)) ?? {};
    expect(errors?.map(({ message }) => message)).toEqual([
      'syslog: 1 × from 127.0.0.3, which is not among the senders',
    ]);
  });

  it('a sender that comes again and again has its longest idle connection closed', async () => {
    const oldest = await open(tcp.port);
    oldest.resume();
    const others = [await open(tcp.port), await open(tcp.port), await open(tcp.port), await open(tcp.port)];
    await closed(oldest);
    for (const other of others) other.write(`${LINK_DOWN}\n`);
    const errors = await eventsUntil(['sw-1 LINK-3-UPDOWN × 4']);
    expect(errors).toEqual([
      'syslog: 1 × sw-1: its longest idle connection was closed, because it opened more than 4',
    ]);
  });

  it('each of five hundred senders has a connection', async () => {
    const senders = Array.from({ length: 500 }, (_, at) => ({
      device: `sw-${at + 1}`,
      address: `127.0.${Math.floor(at / 250) + 1}.${(at % 250) + 1}`,
    }));
    const city = new SyslogIntake({ senders, leastSeverity: 'warning' }, { clock, commonTags: {} });
    const listener = new SyslogStreamListener('tcp', anywhere, city);
    await listener.open();
    try {
      const all = await Promise.all(senders.map(({ address }) => open(listener.port, address)));
      for (const socket of all) socket.write(`${LINK_DOWN}\n`);
      const heard = new Set<string | undefined>();
      await expect
        .poll(
          () => {
            for (const { measurement, tags } of city.book.take())
              if (measurement === 'event') heard.add(tags['device']);
            return heard.size;
          },
          { interval: 5, timeout: 5_000 },
        )
        .toBe(500);
      expect(city.refusals.takeMostFrequent(5)).toEqual([]);
    } finally {
      await listener.close();
    }
  });

  it('rubbish ends its own connection only', async () => {
    const [bad, good] = [await open(tcp.port), await open(tcp.port)];
    bad.write('99999999999999 ');
    bad.resume();
    await closed(bad);
    good.write(`${LINK_DOWN}\n`);
    const errors = await eventsUntil(['sw-1 LINK-3-UPDOWN × 1']);
    expect(errors).toEqual([
      'syslog: 1 × sw-1: connection closed: neither a length nor a priority where a message should begin',
    ]);
  });

  it('a flood waits for the next run, and the others do not', async () => {
    const [flood, good] = [await open(tcp.port), await open(tcp.port, '127.0.0.2')];
    const chunk = Buffer.from(`<190>${'x'.repeat(MAX_FRAME_BYTES / 2)}\n`.repeat(4));
    let sentBytes = 0;
    const total = 8 * MAX_BYTES_A_RUN;
    for (let bytes = 0; bytes < total; bytes += chunk.length) {
      flood.write(chunk, () => (sentBytes += chunk.length));
    }
    good.write(`${MALLOC}\n`);
    await eventsUntil(['sw-2 SYS-2-MALLOCFAIL × 1']);
    // Each run lets a part of it in, until all is read.
    await expect
      .poll(
        async () => {
          await collector?.collect(signal);
          return sentBytes >= total;
        },
        { interval: 5, timeout: 5_000 },
      )
      .toBe(true);
  });
});

describe.skipIf(!hasOpenssl)('over TLS', () => {
  let directory: string;
  let authority: TestAuthority;
  let tls: SyslogStreamListener;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-syslog-'));
    authority = new TestAuthority();
    const { cert, key } = authority.issue('DNS:gw-1');
    const certFile = join(directory, 'gw.crt');
    const keyFile = join(directory, 'gw.key');
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    tls = secureListener({ ...anywhere, certFile, keyFile, caFile: authority.caFile }, intake, clock);
    await startWith(tls);
  });
  afterEach(() => {
    authority.remove();
    rmSync(directory, { recursive: true });
  });

  it('a sender with a certificate of the authority is heard', async () => {
    const client = connectTls({
      port: tls.port,
      host: '127.0.0.1',
      ca: authority.caCert,
      ...authority.issue('DNS:sw-1'),
      checkServerIdentity: () => undefined,
    });
    sockets.push(client);
    await once(client, 'secureConnect');
    client.write(`${LINK_DOWN.length} ${LINK_DOWN}`);
    await eventsUntil(['sw-1 LINK-3-UPDOWN × 1']);
  });

  it('a sender without one, or without TLS, is not, and its trouble is told', async () => {
    const client = connectTls({ port: tls.port, host: '127.0.0.1', rejectUnauthorized: false });
    sockets.push(client);
    client.on('error', () => undefined);
    client.on('secureConnect', () => client.write(`${LINK_DOWN}\n`));
    client.resume();
    await closed(client);
    const plain = await open(tls.port);
    plain.resume();
    plain.write(`${LINK_DOWN}\n${'\0'.repeat(1_000)}`);
    await closed(plain);
    const { samples = [], errors = [] } = (await collector?.collect(signal)) ?? {};
    expect(samples.filter(({ measurement }) => measurement === 'event')).toEqual([]);
    const texts = errors.map(({ message }) => message);
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(text).toMatch(/^syslog: 1 × tls: handshake failed: /);
  });
});

describe('the configuration', () => {
  const senders = [{ device: 'sw-1', address: '10.26.1.1' }];
  it('listens everywhere at the usual ports, and keeps warnings and what is graver', () => {
    const tls = { certFile: '/c', keyFile: '/k' };
    expect(syslogKind.configSchema.parse({ udp: {}, tcp: {}, tls, senders })).toEqual({
      udp: { address: '0.0.0.0', port: 514 },
      tcp: { address: '0.0.0.0', port: 514 },
      tls: { address: '0.0.0.0', port: 6_514, ...tls },
      senders,
      leastSeverity: 'warning',
    });
  });

  it.each([
    [{ senders }, 'expected udp, tcp or tls'],
    [{ udp: {}, senders: [] }, 'expected at least one sender'],
    [
      { udp: {}, senders: [{ device: 'sw-1', address: 'sw-1.example' }] },
      'expected an IP address, because messages carry no name that can be checked',
    ],
    [
      { udp: {}, senders: [...senders, { device: 'sw-1', address: '10.26.1.2' }] },
      'expected a name of its own',
    ],
    [
      { udp: {}, senders: [...senders, { device: 'sw-2', address: '::ffff:10.26.1.1' }] },
      'expected an address of its own',
    ],
  ])('%j is refused: %s', (config, problem) => {
    const { error } = syslogKind.configSchema.safeParse(config);
    expect(error?.issues.map(({ message }) => message)).toEqual([problem]);
  });
});

it('a trial waits for a message, and says when none came', async () => {
  const udp = new SyslogUdpListener(anywhere, intake);
  collector = createSyslogCollector([udp], intake, { clock, log: silentLogger, isTrial: true });
  const end = new AbortController();
  const collected = collector.collect(end.signal);
  await expect.poll(() => udp.port).toBeDefined();
  end.abort();
  expect((await collected).errors.map(({ message }) => message)).toEqual(['syslog: nothing came within 0 s']);
});
