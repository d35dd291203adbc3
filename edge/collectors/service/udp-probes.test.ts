import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { clockOffsetMs, ntpQuestion, parseNtpAnswer } from './ntp-packet.ts';
import { finalStatus, optionsRequest } from './sip-message.ts';
import { dnsServer } from '../../protocols/dns/testing/dns-server.ts';
import { closeServers, udpServer } from '../../protocols/testing/servers.ts';
import { tryCheck } from './testing/try-check.ts';

afterEach(closeServers);

const quick = { deadlineMs: 300 };
const RUBBISH = [
  Buffer.alloc(0),
  Buffer.from('hello'),
  Buffer.alloc(60_000, 0xff),
  Buffer.from('SIP/2.0 999\r\n'),
];

describe('a name server', () => {
  const ask = (port: number, more: object = {}) =>
    tryCheck(
      { type: 'dns', server: '127.0.0.1', port, domain: 'dvc.example.vn', ...more },
      { deadlineMs: 4_000 },
    );

  it('is up when it has the record', async () => {
    const asked: object[] = [];
    const port = await dnsServer((question) => {
      asked.push(question);
      return { addresses: ['10.1.0.5'] };
    });
    const { service, technical } = await ask(port);
    expect(asked).toEqual([{ name: 'dvc.example.vn', type: 'A' }]);
    expect(service).toMatchObject({ up: true });
    expect(technical).toEqual({ result_code: 0, rcode_value: 0, query_time_ms: service['response_ms'] });
  });

  it.each([
    [3, 'A of dvc.example.vn: no such name'],
    [2, 'A of dvc.example.vn: the name server failed'],
    [5, 'A of dvc.example.vn: the name server refused'],
    [0, 'A of dvc.example.vn: it has no such record'],
  ])('is down when it answers with code %d', async (rcode, problem) => {
    const port = await dnsServer(() => ({ rcode }));
    const { service, technical } = await ask(port);
    expect(service).toMatchObject({ up: false, problem });
    expect(technical).toMatchObject({ result_code: 2, rcode_value: rcode });
  });

  it('is down when it does not answer in time', async () => {
    const port = await dnsServer(() => undefined);
    const check = { type: 'dns', server: '127.0.0.1', port, domain: 'dvc.example.vn' };
    const { service, technical } = await tryCheck(check, quick);
    expect(service['problem']).toBe(
      'no answer within 300 ms, while asking 127.0.0.1 for A of dvc.example.vn',
    );
    expect(technical).toEqual({ result_code: 1 });
  });

  it('is down when it sends invalid answers', async () => {
    const port = await udpServer(() => RUBBISH);
    const check = { type: 'dns', server: '127.0.0.1', port, domain: 'dvc.example.vn' };
    expect((await tryCheck(check, quick)).service).toMatchObject({ up: false });
  });
});

describe('a telephone server', () => {
  const ask = (port: number) => tryCheck({ type: 'sip', host: '127.0.0.1', port }, { deadlineMs: 2_000 });
  const reply = (request: Buffer, status: string): Buffer => {
    const headers = request
      .toString()
      .split('\r\n')
      .slice(1, 7)
      .filter((line) => !/^Max/.test(line));
    return Buffer.from([`SIP/2.0 ${status}`, ...headers, 'Content-Length: 0', '', ''].join('\r\n'));
  };

  it.each([
    ['200 OK', true],
    ['404 Not Found', true],
    ['503 Service Unavailable', false],
  ])('that answers %s: up is %s', async (status, up) => {
    const port = await udpServer((request) => [reply(request, '100 Trying'), reply(request, status)]);
    const { service } = await ask(port);
    expect(service).toMatchObject({ up, status_code: Number(status.slice(0, 3)) });
  });

  it('is asked again when a datagram was lost, and invalid answers are ignored', async () => {
    const requests: Buffer[] = [];
    const port = await udpServer((request) => {
      requests.push(request);
      return requests.length < 2 ? RUBBISH : [...RUBBISH, reply(request, '200 OK')];
    });
    expect((await ask(port)).service).toMatchObject({ up: true });
    expect(requests).toHaveLength(2);
    expect(requests[1]).toEqual(requests[0]);
  });

  it('that only sends invalid answers fails after a hundred datagrams', async () => {
    const port = await udpServer(() => new Array<Buffer>(200).fill(Buffer.from('x')));
    const { service } = await ask(port);
    expect(service['problem']).toMatch(/^(sends only invalid answers|no answer within)/);
  });

  it('that is not there is refused by its host', async () => {
    const port = await udpServer(() => []);
    closeServers();
    expect((await ask(port)).service).toMatchObject({ up: false, problem: 'connection refused' });
  });

  it('understands nothing but the final answer to its own question', () => {
    const request = optionsRequest({ host: '::1', localAddress: '::1', localPort: 5_060, token: 'abc' });
    expect(request.toString()).toMatch(
      /^OPTIONS sip:\[::1\] SIP\/2\.0\r\nVia: SIP\/2\.0\/UDP \[::1\]:5060;branch=z9hG4bKabc/,
    );
    expect(finalStatus(Buffer.from('SIP/2.0 200 OK\r\ni : abc\r\n\r\n'), 'abc')).toBe(200);
    expect(finalStatus(Buffer.from('SIP/2.0 200 OK\r\nCall-ID: abcd\r\n\r\n'), 'abc')).toBeUndefined();
    expect(finalStatus(Buffer.from('SIP/2.0 180 Ringing\r\nCall-ID: abc\r\n\r\n'), 'abc')).toBeUndefined();
    expect(finalStatus(request, 'abc')).toBeUndefined();
  });
});

