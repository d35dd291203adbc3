import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenOf, SEQUENCE, tlv, tlvAt } from '../ber.ts';
import { TYPE } from '../session.ts';
import { readAnswer } from './read-answer.ts';
import { PDU, writeRequest } from './write-request.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** A response with these values, each at an OID of its own. */
function response(
  values: readonly string[],
  { oid = '2b 06', pdu = '02 01 07 02 01 00 02 01 00' } = {},
): Buffer {
  const varbinds = values.map((value, at) =>
    tlv(SEQUENCE, [tlv(TYPE.oid, [hex(oid), Buffer.from([at])]), hex(value)]),
  );
  const parts = [hex(pdu), tlv(SEQUENCE, varbinds)];
  return tlv(SEQUENCE, [
    hex('02 01 01'),
    tlv(TYPE.octets, [Buffer.from('public')]),
    tlv(PDU.response, parts),
  ]);
}

const valueOf = (value: string) => readAnswer(response([value]))?.varbinds[0]?.value;

describe('a response', () => {
  it('gives its id, status and community', () => {
    const answer = readAnswer(response([], { pdu: '02 04 7f ff ff ff 02 01 05 02 01 01' }));
    expect(answer).toEqual({
      version: 1,
      community: 'public',
      id: 0x7fff_ffff,
      errorStatus: 5,
      varbinds: [],
    });
  });

  it.each([
    ['INTEGER', '02 01 2a', 42],
    ['INTEGER below zero', '02 02 ff 00', -256],
    ['Counter32', '41 05 00 ff ff ff ff', 4_294_967_295],
    ['Counter64 of one byte', '46 01 05', 5n],
    ['Counter64 above 2^53', '46 09 00 ff ff ff ff ff ff ff fe', 18_446_744_073_709_551_614n],
    ['IpAddress', '40 04 0a 00 00 fe', '10.0.0.254'],
    ['OID', '06 08 2b 06 01 04 01 bf 08 03', '1.3.6.1.4.1.8072.3'],
    ['OID below joint-iso', '06 03 88 37 03', '2.999.3'],
    ['text', '04 02 61 62', Buffer.from('ab')],
    ['no text', '04 00', Buffer.alloc(0)],
    ['TimeTicks without its leading zero byte', '43 03 89 54 40', 9_000_000],
    ['10 Mbit/s without its leading zero byte', '42 03 98 96 80', 10_000_000],
    ['UInteger32', '47 01 05', 5],
  ])('gives a value: %s', (_name, value, expected) => {
    expect(valueOf(value)).toEqual(expected);
  });

  it('has the type that replaced UInteger32', () => {
    const [varbind] = readAnswer(response(['47 01 05']))?.varbinds ?? [];
    expect(varbind?.type).toBe(TYPE.gauge32);
  });

  it.each([
    ['INTEGER of no bytes', '02 00'],
    ['INTEGER too long for a number', '02 07 01 02 03 04 05 06 07'],
    ['Gauge32 of no bytes', '42 00'],
    ['Gauge32 of more than 32 bits', '42 05 01 02 03 04 05'],
    ['Counter64 of no bytes', '46 00'],
    ['address of three bytes', '40 03 0a 00 00'],
    ['OID of no bytes', '06 00'],
    ['NULL with content', '05 01 00'],
    ['a type of no meaning', '99 01 00'],
  ])('loses a value that is not valid, and nothing else: %s', (_name, value) => {
    const { varbinds = [] } = readAnswer(response(['02 01 2a', value, '42 01 05'])) ?? {};
    expect(varbinds.map((varbind) => varbind.value)).toEqual([42, undefined, 5]);
    expect(varbinds[1]?.type).toBe(TYPE.null);
  });

  it.each([TYPE.noSuchObject, TYPE.noSuchInstance, TYPE.endOfMibView])(
    'says that there is no value: %i',
    (type) => {
      const [varbind] = readAnswer(response([`${type.toString(16)} 00`]))?.varbinds ?? [];
      expect(varbind).toEqual({ oid: '1.3.6.0', type, value: undefined });
    },
  );

  it('has arcs of any size in its OIDs', () => {
    const { varbinds = [] } = readAnswer(response(['02 01 01'], { oid: '2b 8f ff ff ff 7f 63 81 48' })) ?? {};
    expect(varbinds[0]?.oid).toBe('1.3.4294967295.99.200.0');
  });

  it('keeps nothing of the datagram, and cuts long texts', () => {
    const datagram = response([`04 82 08 00 ${'61'.repeat(2_048)}`, '04 01 62']);
    const { varbinds = [] } = readAnswer(datagram) ?? {};
    datagram.fill(0);
    expect(varbinds.map(({ value }) => String(value))).toEqual(['a'.repeat(1_024), 'b']);
  });

  it('of many rows is read whole', () => {
    const rows = Array.from({ length: 120 }, () => '42 03 98 96 80');
    expect(readAnswer(response(rows))?.varbinds.map(({ value }) => value)).toEqual(
      rows.map(() => 10_000_000),
    );
  });
});

describe('what is no response', () => {
  it('is told apart, wherever it breaks off', () => {
    const answer = response(['42 03 98 96 80', '04 02 61 62']);
    for (let length = 0; length < answer.length; length++)
      expect(readAnswer(answer.subarray(0, length))).toBeUndefined();
  });

  it('is any other PDU, and an OID longer than there are', () => {
    const request = { community: 'public', id: 7, nonRepeaters: 0, maxRepetitions: 0, oids: ['1.3.6'] };
    expect(readAnswer(writeRequest({ ...request, pdu: PDU.get }))).toBeUndefined();
    expect(readAnswer(response(['02 01 01'], { oid: '2b'.repeat(700) }))).toBeUndefined();
  });

  it('is rubbish: it throws on none', () => {
    const good = response(['02 01 2a', '46 01 05', '06 03 2b 06 01', '40 04 01 02 03 04', '04 02 61 62']);
    const mutation = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), mutation, (bytes, changes) => {
        readAnswer(Buffer.from(bytes));
        const mutated = Buffer.from(good);
        for (const [at, byte] of changes) mutated[at] = byte;
        const varbinds = readAnswer(mutated)?.varbinds ?? [];
        expect(varbinds.every(({ oid }) => /^[\d.]*$/.test(oid))).toBe(true);
      }),
    );
  });
});

describe('a request', () => {
  it('is what the standard says', () => {
    const bytes = writeRequest({
      community: 'public',
      id: 200,
      pdu: PDU.getBulk,
      nonRepeaters: 1,
      maxRepetitions: 40,
      oids: ['1.3.6.1.2.1.1.3', '1.3.6.1.4.1.4294967295', '2.999'],
    });
    expect(bytes.toString('hex')).toBe(
      [
        '303e 020101 0406 7075626c6963 a531 020200c8 020101 020128 3025',
        '300b 0607 2b060102010103 0500',
        '300e 060a 2b06010401 8fffffff7f 0500',
        '3006 0602 8837 0500',
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });

  it('has a community of any text', () => {
    const [, community] =
      childrenOf(
        tlvAt(
          writeRequest({
            community: 'mật khẩu',
            id: 1,
            pdu: PDU.get,
            nonRepeaters: 0,
            maxRepetitions: 0,
            oids: [],
          }),
          0,
        ),
      ) ?? [];
    expect(community?.content.toString()).toBe('mật khẩu');
  });
});
