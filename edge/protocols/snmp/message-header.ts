import { childrenOf, SEQUENCE, tlvAt } from './ber.ts';

/** What an SNMP message says of itself before anything of it is trusted. */
export interface MessageHeader {
  /** 0: SNMPv1, 1: SNMPv2c, 3: SNMPv3. */
  readonly version: number;
  /** Of v3: msgAuthoritativeEngineID in hexadecimal (RFC 3414, section 2.4). Its keys are derived from it, which is dear. */
  readonly engineId: string | undefined;
}

/** RFC 3411, SnmpEngineID. */
const MAX_ENGINE_ID_BYTES = 32;

/** undefined: it is no SNMP message. Cheap, whatever the bytes are. Pure. */
export function messageHeader(datagram: Buffer): MessageHeader | undefined {
  const parts = childrenOf(tlvAt(datagram, 0), SEQUENCE);
  const [version] = parts ?? [];
  if (parts === undefined || version?.tag !== 2 || version.content.length !== 1) return undefined;
  const number = version.content[0] ?? -1;
  if (number !== 3) return { version: number, engineId: undefined };
  const parameters = parts[2]?.content;
  const engineId = parameters && childrenOf(tlvAt(parameters, 0), SEQUENCE)?.[0]?.content;
  if (engineId === undefined || engineId.length > MAX_ENGINE_ID_BYTES) return undefined;
  return { version: number, engineId: engineId.toString('hex') };
}
