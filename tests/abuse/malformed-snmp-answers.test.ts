import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSnmpAgent, type Behaviour, type SnmpAgent } from '../../simulators/devices/snmp/agent.ts';
import { integerBytes, oidBytes, readElements, TAG, tlv } from '../../simulators/devices/snmp/ber.ts';
import { encodeResponse, parseRequest } from '../../simulators/devices/snmp/message.ts';
import { portSwitchRecording } from '../../simulators/devices/snmp/port-switch.ts';
import { fieldsBy, startPoller } from '../support/snmp-poller.ts';

const REPLY_TIMEOUT_MS = 200;
const UP_TIME = [1, 3, 6, 1, 2, 1, 1, 3, 0];

let fine: SnmpAgent;
let bad: SnmpAgent;
beforeEach(async () => {
  fine = await startSnmpAgent({ recording: portSwitchRecording(8) });
  bad = await startSnmpAgent({ recording: portSwitchRecording(8) });
});
afterEach(async () => {
  await fine.close();
  await bad.close();
});

/** One run over a good device and one that behaves like this; the good one must not notice. */
async function pollBeside(behaviour: Behaviour) {
  bad.behave(behaviour);
  const poller = startPoller({ bad: bad.port, fine: fine.port }, { replyTimeoutMs: REPLY_TIMEOUT_MS });
  try {
    const heapBefore = process.memoryUsage().heapUsed;
    const startMs = performance.now();
    const { samples, errors } = await poller.collect(AbortSignal.timeout(30_000));
    const tookMs = performance.now() - startMs;
    const ports = samples.filter(
      ({ measurement, tags }) => measurement === 'interface' && tags['device'] === 'fine',
    );
    expect(ports).toHaveLength(8);
    const messages = errors.map((error) => error.message);
    expect(messages.filter((message) => !message.startsWith(`snmp bad (127.0.0.1:${bad.port}): `))).toEqual(
      [],
    );
    const grownMiB = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
    expect(grownMiB).toBeLessThan(64);
    return { tookMs, messages, device: fieldsBy(samples, 'device', 'device')['bad'], samples };
  } finally {
    await poller.close();
  }
}

/** Leaves the first request alone, so that tables are begun. */
function afterHello(mangle: (answer: Buffer, request: Buffer) => readonly Buffer[]): Behaviour {
  return {
    mangle: (answer, request) =>
      parseRequest(request).pdu === TAG.getBulk ? mangle(answer, request) : [answer],
  };
}

/** An answer to this request with these rows behind the uptime. */
function answerWith(
  request: Buffer,
  rows: readonly (readonly [oid: readonly number[], value: Buffer])[],
): Buffer {
  const { community, id } = parseRequest(request);
  const ticks = tlv(TAG.timeTicks, integerBytes(1_000n));
  const varbinds = [[UP_TIME, ticks] as const, ...rows].map(([oid, value]) =>
    tlv(TAG.sequence, tlv(TAG.oid, oidBytes(oid)), value),
  );
  return encodeResponse({ community, id, errorStatus: 0, errorIndex: 0, varbinds });
}

const octets = (length: number): Buffer => tlv(TAG.octets, Buffer.alloc(length, 'x'));

