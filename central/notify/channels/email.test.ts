import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseRange } from '../../../runtime/ip-range.ts';
import { selfSigned } from '../../config/testing/self-signed.ts';
import type { Message } from '../message/message.ts';
import { MailServer, ScriptedMailServer, smtpError } from '../testing/mail-server.ts';
import { alertOf, AT_MS, messageOf } from '../testing/messages.ts';
import type { Channel, Outcome } from './channel.ts';
import { emailKind } from './email.ts';

const { signal } = new AbortController();
const LOOPBACK = [parseRange('127.0.0.0/8')].filter((range) => range !== undefined);
const IDENTITY = selfSigned('localhost');
const LOGIN = { user: 'ward', password: { env: 'PASSWORD' } };

let directory: string;
let caFile: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-email-'));
  caFile = join(directory, 'ca.pem');
  writeFileSync(caFile, IDENTITY.cert);
});
afterAll(() => rmSync(directory, { recursive: true }));

const started: { stop(): Promise<void> }[] = [];
async function running<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  started.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

function channel(settings: object, allowTargets = LOOPBACK): Channel {
  const content = {
    kind: 'email',
    host: '127.0.0.1',
    tls: 'none',
    from: 'wardwatch@example.vn',
    to: ['noc@example.vn', 'it@example.vn'],
    timeout: '5s',
    ...settings,
  };
  const env = { PASSWORD: 'hunter2' };
  const context = { id: 'mail', env, timeZone: 'UTC', allowTargets, allowPrograms: [] };
  return emailKind.read('mail.yaml', content, context);
}

function send(to: Channel, message: Message = messageOf(alertOf('begin')), nowMs = AT_MS): Promise<Outcome> {
  return to.send(message, { nowMs, signal });
}

/** Unfolded, with encoded words (RFC 2047) decoded. */
function headersOf(content: string): Readonly<Record<string, string>> {
  const head = content.slice(0, content.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  return Object.fromEntries(
    head.split('\r\n').map((line) => {
      const at = line.indexOf(': ');
      return [line.slice(0, at).toLowerCase(), decodedWords(line.slice(at + 2))];
    }),
  );
}

function decodedWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_all, encoding: string, word: string) =>
      encoding.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('utf8')
        : fromQuotedPrintable(word.replaceAll('_', ' ')),
    );
}

