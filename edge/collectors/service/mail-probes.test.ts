import type { Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl, TestAuthority, type Identity } from '../../protocols/tcp-tls/testing/certificates.ts';
import { trustOnly } from '../../protocols/tcp-tls/trust.ts';
import { closeServers, lineServer, listen, talk, tcpServer } from '../../protocols/testing/servers.ts';
import { tryCheck } from './testing/try-check.ts';

afterEach(closeServers);

const smtp = (port: number, more: object = {}) =>
  tryCheck({ type: 'smtp', host: 'mail.example.vn', port, ...more }, { deadlineMs: 500 });
const imap = (port: number, more: object = {}) =>
  tryCheck({ type: 'imap', host: 'mail.example.vn', port, security: 'none', ...more }, { deadlineMs: 500 });

const GREETING = '220 mail.example.vn ESMTP\r\n';
function smtpAnswer(line: string): string | undefined {
  if (line.startsWith('EHLO')) return '250-mail.example.vn\r\n250-SIZE 1000\r\n250 STARTTLS\r\n';
  return line === 'STARTTLS' ? '220 go ahead\r\n' : '221 bye\r\n';
}
function imapAnswer(line: string): string {
  const [tag = '', command = ''] = line.split(' ');
  if (command === 'LOGOUT') return `* BYE see you\r\n${tag} OK done\r\n`;
  return command === 'STARTTLS' ? `${tag} OK begin\r\n` : `${tag} BAD what\r\n`;
}

describe('a mail server that takes mail', () => {
  it('is up when it greets and answers EHLO', async () => {
    const lines: string[] = [];
    const port = await lineServer(GREETING, (line) => {
      lines.push(line);
      return smtpAnswer(line);
    });
    const { service } = await smtp(port);
    expect(service).toMatchObject({ up: true, status_code: 220 });
    expect(Number(service['response_ms'])).toBeGreaterThanOrEqual(Number(service['first_byte_ms']));
    expect(lines[0]).toBe('EHLO [127.0.0.1]');
  });

  it('may greet in many lines, and drop each byte one by one', async () => {
    const port = await tcpServer((socket) => {
      talk(socket, '', smtpAnswer);
      const bytes = [...Buffer.from(`220-mail.example.vn\n220-no spam\n${GREETING}`)];
      const next = (): void => {
        const byte = bytes.shift();
        if (byte !== undefined) socket.write(Buffer.of(byte), () => setImmediate(next));
      };
      next();
    });
    expect((await smtp(port)).service).toMatchObject({ up: true });
  });

  it.each([
    [
      'a refusal',
      '554 no service here\r\n',
      'answered the greeting with "554 no service here", expected 220',
    ],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'the reply is not SMTP: "SSH-2.0-OpenSSH_9.2"'],
    ['an endless line', 'x'.repeat(100_000), 'sent a line of more than 4096 bytes'],
    ['a line that is too long', `220 ${'x'.repeat(5_000)}\r\n`, 'sent a line of more than 4096 bytes'],
    ['an endless reply', '220-more\r\n'.repeat(1_000), 'sent a reply of more than 100 lines'],
    ['half a line', '220 mail', 'no answer within 500 ms, while waiting for the greeting of smtp://mail.ex'],
    ['silence', '', 'no answer within 500 ms, while waiting for the greeting of smtp://mail.example.vn'],
  ])('is down after %s', async (_what, greeting, problem) => {
    const port = await lineServer(greeting, smtpAnswer);
    const { service } = await smtp(port);
    expect(service).toMatchObject({ up: false });
    expect(service['problem']).toContain(problem);
    expect(service).not.toHaveProperty('response_ms');
  });

  it('is down when it hangs up', async () => {
    const port = await tcpServer((socket) => socket.end('220'));
    expect((await smtp(port)).service['problem']).toBe('closed in the middle of the dialogue');
  });

  it('is down when it does not offer the TLS that is wanted', async () => {
    const port = await lineServer(GREETING, () => '250 mail.example.vn\r\n');
    expect((await smtp(port, { security: 'starttls' })).service['problem']).toBe('does not offer STARTTLS');
  });
});

