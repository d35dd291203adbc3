import { afterEach, expect, it } from 'vitest';
import { closeServers, udpServer } from '../testing/servers.ts';
import { childrenOf, SEQUENCE, tlv, tlvAt } from './ber.ts';
import { openSnmpSession } from './open-session.ts';

afterEach(closeServers);

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const { signal } = new AbortController();

/** A device that answers each request with these varbinds: OID and value in BER. */
function deviceWith(varbinds: readonly (readonly [oid: string, value: string])[]): Promise<number> {
  const list = varbinds.map(([oid, value]) => tlv(SEQUENCE, [tlv(6, [hex(oid)]), hex(value)]));
  return udpServer((request) => {
    const [version, community, pdu] = childrenOf(tlvAt(request, 0))!;
    const [id] = childrenOf(pdu)!;
    const parts = [id!.bytes, hex('02 01 00'), hex('02 01 00'), tlv(SEQUENCE, list)];
    return [tlv(SEQUENCE, [version!.bytes, community!.bytes, tlv(0xa2, parts)])];
  });
}

const session = (port: number) =>
  openSnmpSession(
    {
      address: '127.0.0.1',
      port,
      guard: undefined,
      credentials: { version: '2c', community: 'public' },
      replyTimeoutMs: 5_000,
    },
    signal,
  );

/** sysUpTime, then two columns of three rows, the last one cut off in its middle. */
const ANSWER = [
  ['2b 06 01 02 01 01 03 00', '43 01 05'],
  ['2b 06 01 01 01', '02 01 01'],
  ['2b 06 01 02 01', '02 01 0b'],
  ['2b 06 01 01 02', '02 01 02'],
  ['2b 06 01 02 02', '02 01 0c'],
  ['2b 06 01 01 03', '02 01 03'],
] as const;

it('gives the values of several columns in the order of the answer: row by row', async () => {
  const open = await session(await deviceWith(ANSWER));
  const repeaters = ['1.3.6.1.1', '1.3.6.1.2'];
  const request = { nonRepeaters: ['1.3.6.1.2.1.1.3'], repeaters, maxRepetitions: 3 };
  const varbinds = await open.getBulk(request, signal);
  await open.close();
  expect(varbinds.map(({ oid, value }) => [oid, value])).toEqual([
    ['1.3.6.1.2.1.1.3.0', 5],
    ['1.3.6.1.1.1', 1],
    ['1.3.6.1.2.1', 11],
    ['1.3.6.1.1.2', 2],
    ['1.3.6.1.2.2', 12],
    ['1.3.6.1.1.3', 3],
  ]);
});

it('repairs what the library would misread: 10 Mbit/s without its leading zero byte', async () => {
  const open = await session(await deviceWith([['2b 06 01 01 01', '42 03 98 96 80']]));
  const [varbind] = await open.get(['1.3.6.1.1.1'], signal);
  await open.close();
  expect(varbind?.value).toBe(10_000_000);
});
