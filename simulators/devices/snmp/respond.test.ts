import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { integerBytes, oidBytes, readElements, readInteger, readOid, TAG, tlv } from './ber.ts';
import { DeviceState, type Motion } from './device-state.ts';
import { parseOid, parseRecording, RecordingError } from './recording.ts';
import { respond } from './respond.ts';

const RECORDING = parseRecording(
  [
    '1.3.6.1.2.1.1.3.0|67|1000',
    '1.3.6.1.2.1.2.2.1.2.1|4|lo',
    '1.3.6.1.2.1.2.2.1.2.10|4x|65746830',
    '1.3.6.1.2.1.2.2.1.2.2|4|eth1',
    '1.3.6.1.2.1.2.2.1.10.1|65|4294967290',
    '1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551610',
  ].join('\n'),
  'test',
);
const IN_OCTETS = '1.3.6.1.2.1.2.2.1.10.1';
const HC_IN_OCTETS = '1.3.6.1.2.1.31.1.1.1.6.1';

const integer = (value: number): Buffer => tlv(TAG.integer, integerBytes(BigInt(value)));

function request(
  pdu: number,
  oids: readonly string[],
  [second, third] = [0, 0],
  community = 'public',
): Buffer {
  const varbinds = oids.map((oid) => tlv(TAG.sequence, tlv(TAG.oid, oidBytes(parseOid(oid))), tlv(TAG.null)));
  return tlv(
    TAG.sequence,
    integer(1),
    tlv(TAG.octets, Buffer.from(community)),
    tlv(pdu, integer(77), integer(second), integer(third), tlv(TAG.sequence, ...varbinds)),
  );
}

/** `oid=value`, or the status of an error. */
function read(answer: Buffer | undefined): string[] | number {
  const [message] = readElements(answer ?? Buffer.alloc(0));
  const pdu = readElements(message?.content ?? Buffer.alloc(0))[2];
  const [id, status, , list] = readElements(pdu?.content ?? Buffer.alloc(0));
  expect(readInteger(id?.content ?? Buffer.alloc(0))).toBe(77);
  const errorStatus = readInteger(status?.content ?? Buffer.alloc(0));
  if (errorStatus !== 0) return errorStatus;
  return readElements(list?.content ?? Buffer.alloc(0)).map(({ content }) => {
    const [oid, value] = readElements(content);
    const name = readOid(oid?.content ?? Buffer.alloc(0))
      .slice(6)
      .join('.');
    if (value?.tag === TAG.endOfMibView) return `${name}=end`;
    if (value?.tag === TAG.noSuchInstance) return `${name}=none`;
    if (value?.tag === TAG.octets) return `${name}=${value.content.toString()}`;
    return `${name}=${BigInt(`0x${value?.content.toString('hex') ?? '0'}`)}`;
  });
}

function device(motion?: Motion, clock = new ManualClock()) {
  const state = new DeviceState(RECORDING, clock, motion);
  const ask = (bytes: Buffer, maxResponseBytes = 1_472) =>
    read(respond(bytes, state, { community: 'public', maxResponseBytes }));
  return { state, clock, ask, get: (...oids: string[]) => ask(request(TAG.get, oids)) };
}

describe('a replayed agent', () => {
  it('answers GET, with noSuchInstance for missing objects', () => {
    expect(device().get('1.3.6.1.2.1.2.2.1.2.10', '1.3.6.1.2.1.2.2.1.2.3')).toEqual([
      '2.2.1.2.10=eth0',
      '2.2.1.2.3=none',
    ]);
  });

  it('answers GETNEXT in the order of the numbers', () => {
    const next = (oid: string) => device().ask(request(TAG.getNext, [oid]));
    expect(next('1.3.6.1.2.1.2.2.1.2.1')).toEqual(['2.2.1.2.2=eth1']);
    expect(next('1.3.6.1.2.1.2.2.1.2.2')).toEqual(['2.2.1.2.10=eth0']);
    expect(next(HC_IN_OCTETS)).toEqual(['31.1.1.1.6.1=end']);
  });

  it('answers GETBULK with non-repeaters first, and stops at its end', () => {
    const bulk = device().ask(request(TAG.getBulk, ['1.3.6.1.2.1.1.3', '1.3.6.1.2.1.2.2.1.2'], [1, 2]));
    expect(bulk).toEqual(['1.3.0=1000', '2.2.1.2.1=lo', '2.2.1.2.2=eth1']);
    const end = device().ask(request(TAG.getBulk, [IN_OCTETS], [0, 50]));
    expect(end).toEqual(['31.1.1.1.6.1=18446744073709551610', '31.1.1.1.6.1=end']);
  });

  it('truncates a GETBULK that does not fit, and answers a GET with tooBig', () => {
    const oids = ['1.3.6.1.2.1.2.2.1.2'];
    const { ask } = device();
    expect(ask(request(TAG.getBulk, oids, [0, 50]), 120)).toHaveLength(2);
    expect(ask(request(TAG.get, new Array<string>(50).fill(IN_OCTETS)), 200)).toBe(1);
  });

  it('does not answer another community', () => {
    const state = new DeviceState(RECORDING, new ManualClock());
    const options = { community: 'public', maxResponseBytes: 1_472 };
    expect(respond(request(TAG.get, [IN_OCTETS], [0, 0], 'private'), state, options)).toBeUndefined();
  });
});

describe('a device over time', () => {
  const motion: Motion = (oid) => (oid === IN_OCTETS || oid === HC_IN_OCTETS ? 10 : undefined);

  it('has a growing uptime, and counters that grow and wrap', async () => {
    const { get, clock } = device(motion);
    await clock.advance(2_000);
    expect(get('1.3.6.1.2.1.1.3.0', IN_OCTETS, HC_IN_OCTETS)).toEqual([
      '1.3.0=1200',
      '2.2.1.10.1=14',
      '31.1.1.1.6.1=14',
    ]);
  });

  it('restarts with everything at zero', async () => {
    const { get, clock, state } = device(motion);
    await clock.advance(2_000);
    state.restart();
    await clock.advance(1_000);
    expect(get('1.3.6.1.2.1.1.3.0', IN_OCTETS)).toEqual(['1.3.0=100', '2.2.1.10.1=10']);
  });

  it('takes other values, from which counters continue, and removes objects', async () => {
    const { get, clock, state } = device(motion);
    await clock.advance(2_000);
    state.set(IN_OCTETS, 500n);
    state.set('1.3.6.1.2.1.2.2.1.2.1', Buffer.from('lo0'));
    await clock.advance(1_000);
    expect(get(IN_OCTETS, '1.3.6.1.2.1.2.2.1.2.1')).toEqual(['2.2.1.10.1=510', '2.2.1.2.1=lo0']);
    state.remove('1.3.6.1.2.1.2.2.1.2');
    expect(get('1.3.6.1.2.1.2.2.1.2.1')).toEqual(['2.2.1.2.1=none']);
    expect(() => state.set('1.2.3', 1n)).toThrow('no object 1.2.3');
  });
});

describe('a recording', () => {
  it.each(['1.3.6|4', 'x|4|y', '1.3.6|65|many', '1.3.6|99|1'])(
    'with the line %s is refused, and the error names the line',
    (line) => {
      expect(() => parseRecording(`1.3.6.1|2|1\n${line}\n`, 'sw.snmprec')).toThrow(RecordingError);
      expect(() => parseRecording(`1.3.6.1|2|1\n${line}\n`, 'sw.snmprec')).toThrow(
        /^sw\.snmprec:2: expected OID\|TAG\|VALUE/,
      );
    },
  );
});
