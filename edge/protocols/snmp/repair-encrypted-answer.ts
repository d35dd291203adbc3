import { Authentication } from 'net-snmp';
import { decrypt, encrypt, type EncryptedUser } from './aes.ts';
import { childrenOf, SEQUENCE, tlv, tlvAt, type Tlv } from './ber.ts';
import { repairPdu } from './repair-pdu.ts';

/** msgVersion, msgGlobalData, msgSecurityParameters, encrypted scoped PDU (RFC 3412, 6). */
interface Message {
  readonly version: Tlv;
  readonly header: Tlv;
  /** Engine id, boots, time, user, digest, salt (RFC 3414, 2.4). */
  readonly security: readonly Tlv[];
  readonly encrypted: Tlv;
}

const OCTETS = 4;
const SECURITY_FIELDS = 6;
const MAX_INTEGER_BYTES = 5;
/** msgFlags of a message with authentication and privacy. */
const AUTH_PRIV = 3;

/**
 * As repairPdu(), of a whole SNMPv3 message: a response whose digest proves that it comes from the device is decrypted, and, where it has a
 * value that the library does not read rightly, repaired and put back into a message like it, for the library alone. Any other
 * datagram as it is: the library knows what to say of it.
 */
export function repairEncryptedAnswer(datagram: Buffer, user: EncryptedUser): Buffer {
  try {
    const message = readMessage(datagram);
    return message === undefined ? datagram : (repaired(datagram, message, user) ?? datagram);
  } catch {
    return datagram; // not decryptable
  }
}

function repaired(datagram: Buffer, message: Message, user: EncryptedUser): Buffer | undefined {
  const [engineId, boots, time, name, digest, salt] = message.security;
  if (engineId === undefined || boots === undefined || time === undefined || name === undefined)
    return undefined;
  if (digest === undefined || salt === undefined) return undefined;
  const { authProtocol, authKey } = user;
  if (!Authentication.isAuthentic(datagram, authProtocol, authKey, engineId.content, digest.content))
    return undefined;
  const parameters = {
    engineId: engineId.content,
    engineBoots: integer(boots),
    engineTime: integer(time),
    salt: salt.content,
  };
  const plain = decrypt(message.encrypted.content, user, parameters);
  const [contextEngine, contextName, pdu] = childrenOf(tlvAt(plain, 0), SEQUENCE) ?? [];
  if (contextEngine === undefined || contextName === undefined || pdu === undefined) return undefined;
  const newPdu = repairPdu(pdu);
  if (newPdu === undefined) return undefined;
  const scoped = tlv(SEQUENCE, [contextEngine.bytes, contextName.bytes, newPdu]);
  const noDigest = tlv(OCTETS, [Buffer.alloc(digest.content.length)]);
  const security = [engineId.bytes, boots.bytes, time.bytes, name.bytes, noDigest, salt.bytes];
  const bytes = tlv(SEQUENCE, [
    message.version.bytes,
    message.header.bytes,
    tlv(OCTETS, [tlv(SEQUENCE, security)]),
    // With the salt of the message again: this one is never sent.
    tlv(OCTETS, [encrypt(scoped, user, parameters)]),
  ]);
  const place = readMessage(bytes)?.security[4]?.content;
  if (place === undefined) return undefined;
  Authentication.writeParameters(bytes, authProtocol, authKey, engineId.content, place);
  return bytes;
}

/** undefined: not a message with authentication and privacy. */
function readMessage(datagram: Buffer): Message | undefined {
  const [version, header, parameters, encrypted] = childrenOf(tlvAt(datagram, 0), SEQUENCE) ?? [];
  if (version === undefined || header === undefined) return undefined;
  if (parameters?.tag !== OCTETS || encrypted?.tag !== OCTETS) return undefined;
  const flags = childrenOf(header, SEQUENCE)?.[2]?.content[0] ?? 0;
  if ((flags & AUTH_PRIV) !== AUTH_PRIV) return undefined;
  const security = childrenOf(tlvAt(parameters.content, 0), SEQUENCE);
  return security?.length === SECURITY_FIELDS ? { version, header, security, encrypted } : undefined;
}

function integer(value: Tlv | undefined): number {
  const length = value?.content.length ?? 0;
  if (value === undefined || length < 1 || length > MAX_INTEGER_BYTES) {
    throw new RangeError('expected an integer of 1 to 5 bytes');
  }
  return value.content.readIntBE(0, length);
}