describe('a time server', () => {
  const ask = (port: number) => tryCheck({ type: 'ntp', host: '127.0.0.1', port }, quick);

  /** As RFC 5905 lays it out; times are Unix ms. */
  function ntpReply(
    request: Buffer,
    { first = 0x24, stratum = 2, receivedMs = Date.now(), sentMs = Date.now(), refId = 'GPS\0' } = {},
  ): Buffer {
    const packet = Buffer.alloc(48);
    packet[0] = first;
    packet[1] = stratum;
    packet.write(refId, 12, 'latin1');
    request.copy(packet, 24, 40, 48);
    for (const [at, timeMs] of [
      [32, receivedMs],
      [40, sentMs],
    ] as const) {
      packet.writeUInt32BE((Math.floor(timeMs / 1_000) + 2_208_988_800) % 2 ** 32, at);
      packet.writeUInt32BE(Math.floor(((timeMs % 1_000) / 1_000) * 2 ** 32), at + 4);
    }
    return packet;
  }

  it('that is ahead of us is up, and says by how much', async () => {
    const port = await udpServer((request) => {
      const aheadMs = Date.now() + 12_345;
      return [ntpReply(request, { receivedMs: aheadMs, sentMs: aheadMs })];
    });
    const { service } = await ask(port);
    expect(service).toMatchObject({ up: true, ntp_stratum: 2 });
    expect(Math.abs(Number(service['ntp_offset_ms']) - 12_345)).toBeLessThan(100);
  });

  it.each([
    [{ stratum: 0, refId: 'RATE' }, "sends a kiss-o'-death packet (RATE)", 0],
    [{ stratum: 16 }, 'its clock is not synchronised', 16],
    [{ first: 0xe4 }, 'its clock is not synchronised', 2],
    [{ stratum: 255 }, 'its clock is not synchronised', 16],
  ])('that says %j is not believed', async (reply, problem, stratum) => {
    const port = await udpServer((request) => [ntpReply(request, reply)]);
    const { service } = await ask(port);
    expect(service).toMatchObject({ up: false, problem, ntp_stratum: stratum });
    expect(service).not.toHaveProperty('ntp_offset_ms');
  });

  it.each([
    ['answers another question', (request: Buffer) => ntpReply(request.fill(7, 40))],
    ['answers in client mode', (request: Buffer) => ntpReply(request, { first: 0x23 })],
    ['answers in half', (request: Buffer) => ntpReply(request).subarray(0, 47)],
  ])('that %s has not answered', async (_what, reply) => {
    const port = await udpServer((request) => [...RUBBISH, reply(request)]);
    expect((await ask(port)).service['problem']).toMatch(/^no answer within 300 ms/);
  });

  it('works out the offset in the middle between both ways, on either side of 2036', () => {
    const cookie = Buffer.from('12345678');
    for (const nowMs of [Date.UTC(2026, 0, 1), Date.UTC(2036, 1, 7, 6, 28, 15, 900), Date.UTC(2040, 0, 1)]) {
      const packet = ntpReply(ntpQuestion(cookie), { receivedMs: nowMs + 1_030, sentMs: nowMs + 1_040 });
      const answer = parseNtpAnswer(packet, cookie, nowMs);
      expect(clockOffsetMs(answer!, nowMs, nowMs + 70)).toBeCloseTo(1_000, 3);
    }
  });

  it('sends datagrams that either mean something or nothing', () => {
    const cookie = Buffer.from('12345678');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const packet = Buffer.from(bytes);
        if (packet.length >= 48) cookie.copy(packet, 24);
        const answer = parseNtpAnswer(packet, cookie, Date.UTC(2026, 0, 1));
        if (answer !== undefined) expect(Number.isFinite(answer.sentMs)).toBe(true);
      }),
    );
  });
});
