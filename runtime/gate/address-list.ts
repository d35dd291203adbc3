import { BlockList, isIP } from 'node:net';

/** Whether `text` is an address, or a network such as `10.20.0.0/16` or `2001:db8::/48`. Pure. */
export function isAddressOrNetwork(text: string): boolean {
  const { family, prefixBits } = parse(text);
  if (family === 0) return false;
  return Number.isInteger(prefixBits) && prefixBits >= 0 && prefixBits <= (family === 4 ? 32 : 128);
}

/** Tells whether an address is one of `entries` or in one of their networks. Pure. */
export function addressMatcher(entries: readonly string[]): (address: string) => boolean {
  if (entries.length === 0) return () => false;
  const list = new BlockList();
  for (const entry of entries) {
    const { address, family, prefixBits } = parse(entry);
    list.addSubnet(address, prefixBits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return (given) => {
    const [address = ''] = given.split('%');
    const family = isIP(address);
    // An IPv4 address that is mapped into IPv6 is found among IPv4 networks, too.
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

function parse(text: string): {
  readonly address: string;
  readonly family: number;
  readonly prefixBits: number;
} {
  const [address = '', bits, ...more] = text.split('/');
  const family = more.length > 0 ? 0 : isIP(address);
  const whole = family === 4 ? 32 : 128;
  const prefixBits = bits === undefined ? whole : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  return { address, family, prefixBits };
}