describe('a mail server that mail is read from', () => {
  it.each(['* OK IMAP4rev1 ready\r\n', '* PREAUTH welcome\r\n'])('is up after %j', async (greeting) => {
    const port = await lineServer(greeting, imapAnswer);
    expect((await imap(port)).service).toMatchObject({ up: true });
  });

  it.each([
    ['* BYE too many connections\r\n', 'refused the connection: "* BYE too many connections"'],
    ['220 smtp.example.vn\r\n', 'the greeting is not IMAP: "220 smtp.example.vn"'],
  ])('is down after %j', async (greeting, problem) => {
    const port = await lineServer(greeting, imapAnswer);
    expect((await imap(port)).service).toMatchObject({ up: false, problem });
  });

  it.each([
    ['a2 NO\r\n', 'answered LOGOUT with "a2 NO"'],
    ['* x\r\n'.repeat(500), 'did not answer LOGOUT within 100 lines'],
  ])('is down when it says goodbye with %j', async (reply, problem) => {
    const port = await lineServer('* OK\r\n', () => reply);
    expect((await imap(port)).service).toMatchObject({ up: false, problem });
  });
});

describe.skipIf(!hasOpenssl)('TLS for mail [needs openssl]', () => {
  let authority: TestAuthority;
  let identity: Identity;
  beforeAll(() => {
    authority = new TestAuthority();
    identity = authority.issue('DNS:mail.example.vn');
  });
  afterAll(() => authority.remove());
  const trusting = () => ({ trust: trustOnly([authority.caCert]) });

  /** Turns the connection to TLS and goes on talking. */
  const secure = (socket: Socket, answer: (line: string) => string | undefined): void => {
    socket.removeAllListeners('data');
    talk(new TLSSocket(socket, { isServer: true, ...identity }), '', answer);
  };

  it.each([
    ['smtp', GREETING, smtpAnswer],
    ['imap', '* OK\r\n', imapAnswer],
  ])('begins on the way where %s is asked for it', async (type, greeting, answer) => {
    const port = await lineServer(greeting, (line, socket) => {
      if (line.endsWith('STARTTLS')) setImmediate(() => secure(socket, answer));
      return answer(line);
    });
    const check = { type, host: 'mail.example.vn', port, security: 'starttls' };
    const { service, certificates } = await tryCheck(check, trusting());
    expect(service).toMatchObject({ up: true });
    expect(Number(service['tls_ms'])).toBeGreaterThan(0);
    expect(certificates[0]?.tags).toMatchObject({
      source: `${type}://mail.example.vn:${port}`,
      type: 'leaf',
    });
    expect(certificates[0]?.fields).toMatchObject({ verification_code: 0, name_match: true });
  });

  it.each([
    ['smtp', GREETING, smtpAnswer],
    ['imap', '* OK\r\n', imapAnswer],
  ])('may stand from the start in %s', async (type, greeting, answer) => {
    const port = await listen(createTlsServer(identity, (socket) => talk(socket, greeting, answer)));
    const check = { type, host: 'mail.example.vn', port, security: 'tls' };
    expect((await tryCheck(check, trusting())).service).toMatchObject({ up: true });
    const stranger = await tryCheck(check);
    expect(stranger.service).toMatchObject({
      up: false,
      problem: 'certificate: signed by an unknown authority',
    });
  });

  it('is refused when the server sent more plain text after agreeing to it', async () => {
    const port = await lineServer(GREETING, (line) =>
      line === 'STARTTLS' ? '220 go ahead\r\n250 injected\r\n' : smtpAnswer(line),
    );
    const check = { type: 'smtp', host: 'mail.example.vn', port, security: 'starttls' };
    const { service } = await tryCheck(check, trusting());
    expect(service['problem']).toBe('sent more plain text after agreeing to TLS');
  });

  it('is measured on any TLS port by a check of type tcp', async () => {
    const port = await listen(
      createTlsServer(identity, (socket) => void socket.on('error', () => undefined)),
    );
    const check = { type: 'tcp', host: 'mail.example.vn', port, tls: true };
    const { service, certificates } = await tryCheck(check, trusting());
    expect(service).toMatchObject({ up: true });
    expect(certificates[0]?.tags).toMatchObject({ source: `tls://mail.example.vn:${port}` });
  });
});

describe('a port', () => {
  it('is up when it takes connections', async () => {
    const port = await tcpServer(() => undefined);
    const { service } = await tryCheck({ type: 'tcp', host: '127.0.0.1', port });
    expect(service).toMatchObject({ up: true });
    expect(service).toHaveProperty('connect_ms');
  });

  it('is down when it does not', async () => {
    const port = await tcpServer(() => undefined);
    closeServers();
    const { service } = await tryCheck({ type: 'tcp', host: '127.0.0.1', port });
    expect(service).toEqual({ up: false, problem: 'connection refused' });
  });
});
