/** snmpTraps (RFC 3418): the generic traps of v1 are below it, from coldStart (.1) on. */
const GENERIC_TRAPS = '1.3.6.1.6.3.1.1.5';
export const ENTERPRISE_SPECIFIC = 6;

/** The snmpTrapOID that stands for a trap of SNMPv1 (RFC 3584, section 3.1). Pure. */
export function trapOidOfV1(enterprise: string, generic: number, specific: number): string {
  const isGeneric = generic >= 0 && generic < ENTERPRISE_SPECIFIC;
  return isGeneric ? `${GENERIC_TRAPS}.${generic + 1}` : `${enterprise}.0.${specific}`;
}
