import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { hasOpenssl, TestAuthority } from '../../protocols/tcp-tls/testing/certificates.ts';
import { upsKind } from './ups.ts';

const GOOD: Readonly<Record<string, string>> = {
  STARTTLS: 'ERR FEATURE-NOT-CONFIGURED\n',
  'LIST UPS': 'BEGIN LIST UPS\nUPS a "one"\nEND LIST UPS\n',
  'LIST VAR "a"': 'BEGIN LIST VAR a\nVAR a ups.status "OL"\nEND LIST VAR a\n',
  LOGOUT: 'OK Goodbye\n',
};

let servers: Server[] = [];
let sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  servers = [];
  sockets = [];
});

/** A server that gives each command its answer, or does as it likes with the socket. */
async function serve(
  answers: Readonly<Record<string, string | ((socket: Socket) => void)>>,
): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const speak = (socket: Socket): void => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const command of data.toString().split('\n').slice(0, -1)) {
        heard.push(command);
        const answer = answers[command] ?? 'ERR UNKNOWN-COMMAND\n';
        if (typeof answer === 'string') socket.write(answer);
        else answer(socket);
      }
    });
  };
  const server = createServer(speak).listen(0, '127.0.0.1');
  servers.push(server);
  server.on('secure', speak);
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, heard };
}

async function collect(servers: readonly object[], more: object = {}) {
  const config = upsKind.configSchema.parse({ servers, deadlineMs: 1_000, ...more });
  const collector = upsKind.create(config, { clock: systemClock, log: silentLogger, commonTags: {} });
  try {
    const { samples, errors } = await collector.collect(new AbortController().signal);
    return {
      devices: samples.map(({ tags }) => tags['device']),
      errors: errors.map(({ message }) => message),
    };
  } catch (error) {
    return { devices: [], errors: [(error as Error).message] };
  }
}
const at = (port: number, more: object = {}) => ({ address: '127.0.0.1', port, ...more });
const withList = (list: string | ((socket: Socket) => void)) => ({ ...GOOD, 'LIST VAR "a"': list });

