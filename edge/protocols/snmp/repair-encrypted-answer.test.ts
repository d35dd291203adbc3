import fc from 'fast-check';
import { Authentication, AuthProtocols, PrivProtocols } from 'net-snmp';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, type EncryptedUser } from './aes.ts';
import { childrenOf, tlv, tlvAt } from './ber.ts';
import { repairEncryptedAnswer } from './repair-encrypted-answer.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const USER = {
  authProtocol: AuthProtocols.sha256,
  authKey: 'for-the-test',
  privProtocol: PrivProtocols.aes,
  privKey: 'also-for-the-test',
} satisfies EncryptedUser;
const ENGINE = {
  engineId: hex('80 00 1f 88 04 74 65 73 74'),
  engineBoots: 3,
  engineTime: 86_400,
  salt: hex('01 02 03 04 05 06 07 08'),
};

/** An encrypted response with these values. */
function response(values: readonly Buffer[], user: EncryptedUser = USER): Buffer {
  const varbinds = values.map((value, at) => tlv(0x30, [hex('06 03 2b 06'), Buffer.from([at]), value]));
  const pdu = tlv(0xa2, [hex('02 01 07'), hex('02 01 00'), hex('02 01 00'), tlv(0x30, varbinds)]);
  const scoped = tlv(0x30, [tlv(4, [ENGINE.engineId]), hex('04 00'), pdu]);
  const header = tlv(0x30, [hex('02 01 07'), hex('02 03 00 ff e3'), hex('04 01 03'), hex('02 01 03')]);
  const security = tlv(0x30, [
    tlv(4, [ENGINE.engineId]),
    hex('02 01 03'),
    hex('02 03 01 51 80'),
    tlv(4, [Buffer.from('wardwatch')]),
    tlv(4, [Buffer.alloc(24)]),
    tlv(4, [ENGINE.salt]),
  ]);
  const bytes = tlv(0x30, [
    hex('02 01 03'),
    header,
    tlv(4, [security]),
    tlv(4, [encrypt(scoped, user, ENGINE)]),
  ]);
  const digest = securityOf(bytes)[4]!;
  Authentication.writeParameters(bytes, user.authProtocol, user.authKey, ENGINE.engineId, digest);
  return bytes;
}

function securityOf(bytes: Buffer): readonly Buffer[] {
  const parameters = childrenOf(tlvAt(bytes, 0))?.[2];
  return childrenOf(tlvAt(parameters!.content, 0))!.map(({ content }) => content);
}

/** The values, if the message is signed and encrypted as one of the device. */
function valuesIn(bytes: Buffer): readonly string[] {
  const [, , , encrypted] = childrenOf(tlvAt(bytes, 0))!;
  const [, , , , digest, salt] = securityOf(bytes);
  expect(Authentication.isAuthentic(bytes, USER.authProtocol, USER.authKey, ENGINE.engineId, digest!)).toBe(
    true,
  );
  const plain = decrypt(encrypted!.content, USER, { ...ENGINE, salt: salt! });
  const list = childrenOf(childrenOf(tlvAt(plain, 0))![2])![3];
  return childrenOf(list)!.map((varbind) => childrenOf(varbind)![1]!.bytes.toString('hex'));
}

const FOUR = ['42 03 98 96 80', '43 03 89 54 40', '02 00', '02 01 2a'].map(hex);

describe('an encrypted answer', () => {
  it('has its unsigned values and bad cells repaired, and is signed anew', () => {
    const values = valuesIn(repairEncryptedAnswer(response(FOUR), USER));
    expect(values).toEqual(['420400989680', '430400895440', '0500', '02012a']);
  });

  it('of many rows stays whole', () => {
    const rows = Array.from({ length: 300 }, () => hex('42 03 98 96 80'));
    expect(valuesIn(repairEncryptedAnswer(response(rows), USER))).toHaveLength(300);
  });

  it('in which nothing is to be repaired stays as it is', () => {
    const fine = response([hex('42 04 00 98 96 80')]);
    expect(repairEncryptedAnswer(fine, USER)).toBe(fine);
  });

  it.each([
    ['is signed with another password', response(FOUR, { ...USER, authKey: 'another-one' })],
    ['is encrypted with another password', response(FOUR, { ...USER, privKey: 'another-one' })],
  ])('that %s stays as it is', (_what, datagram) => {
    expect(repairEncryptedAnswer(datagram, USER)).toBe(datagram);
  });

  it('that was changed on its way, cut or is no message stays as it is, and nothing is thrown', () => {
    const answer = response(FOUR);
    for (let length = 0; length < answer.length; length++) {
      const cut = answer.subarray(0, length);
      expect(repairEncryptedAnswer(cut, USER)).toBe(cut);
    }
    fc.assert(
      fc.property(fc.nat(answer.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(answer);
        changed[at]! ^= change;
        expect(repairEncryptedAnswer(changed, USER)).toBe(changed);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const rubbish = Buffer.from(bytes);
        expect(repairEncryptedAnswer(rubbish, USER)).toBe(rubbish);
      }),
    );
  });
});
