import { childrenOf, SEQUENCE, tlv, type Tlv } from './ber.ts';
import { isException, TYPE } from './session.ts';

/** Counter32, Gauge32, TimeTicks: 32 bits without sign, and a zero byte in front where the first bit is set. */
const UNSIGNED: readonly number[] = [TYPE.counter32, TYPE.gauge32, TYPE.timeTicks];
/** UInteger32 of SNMPv2p (RFC 1442), read as the Gauge32 that replaced it. */
const UINTEGER32 = 71;
const MAX_UNSIGNED_BYTES = 5;
/** More does not fit into a number. */
const MAX_INTEGER_BYTES = 6;
/** Types whose value may have any length. */
const ANY_LENGTH: readonly number[] = [TYPE.bits, TYPE.octets, TYPE.opaque, TYPE.counter64];
const NULL = Buffer.from([TYPE.null, 0]);

/**
 * A response as the library reads it rightly: it takes an unsigned value without its leading zero byte, which small agents
 * leave out, for a negative number, and gives up a whole response for one value that is not valid, such as an INTEGER of no
 * bytes. Such values become NULL. undefined: nothing is to be done, or it is no response. Pure.
 */
export function repairPdu(pdu: Tlv): Buffer | undefined {
  const [id, status, index, list] = childrenOf(pdu) ?? [];
  if (id === undefined || status === undefined || index === undefined || list === undefined) return undefined;
  const varbinds = childrenOf(list, SEQUENCE);
  const repaired = varbinds?.map(repairVarbind);
  if (repaired === undefined || repaired.every((bytes, at) => bytes === varbinds?.[at]?.bytes))
    return undefined;
  return tlv(pdu.tag, [id.bytes, status.bytes, index.bytes, tlv(SEQUENCE, repaired)]);
}

function repairVarbind(varbind: Tlv): Buffer {
  const [oid, value] = childrenOf(varbind, SEQUENCE) ?? [];
  if (oid === undefined || value === undefined) return varbind.bytes;
  const repaired = repairValue(value);
  return repaired === value.bytes ? varbind.bytes : tlv(SEQUENCE, [oid.bytes, repaired]);
}

function repairValue({ tag, content, bytes }: Tlv): Buffer {
  const { length } = content;
  if (UNSIGNED.includes(tag)) return repairUnsigned(tag, content, bytes);
  if (tag === UINTEGER32) return repairUnsigned(TYPE.gauge32, content, undefined);
  if (tag === TYPE.integer) return length >= 1 && length <= MAX_INTEGER_BYTES ? bytes : NULL;
  if (tag === TYPE.oid) return length >= 1 ? bytes : NULL;
  if (tag === TYPE.ipAddress) return length === 4 ? bytes : NULL;
  if (isException({ type: tag })) return length === 0 ? bytes : Buffer.from([tag, 0]);
  return ANY_LENGTH.includes(tag) || bytes.equals(NULL) ? bytes : NULL;
}

function repairUnsigned(tag: number, content: Buffer, unchanged: Buffer | undefined): Buffer {
  const [first] = content;
  if (first === undefined || content.length > MAX_UNSIGNED_BYTES) return NULL;
  if (content.length === MAX_UNSIGNED_BYTES && first !== 0) return NULL;
  if (first >= 0x80) return tlv(tag, [Buffer.from([0]), content]);
  return unchanged ?? tlv(tag, [content]);
}