describe('a NUT server that sends invalid answers', () => {
  it.each<[string, Record<string, string | ((socket: Socket) => void)>, RegExp]>([
    ['nothing', { STARTTLS: () => undefined }, /^ups server .*: not done within 1000 ms$/],
    ['another protocol', { STARTTLS: 'HTTP/1.1 400 Bad Request\r\n' }, /: answered STARTTLS with "HTTP/],
    ['bytes', withList('\0\xff\xfe"\n'), /: answered LIST VAR a with .*; not read: a$/],
    [
      'an endless line',
      withList((socket) => socket.write('x'.repeat(100_000))),
      /a line of more than 4096 bytes/,
    ],
    [
      'an endless list',
      withList(`BEGIN LIST VAR a\n${'VAR a b "c"\n'.repeat(2_000)}`),
      /a list of more than 1024 lines; not read: a$/,
    ],
    [
      'half a line',
      withList((socket) => socket.end('BEGIN LIST V')),
      /closed in the middle .*; not read: a$/,
    ],
    [
      'a list that stops',
      withList('BEGIN LIST VAR a\nVAR a ups.status "OL"\n'),
      /not done within 1000 ms; not read: a$/,
    ],
    ['a reset', withList((socket) => void socket.resetAndDestroy()), /connection reset; not read: a$/],
    ['an error without a name', withList('ERR\n'), /^ups a@.*: an error without a name$/],
    [
      'names that are none',
      { ...GOOD, 'LIST UPS': 'BEGIN LIST UPS\nUPS "../x" y\nEND LIST UPS\n' },
      /a UPS without a proper name: "\.\.\/x"$/,
    ],
    ['no UPS', { ...GOOD, 'LIST UPS': 'BEGIN LIST UPS\nEND LIST UPS\n' }, /: has no UPS$/],
    [
      'nothing of the UPS',
      withList('BEGIN LIST VAR a\nEND LIST VAR a\n'),
      /^ups a@.*: the server has no variables of it$/,
    ],
  ])('%s: it is told, and others are unharmed', async (_what, answers, message) => {
    const { port } = await serve(answers);
    const good = await serve(GOOD);
    const { devices, errors } = await collect([
      at(port),
      at(good.port, { upses: [{ name: 'a', device: 'good' }] }),
    ]);
    expect(devices).toEqual(['good', 'good']);
    expect(errors).toEqual([expect.stringMatching(message)]);
  });

  it('one bad line is refused alone', async () => {
    const { port } = await serve(
      withList(
        'BEGIN LIST VAR a\nVAR a x "never closed\nVAR a ups.status "OB"\nVAR b y "z"\nEND LIST VAR a\n',
      ),
    );
    const { devices, errors } = await collect([at(port)]);
    expect(devices).toHaveLength(2);
    expect(errors).toEqual([`ups a@127.0.0.1:${port}: invalid line: "VAR a x \\"never closed" (and 1 more)`]);
  });

  it('drips a byte at a time for ever: the deadline ends it', async () => {
    const timers: NodeJS.Timeout[] = [];
    const { port } = await serve(
      withList((socket) => void timers.push(setInterval(() => socket.write('V'), 20))),
    );
    const { errors } = await collect([at(port)]);
    for (const timer of timers) clearInterval(timer);
    expect(errors).toEqual([`ups server 127.0.0.1:${port}: not done within 1000 ms; not read: a`]);
  });

  it('keeps what was read before the connection broke, and names what was not', async () => {
    const { port } = await serve({ ...GOOD, 'LIST VAR "b"': (socket) => socket.destroy() });
    const upses = ['a', 'b', 'c'].map((name) => ({ name, device: name }));
    const { devices, errors } = await collect([at(port, { upses })]);
    expect(devices).toEqual(['a', 'a']);
    expect(errors).toEqual([expect.stringMatching(/; not read: b, c$/)]);
  });
});

describe.skipIf(!hasOpenssl)('TLS and passwords', () => {
  const authority = new TestAuthority();
  afterAll(() => authority.remove());

  const secure = (names: string) => {
    const { key, cert } = authority.issue(names);
    return (socket: Socket): void => {
      const [server] = servers;
      socket.removeAllListeners('data');
      socket.write('OK STARTTLS\n');
      server?.emit('secure', new TLSSocket(socket, { isServer: true, key, cert }));
    };
  };
  const login = { username: 'reader', password: { value: 'secret' } };
  const answers = { ...GOOD, 'USERNAME "reader"': 'OK\n', 'PASSWORD "secret"': 'OK\n' };

  it('are used where they are offered', async () => {
    const { port, heard } = await serve({ ...answers, STARTTLS: secure('IP:127.0.0.1') });
    const { devices, errors } = await collect([at(port, { login })], { caFile: authority.caFile });
    expect({ devices, errors }).toEqual({ devices: ['a@127.0.0.1', 'a@127.0.0.1'], errors: [] });
    expect(heard.slice(0, 3)).toEqual(['STARTTLS', 'USERNAME "reader"', 'PASSWORD "secret"']);
  });

  it('a certificate that is not trusted ends it before a word is said', async () => {
    const { port, heard } = await serve({ ...answers, STARTTLS: secure('IP:127.0.0.1') });
    // Many times: ending a connection inside its handshake has crashed the whole process.
    for (let count = 0; count < 30; count++) {
      const { errors } = await collect([at(port, { login })]);
      expect(errors).toEqual([expect.stringMatching(/: certificate: /)]);
    }
    expect(new Set(heard)).toEqual(new Set(['STARTTLS']));
  });

  it('needed, and not there: nothing is read', async () => {
    const { port, heard } = await serve(answers);
    const { errors } = await collect([at(port, { tls: 'needed' })]);
    expect(errors).toEqual([expect.stringMatching(/: no TLS: FEATURE-NOT-CONFIGURED/)]);
    expect(heard).toEqual(['STARTTLS']);
  });

  it('a password is refused by name, and never shown', async () => {
    const { port } = await serve({ ...answers, 'PASSWORD "secret"': 'ERR INVALID-PASSWORD\n' });
    const { errors } = await collect([at(port, { login, tls: 'never' })]);
    expect(errors).toEqual([`ups server 127.0.0.1:${port}: INVALID-PASSWORD, wrong password`]);
  });
});

describe('the configuration', () => {
  it('names all mistakes at once', () => {
    const ups = { name: 'a', device: 'x' };
    const result = upsKind.configSchema.safeParse({
      servers: [
        { address: '-rf', port: 0 },
        { address: 'nut.example', upses: [{ name: 'a b', device: '' }] },
        { address: '10.0.0.1', upses: [ups, ups] },
        { address: '10.0.0.1' },
      ],
    });
    expect(result.error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'servers.0.address',
      'servers.0.port',
      'servers.1.upses.0.name',
      'servers.1.upses.0.device',
      'servers.2.upses.1.name',
      'servers.2.upses.1.device',
      'servers.3.address',
    ]);
  });
});
