import { SEQUENCE, tlv } from '../ber.ts';
import { TYPE } from '../session.ts';

/** PDU tags (RFC 3416, section 3). */
export const PDU = { get: 0xa0, response: 0xa2, getBulk: 0xa5 } as const;

export interface Request {
  readonly community: string;
  readonly id: number;
  readonly pdu: typeof PDU.get | typeof PDU.getBulk;
  /** Of a GETBULK; 0 otherwise. */
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
  readonly oids: readonly string[];
}

const VERSION = Buffer.from([TYPE.integer, 1, 1]);
const NULL = Buffer.from([TYPE.null, 0]);

/** An SNMPv2c message (RFC 1901, RFC 3416). */
export function writeRequest({ community, id, pdu, nonRepeaters, maxRepetitions, oids }: Request): Buffer {
  return tlv(SEQUENCE, [
    VERSION,
    tlv(TYPE.octets, [Buffer.from(community)]),
    tlv(pdu, [
      integer(id),
      integer(nonRepeaters),
      integer(maxRepetitions),
      tlv(
        SEQUENCE,
        oids.map((oid) => tlv(SEQUENCE, [tlv(TYPE.oid, [oidBytes(oid)]), NULL])),
      ),
    ]),
  ]);
}

/** Of at most 31 bits, without sign. */
function integer(value: number): Buffer {
  const bytes = [value & 0xff];
  for (let rest = value >>> 8; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  return tlv(TYPE.integer, [Buffer.from(bytes)]);
}

function oidBytes(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const at = bytes.length;
    bytes.push(arc & 0x7f);
    for (let left = arc >>> 7; left > 0; left >>>= 7) bytes.splice(at, 0, 0x80 | (left & 0x7f));
  }
  return Buffer.from(bytes);
}
