import { fileURLToPath } from 'node:url';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, tcpServer } from '../../protocols/testing/servers.ts';
import { bodyText } from './body-text.ts';
import { repairHead } from './repair-head.ts';
import { tryCheck } from './testing/try-check.ts';

afterEach(closeServers);

/** What a check says of a server that sends these bytes, in one piece or byte by byte. */
async function answerTo(bytes: Buffer | string, check: object = {}, pieces = false) {
  const port = await tcpServer((socket) => {
    const answer = Buffer.from(bytes as string, 'latin1');
    socket.once('data', () => {
      if (pieces) for (const byte of answer) socket.write(Buffer.from([byte]));
      else socket.write(answer);
      socket.end();
    });
  });
  return (await tryCheck({ type: 'http', url: `http://127.0.0.1:${port}/`, ...check })).service;
}

const OK = 'HTTP/1.1 200 OK\r\n';

describe('an answer that browsers take', () => {
  it.each([
    ['lines that end in LF alone', 'HTTP/1.1 200 OK\nServer: box\nContent-Length: 5\n\nhello'],
    ['lines that end in LF alone', `${OK}Server: box\nContent-Length: 5\r\n\r\nhello`],
    ['lines that end in CR CR LF', `${OK}Server: box\r\r\nContent-Length: 5\r\n\r\nhello`],
    [
      'Content-Length beside Transfer-Encoding',
      `${OK}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ],
    [
      'Transfer-Encoding twice',
      `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ],
    ['Content-Length twice', `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
    ['a space before a colon', `${OK}Server : box\r\nContent-Length: 5\r\n\r\nhello`],
    ['a line that is no header', `${OK}what is this\r\nContent-Length: 5\r\n\r\nhello`],
    ['a header over several lines', `${OK}Server: a\r\n  box\r\nContent-Length: 5\r\n\r\nhello`],
    ['control characters in a header', `${OK}Server: a\x01b\r\nContent-Length: 5\r\n\r\nhello`],
    ['a protocol name in small letters', 'http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
    [undefined, `HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`],
    [undefined, `${OK}Content-Security-Policy: ${'a'.repeat(200_000)}\r\nContent-Length: 5\r\n\r\nhello`],
    [undefined, `${OK}Connection: close\r\nContent-Length: 5\r\n\r\nhello, and more than was announced`],
    [undefined, `${OK}Transfer-Encoding: chunked\r\n\r\n5  \r\nhello\r\n0\r\n\r\n`],
    [undefined, 'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello'],
    [undefined, 'HTTP/1.0 200 OK\r\n\r\nhello'],
    [undefined, `${OK}\r\nhello`],
  ])('with %s is up', async (oddity, answer) => {
    const service = await answerTo(answer, { bodyContains: 'hello' });
    expect(service).toMatchObject({ up: true, status_code: 200 });
    expect(service['oddity']).toBe(oddity);
  });

  it('is understood in pieces of one byte', async () => {
    const answer = 'HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 5\n\nhello';
    expect(await answerTo(answer, { bodyContains: 'hello' }, true)).toMatchObject({ up: true });
  });

  it('is up without a body where there is none', async () => {
    const answer = `${OK}Content-Length: 500\n\n`;
    expect(await answerTo(answer, { method: 'HEAD' })).toMatchObject({ up: true });
  });

  it.each([
    ['UTF-16, as announced', 'text/html; charset=utf-16', Buffer.from('Đăng nhập', 'utf16le')],
    ['UTF-16, by its mark', 'text/html', Buffer.from('\ufeffĐăng nhập', 'utf16le')],
    [
      'windows-1258, in its meta',
      '',
      Buffer.from('<meta charset="windows-1258"><p>\xd0\xe3ng nh\xe2\xf2p', 'latin1'),
    ],
    ['a charset that nobody knows', 'text/html; charset=klingon', Buffer.from('Đăng nhập')],
  ])('in %s is searched', (_what, type, body) => {
    expect(bodyText(body, type).normalize('NFC')).toContain('Đăng nhập');
  });
});

describe('an answer that nobody takes', () => {
  it.each([
    [`${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, 'the answer is not HTTP'],
    [`${OK}Content-Length: 9\r\n\r\nhello`, 'the answer broke off after 5 of 9 bytes'],
    [
      `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
      'the answer broke off after 5 bytes, before its last chunk',
    ],
    ['HTTP/1.1 2x0 OK\r\n\r\n', 'the answer is not HTTP'],
    ['\n\n\n\n\n\n\n\n', 'closed without an answer'],
    [`${OK}${'\r'.repeat(300_000)}`, 'headers are too large'],
  ])('(%j) is named', async (answer, problem) => {
    expect(await answerTo(answer)).toMatchObject({ up: false, problem });
  });

  it('of any kind is no crash, and becomes a head of plain lines', () => {
    const letters = [
      'HTTP/1.1 200 OK',
      ':',
      '\r',
      '\n',
      ' ',
      'Content-Length',
      '5',
      ',',
      '\x00',
      'é',
      'chunked',
    ];
    let state = 1;
    const pick = (): string => letters[(state = (state * 48_271) % 2_147_483_647) % letters.length] ?? '';
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: 40 }, pick).join('');
      const [, ...lines] = repairHead(text).head.split('\r\n');
      expect(lines.splice(-2)).toEqual(['', '']);
      for (const line of lines) expect(line).toMatch(/^[\w-]+: [^\r\n\0]*$/);
    }
  });
});

const REPORTS = fileURLToPath(new URL('../../../../shared/data/reports/http', import.meta.url));
describe.skipIf(!existsSync(REPORTS))('answers of real servers (need ../shared/data/reports/http)', () => {
  const of = (name: string) => readFileSync(join(REPORTS, `${name}.http`));

  it.each([
    'lf-only',
    'lf-after-one-header',
    'chunked-and-length',
    'headers-20k',
    'early-hints',
    'no-reason',
    'http10-no-length',
    'chunked-twice',
  ])('%s: up, with its text', async (name) => {
    expect(await answerTo(of(name), { bodyContains: 'hello' })).toMatchObject({ up: true });
  });

  it.each(['gzip-not-asked-for', 'utf16-body'])('%s: its text is read', async (name) => {
    expect(await answerTo(of(name), { bodyContains: 'hello' })).toMatchObject({ up: true });
  });

  it.each([
    ['chunked-without-end', 'the answer broke off after 5 bytes, before its last chunk'],
    ['shorter-than-announced', 'the answer broke off after 5 of 9 bytes'],
  ])('%s: the reason is named', async (name, problem) => {
    expect(await answerTo(of(name))).toMatchObject({ up: false, problem });
  });
});
