import { isIP } from 'node:net';

const IPV4_MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** A /64 is what one host is given (RFC 6177, RFC 7421): it can use any of its addresses. */
const PREFIX_GROUPS = 4;

/**
 * What limits for each address count by: an IPv4 address, or the /64 of an IPv6 address. An IPv4 address that is mapped
 * into IPv6 is that IPv4 address. Text that is no address is returned as it is. Pure.
 */
export function addressPrefix(address: string): string {
  const [plain = ''] = address.split('%');
  const mapped = IPV4_MAPPED.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups.slice(0, PREFIX_GROUPS).join(':')}::/64`;
}

/** Without leading zeros; an IPv4 tail stands for two groups, which a /64 never has. */
function groupsOf(text: string): string[] {
  if (text === '') return [];
  return text
    .split(':')
    .flatMap((group) => (group.includes('.') ? ['0', '0'] : [Number.parseInt(group, 16).toString(16)]));
}
