import { childrenOf, SEQUENCE, tlvAt } from './ber.ts';
import { messageHeader } from './message-header.ts';
import { ENTERPRISE_SPECIFIC, trapOidOfV1 } from './trap-oid.ts';

const OID = 0x06;
const TRAP_V1 = 0xa4;
/** snmpTrapOID.0 (RFC 3418) as BER has it: the trap's own OID follows. */
const SNMP_TRAP_OID = Buffer.from('060a2b060106030101040100', 'hex');
const MAX_ARCS = 128;
const MAX_ARC = 0xffff_ffff;

/**
 * Which trap a datagram says it is, before anything of it is believed; undefined: it is encrypted, or none. Some microseconds, whatever
 * the bytes are. Pure.
 */
export function peekTrapOid(datagram: Buffer): string | undefined {
  const version = messageHeader(datagram)?.version;
  if (version === undefined) return undefined;
  if (version === 0) return peekV1(datagram);
  const at = datagram.indexOf(SNMP_TRAP_OID);
  const value = at < 0 ? undefined : tlvAt(datagram, at + SNMP_TRAP_OID.length);
  return value?.tag === OID ? decodeOid(value.content) : undefined;
}

/** RFC 1157, section 4.1.6: enterprise, agent-addr, generic-trap, specific-trap. */
function peekV1(datagram: Buffer): string | undefined {
  const pdu = childrenOf(tlvAt(datagram, 0), SEQUENCE)?.[2];
  const [enterprise, , generic, specific] = childrenOf(pdu, TRAP_V1) ?? [];
  const oid = enterprise?.tag === OID ? decodeOid(enterprise.content) : undefined;
  if (oid === undefined || generic === undefined || specific === undefined) return undefined;
  return trapOidOfV1(
    oid,
    integerOf(generic.content) ?? ENTERPRISE_SPECIFIC,
    integerOf(specific.content) ?? 0,
  );
}

function integerOf(content: Buffer): number | undefined {
  return content.length >= 1 && content.length <= 5 ? content.readIntBE(0, content.length) : undefined;
}

/** ITU-T X.690, section 8.19. */
function decodeOid(content: Buffer): string | undefined {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > MAX_ARC || arcs.length > MAX_ARCS) return undefined;
    if (byte >= 0x80) continue;
    if (arcs.length > 0) arcs.push(arc);
    else {
      const first = Math.min(2, Math.floor(arc / 40));
      arcs.push(first, arc - 40 * first);
    }
    arc = 0;
  }
  return arcs.length === 0 ? undefined : arcs.join('.');
}