function fromQuotedPrintable(text: string): string {
  const bytes = text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_all, hex: string) => {
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function bodyOf(content: string): string {
  return fromQuotedPrintable(content.slice(content.indexOf('\r\n\r\n') + 4));
}

describe('an e-mail', () => {
  it('goes to all recipients at once, in plain text and Vietnamese', async () => {
    const server = await running(MailServer.start());
    const outcome = await send(channel({ port: server.port, language: 'vi' }));
    expect(outcome).toEqual({ kind: 'delivered', answer: '250 queued as 4711' });
    const [mail] = server.received;
    expect(mail).toMatchObject({ from: 'wardwatch@example.vn', to: ['noc@example.vn', 'it@example.vn'] });
    const title =
      '[NGHIÊM TRỌNG] Có khói trong phòng máy · 26737 Tân Định · site-1 · device sensor-1 · từ 19:10 29/11';
    expect(headersOf(mail?.content ?? '')).toMatchObject({
      from: 'Wardwatch <wardwatch@example.vn>',
      to: 'noc@example.vn, it@example.vn',
      subject: title,
      date: 'Sun, 29 Nov 2026 19:10:00 +0000',
      'message-id': '<n-1@example.vn>',
      'auto-submitted': 'auto-generated',
      'content-type': 'text/plain; charset=utf-8',
    });
    expect(bodyOf(mail?.content ?? '')).toBe(`${title}\r\nGọi cứu hoả (114).\r\n`);
  });

  it('that is sent again is the same, byte for byte', async () => {
    const server = await running(MailServer.start());
    await send(channel({ port: server.port }));
    await send(channel({ port: server.port }), messageOf(alertOf('begin')), AT_MS + 60_000);
    const [first, second] = server.received;
    expect(first?.content).toContain('Message-ID: <n-1@example.vn>');
    expect(second?.content).toBe(first?.content);
  });

  it('of the end of an alert stands under its beginning', async () => {
    const server = await running(MailServer.start());
    const end = { ...messageOf(alertOf('end', { endedAtMs: AT_MS })), key: 'n-3', follows: ['n-1', 'n-2'] };
    await send(channel({ port: server.port }), end);
    expect(headersOf(server.received[0]?.content ?? '')).toMatchObject({
      'message-id': '<n-3@example.vn>',
      'in-reply-to': '<n-2@example.vn>',
      references: '<n-1@example.vn> <n-2@example.vn>',
    });
  });

  it.each([
    ['CR LF in a name', 'x\r\nBcc: thief@example.com\r\n\r\nowned'],
    ['CR LF in an encoded word', '=?utf-8?q?x=0D=0ABcc:_thief@example.com?='],
    ['a line that ends the message', 'x\r\n.\r\nMAIL FROM:<thief@example.com>\r\n'],
    ['lone CR, LF, NUL and line separators', 'a\rb\nc\0d\u2028e\u0085f'],
    ['very long words', 'đ'.repeat(50_000)],
  ])('cannot be given headers or recipients by %s', async (_name, text) => {
    const server = await running(MailServer.start());
    const title = { en: text, vi: text };
    const facts = { title, action: title, site: text, valueText: text, entity: { device: text } };
    const two = messageOf(alertOf('begin', facts), alertOf('begin', { ...facts, id: 'a-2' }));
    for (const message of [messageOf(alertOf('begin', facts)), two]) {
      expect(await send(channel({ port: server.port }), message)).toMatchObject({ kind: 'delivered' });
    }
    expect(server.received).toHaveLength(2);
    for (const { to, content } of server.received) {
      expect(to).toEqual(['noc@example.vn', 'it@example.vn']);
      expect(Object.keys(headersOf(content)).sort()).toEqual([
        ...['auto-submitted', 'content-transfer-encoding', 'content-type', 'date', 'from'],
        ...['message-id', 'mime-version', 'subject', 'to'],
      ]);
      expect(headersOf(content)['subject']?.length).toBeLessThanOrEqual(200);
      // RFC 5322, section 2.1.1.
      expect(Math.max(...content.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
      expect(content).toMatch(/^(?:[\x20-\x7e\t]|\r\n)*$/);
    }
  });
});

describe('TLS', () => {
  it.each([
    ['implicit', { secure: true }],
    ['starttls', {}],
  ])('%s, with login, after the certificate was checked', async (tls, options) => {
    const server = await running(
      MailServer.start({
        ...{ ...IDENTITY, ...options, authOptional: false },
        onAuth: ({ username, password }, _session, done) =>
          password === 'hunter2' ? done(null, { user: username }) : done(smtpError(535, 'wrong password')),
      }),
    );
    const to = { host: 'localhost', port: server.port, tls, caFile, login: LOGIN };
    expect(await send(channel(to))).toMatchObject({ kind: 'delivered' });
    expect(server.received).toMatchObject([{ isSecure: true, user: 'ward' }]);
    const wrong = { ...to, login: { user: 'ward', password: { value: 'guess' } } };
    expect(await send(channel(wrong))).toEqual({
      kind: 'failed',
      answer: 'login refused: 535 wrong password',
    });
    const without: Partial<typeof to> = { ...to };
    delete without.login;
    expect(await send(channel(without))).toMatchObject({
      kind: 'failed',
      answer: expect.stringMatching(/530 .*[Aa]uthentication/) as string,
    });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['implicit', { secure: true }],
    ['starttls', {}],
  ])(
    '%s sends nothing to a server whose certificate is not trusted, or of another name',
    async (tls, options) => {
      const other = await running(MailServer.start({ ...selfSigned('localhost'), ...options }));
      const untrusted = { host: 'localhost', port: other.port, tls, caFile };
      expect(await send(channel(untrusted))).toMatchObject({
        kind: 'failed',
        answer: expect.stringMatching(
          /self-signed certificate|certificate signature failure|unable to verify/,
        ) as string,
      });
      const right = await running(MailServer.start({ ...IDENTITY, ...options }));
      const renamed = { host: '127.0.0.1', port: right.port, tls, caFile };
      expect(await send(channel(renamed))).toMatchObject({
        kind: 'failed',
        answer: expect.stringMatching(/does not match certificate|not in the cert/) as string,
      });
      expect([...other.received, ...right.received]).toEqual([]);
    },
  );

  it('that is required and not offered sends neither login nor message', async () => {
    const server = await running(
      ScriptedMailServer.start(
        (socket) => socket.write('220 plain ESMTP\r\n'),
        (line, socket) =>
          socket.write(
            line.startsWith('EHLO') ? '250-plain\r\n250 AUTH PLAIN\r\n' : '502 not implemented\r\n',
          ),
      ),
    );
    const outcome = await send(channel({ port: server.port, tls: 'starttls', login: LOGIN }));
    expect(outcome).toEqual({
      kind: 'failed',
      answer: 'STARTTLS is required, the server said: 502 not implemented',
    });
    expect(server.heard.join('\n')).not.toMatch(/AUTH|MAIL/);
  });
});

describe('a recipient', () => {
  it('that is refused for good is named, the others get it', async () => {
    const server = await running(MailServer.start());
    server.refusal = (recipient) =>
      recipient.startsWith('it@') ? smtpError(550, 'no such user') : undefined;
    expect(await send(channel({ port: server.port }))).toEqual({
      kind: 'delivered',
      answer: '250 queued as 4711; not for it@example.vn: 550 no such user',
    });
    expect(server.received).toMatchObject([{ to: ['noc@example.vn'] }]);
  });

  it('that has to wait gets it later, without a second one for the others', async () => {
    const server = await running(MailServer.start());
    const to = channel({ port: server.port });
    server.refusal = (recipient) => (recipient.startsWith('it@') ? smtpError(450, 'greylisted') : undefined);
    const first = await send(to);
    expect(first).toMatchObject({ kind: 'failed' });
    expect(first.answer).toMatch(/^250 .*; not for it@example\.vn: 450 .*greylisted$/);
    server.refusal = () => undefined;
    expect(await send(to, messageOf(alertOf('begin')), AT_MS + 30_000)).toMatchObject({ kind: 'delivered' });
    expect(server.received.map((mail) => mail.to)).toEqual([['noc@example.vn'], ['it@example.vn']]);
  });

  it('that has to wait for long does not hold up the others', async () => {
    const server = await running(MailServer.start());
    const to = channel({ port: server.port });
    server.refusal = (recipient) =>
      recipient.startsWith('it@') ? smtpError(452, 'mailbox full') : undefined;
    await send(to);
    const late = await send(to, messageOf(alertOf('begin')), AT_MS + 120_000);
    expect(late).toMatchObject({ kind: 'delivered' });
    expect(late.answer).toMatch(/^taken before; not for it@example\.vn: 452 .*mailbox full$/);
    expect(server.received).toHaveLength(1);
  });

  it.each([
    [550, 'refused'],
    [451, 'failed'],
  ])('each refused with %i makes it %s, and the next attempt asks for all', async (code, kind) => {
    const server = await running(MailServer.start());
    const to = channel({ port: server.port });
    server.refusal = () => smtpError(code, 'no');
    const outcome = await send(to);
    expect(outcome).toMatchObject({ kind });
    expect(outcome.answer).toBe(`${code} no`);
    server.refusal = () => undefined;
    expect(await send(to)).toMatchObject({ kind: 'delivered' });
    expect(server.received).toMatchObject([{ to: ['noc@example.vn', 'it@example.vn'] }]);
  });
});

describe('a message', () => {
  it.each([
    [554, 'refused'],
    [451, 'failed'],
  ])('whose content is answered with %i is %s', async (code, kind) => {
    const server = await running(MailServer.start());
    server.dataRefusal = () => smtpError(code, 'not this');
    const outcome = await send(channel({ port: server.port }));
    expect(outcome).toMatchObject({ kind, answer: expect.stringMatching(`^${code} .*not this$`) as string });
  });

  it('larger than the server takes is refused', async () => {
    const server = await running(MailServer.start({ size: 500 }));
    const outcome = await send(channel({ port: server.port }));
    expect(outcome).toEqual({ kind: 'refused', answer: 'Message size larger than allowed 500' });
  });
});

describe('a server that', () => {
  it.each([
    ['greets never', () => undefined, /^no answer within 1000 ms \(waiting for greeting, EHLO\)$/],
    [
      'closes at once',
      (socket) => socket.end(),
      /^Connection closed unexpectedly \(waiting for greeting, EHLO\)$/,
    ],
    ['is busy', (socket) => socket.end('421 try later\r\n'), /421 try later \(waiting for greeting, EHLO\)$/],
    [
      'takes nobody',
      (socket) => socket.end('554 go away\r\n'),
      /554 go away \(waiting for greeting, EHLO\)$/,
    ],
    ['is no mail server', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'), /SSH-2\.0/],
    [
      'talks without end',
      (socket) => {
        const more = (): void => {
          while (!socket.destroyed && socket.write('220-more\r\n'.repeat(1_000)));
        };
        socket.on('drain', more);
        more();
      },
      /^Server response exceeds maximum/,
    ],
    ['shows what a terminal acts on', (socket) => socket.end('554 \u001b[2Jx\r\n'), /554 \\u001b\[2Jx/],
  ] satisfies [string, Parameters<typeof ScriptedMailServer.start>[0], RegExp][])(
    '%s is named with the reason, in time',
    async (_name, greet, answer) => {
      const server = await running(ScriptedMailServer.start(greet));
      const startMs = performance.now();
      const outcome = await send(channel({ port: server.port, timeout: '1s' }));
      expect(outcome).toEqual({ kind: 'failed', answer: expect.stringMatching(answer) as string });
      expect(performance.now() - startMs).toBeLessThan(4_000);
    },
  );

  it.each([
    ['hangs', () => undefined, 'no answer within 1000 ms (sending the message)'],
    ['closes', (socket) => socket.destroy(), 'Connection closed unexpectedly (sending the message)'],
  ] satisfies [string, Parameters<typeof ScriptedMailServer.start>[0], string][])(
    'takes the message and %s has not taken it',
    async (_name, atTheEnd, answer) => {
      const server = await running(
        ScriptedMailServer.start(
          (socket) => socket.write('220 here\r\n'),
          (line, socket) => {
            if (line === '.') atTheEnd(socket);
            else if (line === 'DATA') socket.write('354 go on\r\n');
            else if (/^(EHLO|MAIL|RCPT)/.test(line)) socket.write('250 fine\r\n');
          },
        ),
      );
      expect(await send(channel({ port: server.port, timeout: '1s' }))).toEqual({ kind: 'failed', answer });
      expect(server.heard).toContain('.');
    },
  );

  it('repeats the password is not quoted', async () => {
    const server = await running(
      ScriptedMailServer.start(
        (socket) => socket.write('220 here\r\n'),
        (line, socket) =>
          socket.write(line.startsWith('EHLO') ? '250 AUTH PLAIN\r\n' : `500 what is ${line}\r\n`),
      ),
    );
    const outcome = await send(channel({ port: server.port, login: LOGIN }));
    expect(server.heard.join('\n')).toContain(Buffer.from('\0ward\0hunter2').toString('base64'));
    expect(outcome).toEqual({
      kind: 'failed',
      answer: 'the server repeated the password in its answer, which is not shown',
    });
  });

  it('does not listen is named; central that stops ends the attempt', async () => {
    const gone = await MailServer.start();
    const { port } = gone;
    await gone.stop();
    expect(await send(channel({ port }))).toEqual({ kind: 'failed', answer: 'connection refused' });
    const silent = await running(ScriptedMailServer.start(() => undefined));
    const stopping = new AbortController();
    const sending = channel({ port: silent.port }).send(messageOf(), {
      nowMs: AT_MS,
      signal: stopping.signal,
    });
    stopping.abort(new Error('central stops'));
    expect(await sending).toEqual({ kind: 'failed', answer: 'central stops' });
  });
});

describe('an address', () => {
  it('of this machine is not connected to unless central.yaml allows it, whatever its name', async () => {
    const server = await running(ScriptedMailServer.start((socket) => socket.write('220 here\r\n')));
    for (const tls of ['implicit', 'starttls', 'none']) {
      for (const host of ['127.0.0.1', 'localhost']) {
        const { kind, answer } = await send(channel({ host, port: server.port, tls }, []));
        expect([kind, answer]).toEqual(['failed', expect.stringContaining('notify: { allowTargets:')]);
      }
    }
    expect(server.heard).toEqual([]);
  });

  it('of the Internet gets nothing without TLS, also where it is allowed', async () => {
    const everywhere = ['0.0.0.0/0', '::/0'].map(parseRange).filter((range) => range !== undefined);
    for (const host of ['203.0.113.9', '2001:db8::9']) {
      expect(await send(channel({ host }, everywhere))).toEqual({
        kind: 'failed',
        answer: `${host} is not in a private network: nothing is sent there without TLS`,
      });
    }
  });
});

describe('what is wrong with a file', () => {
  const problems = (settings: object): readonly string[] => {
    try {
      channel(settings);
      return [];
    } catch (error) {
      return (error as { problems: string[] }).problems;
    }
  };

  it('is told at once, without the secret', () => {
    const login = { user: { env: 'NOT_SET' }, password: { env: 'NOT_SET_EITHER' } };
    expect(problems({ caFile: '/none/such', login })).toEqual([
      expect.stringMatching(/^mail\.yaml: caFile: \/none\/such cannot be read/) as string,
      'mail.yaml: login.user: environment variable NOT_SET is not set',
      'mail.yaml: login.password: environment variable NOT_SET_EITHER is not set',
    ]);
    const noPem = join(directory, 'no.pem');
    writeFileSync(noPem, 'hello');
    expect(problems({ caFile: noPem })).toEqual([`mail.yaml: caFile: ${noPem} has no certificate in PEM`]);
  });

  it.each([
    [{ host: 'smtp://mail' }, 'host: '],
    [{ host: '[::1]' }, 'host: '],
    [{ port: 0 }, 'port: '],
    [{ tls: 'opportunistic' }, 'tls: '],
    [{ from: 'noc' }, 'from: '],
    [{ from: 'a@example.vn\r\nBcc: b@example.vn' }, 'from: '],
    [{ to: [] }, 'to: '],
    [{ to: ['a@example.vn, b@example.vn'] }, 'to[0]: '],
    [{ to: ['a@example.vn', 'a@example.vn'] }, 'to: '],
    [{ login: { user: 'a' } }, 'login.password: '],
    [{ login: { user: 'a', password: 'plain' } }, 'login.password: '],
    [{ timeout: '5m' }, 'timeout: '],
  ])('such as %j', (settings, problem) => {
    expect(problems(settings)).toEqual([expect.stringContaining(`mail.yaml: ${problem}`)]);
  });
});
