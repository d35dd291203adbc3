import { isIP, SocketAddress } from 'node:net';

/** AddressFamilyNumbers (IANA), and the length of such an address in bytes. */
const IPV4 = { family: '1', bytes: 4 } as const;
const IPV6 = { family: '2', bytes: 16 } as const;

/** An address in the index of a table: family, length and bytes, each an arc. undefined: neither IPv4 nor IPv6. Pure. */
export function addressOfIndex(arcs: readonly string[]): string | undefined {
  const [family, length, ...bytes] = arcs;
  if (bytes.length !== Number(length) || bytes.some((byte) => !/^\d{1,3}$/.test(byte) || Number(byte) > 255))
    return undefined;
  if (family === IPV4.family && bytes.length === IPV4.bytes) return valid(bytes.join('.'));
  if (family !== IPV6.family || bytes.length !== IPV6.bytes) return undefined;
  const groups = Buffer.from(bytes.map(Number)).toString('hex').match(/.{4}/g) ?? [];
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

function valid(address: string): string | undefined {
  return isIP(address) === 0 || address === '0.0.0.0' ? undefined : address;
}
