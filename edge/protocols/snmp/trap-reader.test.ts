import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SEQUENCE, tlv } from './ber.ts';
import type { Credentials } from './credentials.ts';
import { toUser } from './net-snmp-session.ts';
import { peekTrapOid } from './peek-trap-oid.ts';
import { TYPE } from './session.ts';
import { sendNotification } from './testing/send-notification.ts';
import { TrapReader, type ReadMessage } from './trap-reader.ts';

const V2: Credentials = { version: '2c', community: 'city-traps' };
const V3: Credentials & { readonly version: '3' } = {
  version: '3',
  user: 'trapper',
  authProtocol: 'sha256',
  authPassword: 'authentication-1',
  privacyProtocol: 'aes128',
  privacyPassword: 'privacy-privacy-1',
};
const ENGINE_ID = Buffer.from('80001f8805010203040506', 'hex');
const LINK_DOWN = '1.3.6.1.6.3.1.1.5.3';
const varbinds = [{ oid: '1.3.6.1.2.1.2.2.1.2.7', type: TYPE.octets, value: 'Gi0/7' }];

let socket: Socket;
let port: number;
/** Of each datagram what the reader made of it; answers are sent. */
let read: ReadMessage[];
/** What a look at each datagram says that it is. */
let peeked: (string | undefined)[];
let reader: TrapReader;