describe('a device that answers rubbish', () => {
  it.each([
    ['random bytes', () => [Buffer.from('9f3c22aa01ff00', 'hex')]],
    ['nothing', () => [Buffer.alloc(0)]],
    ['half of the answer', (answer: Buffer) => [answer.subarray(0, answer.length >> 1)]],
    [
      'a length beyond the end',
      (answer: Buffer) => [Buffer.concat([Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]), answer])],
    ],
    ['a length in 126 bytes', (answer: Buffer) => [Buffer.concat([Buffer.from([0x30, 0xfe]), answer])]],
    ['an indefinite length', (answer: Buffer) => [Buffer.concat([Buffer.from([0x30, 0x80]), answer])]],
    ['60,000 nested sequences', () => [Buffer.alloc(60_000, Buffer.from([0x30, 0x80 + 2, 0xea, 0x60]))]],
    ['the request itself', (_answer: Buffer, request: Buffer) => [request]],
  ])('%s: is silent to us, and the error says that something came', async (_what, mangle) => {
    const { tookMs, messages, device } = await pollBeside({ mangle });
    expect(tookMs).toBeLessThan(10 * REPLY_TIMEOUT_MS);
    expect(messages).toEqual([
      expect.stringMatching(/no answer|is invalid|not a response|other objects/) as string,
    ]);
    expect(device).toBeDefined();
  });

  it('amid its tables: what was read before stays', async () => {
    let requests = 0;
    const { messages, device, samples } = await pollBeside(
      afterHello((answer) => (++requests > 3 ? [Buffer.from('rubbish')] : [answer])),
    );
    expect(device).toMatchObject({ up: true });
    expect(samples.filter(({ tags }) => tags['device'] === 'bad').length).toBeGreaterThan(1);
    expect(messages[0]).toMatch(/IF-MIB: no answer but 1 invalid datagram\(s\)/);
  });

  it('from a wrong request id is not heard', async () => {
    const { messages, device } = await pollBeside({
      mangle: (answer) => {
        const wrong = Buffer.from(answer);
        const [message] = readElements(wrong);
        const [, , pdu] = readElements(message!.content);
        const [id] = readElements(pdu!.content);
        id!.content[0]! ^= 0x15;
        return [wrong];
      },
    });
    expect(messages).toEqual([expect.stringMatching(/: no answer$/) as string]);
    expect(device).toEqual({ up: false, reachable: false });
  });

  it('twice and late is heard once', async () => {
    const { messages } = await pollBeside({ mangle: (answer) => [answer, answer, Buffer.from('x'), answer] });
    expect(messages).toEqual([]);
  });

  it('of another community or version is named without naming communities', async () => {
    const community = await pollBeside({
      mangle: (answer) => [Buffer.from(answer.toString('latin1').replace('public', 'secret'), 'latin1')],
    });
    expect(community.messages).toEqual([
      expect.stringMatching(/the answer has another community$/) as string,
    ]);
    expect(community.messages.join()).not.toMatch(/public|secret/);
  });

  it('with OIDs that do not increase loses those tables only', async () => {
    const { messages, tookMs } = await pollBeside(
      afterHello((_answer, request) => {
        const [, after] = parseRequest(request).oids;
        return [
          answerWith(request, [
            [[...after!, 2], octets(1)],
            [[...after!, 1], octets(1)],
          ]),
        ];
      }),
    );
    expect(messages.length).toBeGreaterThan(1);
    expect(messages[0]).toMatch(/IF-MIB: OIDs do not increase after 1\.3\.6\.1\.2\.1\.31\.1\.1\.1\.1\.2$/);
    expect(tookMs).toBeLessThan(5_000);
  });

  it('without end is left after so many rows', async () => {
    let row = 0;
    const { messages, tookMs } = await pollBeside(
      afterHello((_answer, request) => {
        const [, after] = parseRequest(request).oids;
        const column = after!.slice(0, 11);
        row = after!.length > 11 ? after![11]! : 0;
        return [
          answerWith(
            request,
            Array.from({ length: 25 }, (_unused, at) => [[...column, row + at + 1], octets(4)]),
          ),
        ];
      }),
    );
    expect(messages[0]).toMatch(/IF-MIB: more than 4096 rows/);
    expect(tookMs).toBeLessThan(25_000);
  });

  it('as large as a datagram can be is cut, counted, and left at a limit', async () => {
    let row = 0;
    const { messages, tookMs } = await pollBeside(
      afterHello((_answer, request) => {
        const [, after] = parseRequest(request).oids;
        const column = after!.slice(0, 11);
        return [
          answerWith(
            request,
            Array.from({ length: 30 }, () => [[...column, ++row], octets(2_000)]),
          ),
        ];
      }),
    );
    expect(messages).toEqual([
      expect.stringMatching(/IF-MIB: (more than 4194304 bytes of answers|more than 4096 rows)/) as string,
      ...messages.slice(1),
    ]);
    expect(tookMs).toBeLessThan(25_000);
  });

  it('whatever bytes come: no crash, the target named, the other unharmed', async () => {
    const poller = startPoller({ bad: bad.port }, { replyTimeoutMs: 100 });
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ maxLength: 40 }), fc.nat(20), async (at, put, length) => {
        bad.behave({
          mangle: (answer) => {
            const start = at % answer.length;
            return [
              Buffer.concat([answer.subarray(0, start), Buffer.from(put), answer.subarray(start + length)]),
            ];
          },
        });
        const { samples, errors } = await poller.collect(AbortSignal.timeout(5_000));
        for (const error of errors) expect(error.message).toContain(`snmp bad (127.0.0.1:${bad.port})`);
        expect(samples.length + errors.length).toBeLessThan(200);
      }),
      { numRuns: 40 },
    );
    await poller.close();
  });
});

it('a stranger that answers in place of the device is not heard', async () => {
  const { createSocket } = await import('node:dgram');
  const stranger = createSocket('udp4');
  const poller = startPoller({ bad: bad.port }, { replyTimeoutMs: REPLY_TIMEOUT_MS });
  bad.behave({
    mangle: (answer) => {
      stranger.send(answer, 1, '127.0.0.1');
      return [];
    },
  });
  const { samples } = await poller.collect(AbortSignal.timeout(10_000));
  expect(fieldsBy(samples, 'device', 'device')['bad']).toEqual({ up: false, reachable: false });
  await poller.close();
  stranger.close();
});
