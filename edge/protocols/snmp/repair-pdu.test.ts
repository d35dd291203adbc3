import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tlvAt } from './ber.ts';
import { repairPdu } from './repair-pdu.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const length =
    content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

/** A response with these values, each at an OID of its own. */
function response(values: readonly Buffer[]): Buffer {
  const varbinds = values.map((value, at) => tlv(0x30, hex('06 03 2b 06'), Buffer.from([at]), value));
  return tlv(0xa2, hex('02 01 07'), hex('02 01 00'), hex('02 01 00'), tlv(0x30, ...varbinds));
}

/** undefined: it stays as it is. */
const repairAnswer = (pdu: Buffer): Buffer | undefined => {
  const read = tlvAt(pdu, 0);
  return read && repairPdu(read);
};
const repaired = (value: string): Buffer | undefined => repairAnswer(response([hex(value)]));

describe('an answer', () => {
  it.each([
    ['10 Mbit/s in three bytes', '42 03 98 96 80', '42 04 00 98 96 80'],
    ['150 in one byte', '42 01 96', '42 02 00 96'],
    ['2,500 Mbit/s in four bytes', '42 04 95 02 f9 00', '42 05 00 95 02 f9 00'],
    ['25 h in three bytes', '43 03 89 54 40', '43 04 00 89 54 40'],
    ['a counter', '41 02 ff ff', '41 03 00 ff ff'],
    ['UInteger32', '47 01 05', '42 01 05'],
  ])('whose unsigned value lacks its zero byte gets one: %s', (_name, value, expected) => {
    expect(repaired(value)).toEqual(response([hex(expected)]));
  });

  it.each([
    ['INTEGER of no bytes', '02 00'],
    ['INTEGER too long for a number', '02 07 01 02 03 04 05 06 07'],
    ['Gauge32 of no bytes', '42 00'],
    ['Gauge32 of more than 32 bits', '42 05 01 02 03 04 05'],
    ['address of three bytes', '40 03 0a 00 00'],
    ['OID of no bytes', '06 00'],
    ['NULL with content', '05 01 00'],
    ['a type of no meaning', '99 01 00'],
  ])('loses a value that is not valid, and nothing else: %s', (_name, value) => {
    const others = [hex('02 01 2a'), hex('42 01 05')];
    expect(repairAnswer(response([others[0]!, hex(value), others[1]!]))).toEqual(
      response([others[0]!, hex('05 00'), others[1]!]),
    );
  });

  it('of many rows stays whole', () => {
    const rows = Array.from({ length: 300 }, () => hex('42 03 98 96 80'));
    expect(repairAnswer(response(rows))).toEqual(response(rows.map(() => hex('42 04 00 98 96 80'))));
  });

  it.each([
    '02 01 ff',
    '02 02 ff 00',
    '04 00',
    '42 01 7f',
    '42 05 00 ff ff ff ff',
    '46 00',
    '82 00',
    '05 00',
  ])('that is valid is passed on as it is: %s', (value) => {
    const answer = response([hex(value)]);
    expect(repairAnswer(answer)).toBeUndefined();
  });

  it('that is rubbish is passed on as it is, wherever it breaks off', () => {
    const answer = response([hex('42 03 98 96 80'), hex('04 02 61 62')]);
    for (let length = 0; length < answer.length; length++) {
      expect(repairAnswer(answer.subarray(0, length))).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const rubbish = Buffer.from(bytes);
        expect((repairAnswer(rubbish) ?? rubbish).length).toBeLessThanOrEqual(2 * rubbish.length);
      }),
    );
  });
});