beforeEach(async () => {
  read = [];
  peeked = [];
  socket = createSocket('udp4');
  socket.on('message', (datagram, from) => {
    const message = reader.read(datagram);
    read.push(message);
    peeked.push(peekTrapOid(datagram));
    if (message.answer !== undefined) socket.send(message.answer, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  port = socket.address().port;
});
afterEach(() => {
  socket.close();
});
const whenRead = (count: number) => expect.poll(() => read.length, { interval: 5 }).toBe(count);

describe('notifications as net-snmp sends them', () => {
  it.each([1, 2] as const)('a trap of v%d is read', async (version) => {
    reader = new TrapReader(V2, ENGINE_ID);
    await sendNotification(port, {
      version,
      kind: 'trap',
      community: 'city-traps',
      trapOid: '1.3.6.1.4.1.9.9.13.3.0.4',
      varbinds,
    });
    await whenRead(1);
    // Of v1: enterprise 1.3.6.1.4.1.9.9.13.3.0, specific trap 4.
    const trapOid = version === 1 ? '1.3.6.1.4.1.9.9.13.3.0.0.4' : '1.3.6.1.4.1.9.9.13.3.0.4';
    expect(read).toEqual([
      {
        notification: { trapOid, varbinds: [{ ...varbinds[0], value: Buffer.from('Gi0/7') }] },
        answer: undefined,
      },
    ]);
    expect(peeked).toEqual([trapOid]);
  });

  it('an inform of v2c is answered, and has an id of its own', async () => {
    reader = new TrapReader(V2, ENGINE_ID);
    const inform = { version: 2, kind: 'inform', community: 'city-traps', trapOid: LINK_DOWN } as const;
    await sendNotification(port, inform);
    await sendNotification(port, inform);
    expect(read.map(({ notification }) => notification?.trapOid)).toEqual([LINK_DOWN, LINK_DOWN]);
    const ids = read.map(({ notification }) => notification?.informId);
    expect(ids[0]).toMatch(/^\d+ \d+ 1\.3\.6\.1\.6\.3\.1\.1\.5\.3$/);
    expect(new Set(ids).size).toBe(2);
  });

  it('a generic trap of v1 is seen to be one before it is read', async () => {
    reader = new TrapReader(V2, ENGINE_ID);
    await sendNotification(port, { version: 1, kind: 'trap', community: 'city-traps', trapOid: LINK_DOWN });
    await whenRead(1);
    expect(peeked).toEqual(read.map(({ notification }) => notification?.trapOid));
  });

  it('an inform of v3 asks for our engine id, and is answered', async () => {
    reader = new TrapReader(V3, ENGINE_ID);
    await sendNotification(port, {
      version: 3,
      kind: 'inform',
      user: toUser(V3),
      trapOid: LINK_DOWN,
      varbinds,
    });
    expect(read.map(({ notification }) => notification?.trapOid)).toEqual([undefined, LINK_DOWN]);
    expect(read[0]?.answer?.includes(ENGINE_ID)).toBe(true);
  });
});

describe('what is not to be believed', () => {
  /** What became of the one trap that was sent. */
  async function sent(credentials: Credentials, how: Partial<Parameters<typeof sendNotification>[1]>) {
    reader = new TrapReader(credentials, ENGINE_ID);
    await sendNotification(port, { version: 2, kind: 'trap', trapOid: LINK_DOWN, ...how });
    await whenRead(1);
    return read[0];
  }

  it('is a wrong community', async () => {
    expect(await sent(V2, { community: 'public' })).toEqual({
      problem: 'another community or user, or without the authentication and privacy that the user has',
    });
  });

  it('is another version', async () => {
    expect(await sent(V3, { community: 'city-traps' })).toEqual({ problem: 'SNMP v2c, expected v3' });
  });

  it('is a wrong password, of which nothing is told', async () => {
    const user = toUser({ ...V3, privacyPassword: 'another-password' });
    expect(await sent(V3, { version: 3, user })).toEqual({
      problem: 'it cannot be decrypted: privacy protocol or password differ',
    });
    // Both keys are made of their own password, and the message decrypts: only its digest differs.
    read = [];
    const other = toUser({ ...V3, authPassword: 'another-password' });
    expect(await sent(V3, { version: 3, user: other })).toEqual({
      problem: 'its authentication is wrong: protocol or password differ',
    });
  });

  it('is a v3 message without a user, which proves nothing', async () => {
    // noAuthNoPriv, user "": the library itself would take it.
    expect(await sent(V3, { version: 3, user: { name: '', level: 1 } })).toEqual({
      problem: 'neither the community nor the user of this sender',
    });
  });

  it('is not a v3 trap with the right passwords', async () => {
    const { notification } = (await sent(V3, { version: 3, user: toUser(V3), varbinds })) ?? {};
    expect(notification?.trapOid).toBe(LINK_DOWN);
    // What is encrypted does not say what it is.
    expect(peeked).toEqual([undefined]);
  });
});

describe('rubbish', () => {
  const oid = tlv(0x06, [Buffer.from('2b06010603010104', 'hex')]);
  const list = tlv(SEQUENCE, [tlv(SEQUENCE, [oid, oid])]);
  const zero = tlv(0x02, [Buffer.from([0])]);
  const pdu = tlv(0xa7, [zero, zero, zero, list]);
  /** An SNMPv2c trap without snmpTrapOID. */
  const nameless = tlv(SEQUENCE, [
    tlv(0x02, [Buffer.from([1])]),
    tlv(0x04, [Buffer.from('city-traps')]),
    pdu,
  ]);

  it('is refused and never throws', () => {
    const readers = [new TrapReader(V2, ENGINE_ID), new TrapReader(V3, ENGINE_ID)];
    const mutated = fc
      .tuple(fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 }), fc.nat(100))
      .map(([changes, length]) => {
        const bytes = Buffer.from(nameless.subarray(0, Math.max(1, length)));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return bytes;
      });
    const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, random), (datagram) => {
        for (const each of readers) expect(each.read(datagram).notification).toBeUndefined();
        peekTrapOid(datagram);
      }),
      { numRuns: 500 },
    );
  });

  it('does not leave anything behind for the next message', () => {
    reader = new TrapReader(V2, ENGINE_ID);
    expect(reader.read(Buffer.from('30', 'hex'))).toEqual({ problem: 'no SNMP message' });
    expect(reader.read(nameless)).toEqual({ problem: 'a notification that does not say what happened' });
    expect(reader.read(nameless.subarray(0, 30))).toEqual({ problem: 'no SNMP message' });
  });
});
