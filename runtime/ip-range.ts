import { isIP } from 'node:net';

/** A number within its family: 32 bits for IPv4, 128 for IPv6. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** All addresses from the first to the last. */
export interface IpRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const LOW_32 = 0xffff_ffffn;

/**
 * An address in digits, also with a zone (`fe80::1%eth0`); undefined: it is none. An IPv6 address that stands for an IPv4
 * address is that IPv4 address, because the packet arrives there. Pure.
 */
export function parseAddress(text: string): IpAddress | undefined {
  const [plain = ''] = text.split('%');
  const family = isIP(plain);
  if (family === 4) return { family: 4, value: valueOfV4(plain) };
  if (family !== 6) return undefined;
  const value = valueOfV6(plain);
  const embedded = embeddedV4(value);
  return embedded === undefined ? { family: 6, value } : { family: 4, value: embedded };
}

/**
 * `10.26.0.0/16`, `2001:db8::/32`, or one address; undefined: neither. IPv6 addresses that stand for IPv4 ones are those, as
 * in parseAddress: `::ffff:10.26.9.0/120` is `10.26.9.0/24`. undefined also where only one end of the range is such a one,
 * because its other part would silently not be in it. Pure.
 */
export function parseRange(text: string): IpRange | undefined {
  const [, address = '', prefixText] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  if ((family !== 4 && family !== 6) || address.includes('%')) return undefined;
  const bits = family === 4 ? 32 : 128;
  if (prefixText === undefined) {
    const one = parseAddress(address);
    return one && { family: one.family, first: one.value, last: one.value };
  }
  const prefix = Number(prefixText);
  if (prefix > bits) return undefined;
  const value = family === 4 ? valueOfV4(address) : valueOfV6(address);
  const hostBits = BigInt(bits - prefix);
  const first = (value >> hostBits) << hostBits;
  const last = first + (1n << hostBits) - 1n;
  return family === 4 ? { family, first, last } : rangeOfV6(first, last);
}

/** Two ends that stand for IPv4 addresses are of one spelling: no two spellings are neighbours. */
function rangeOfV6(first: bigint, last: bigint): IpRange | undefined {
  const [firstV4, lastV4] = [embeddedV4(first), embeddedV4(last)];
  if (firstV4 === undefined && lastV4 === undefined) return { family: 6, first, last };
  // `::` and `::1` stand for themselves, those after them for IPv4 addresses.
  if (firstV4 === undefined || lastV4 === undefined) return undefined;
  return { family: 4, first: firstV4, last: lastV4 };
}

/** Pure. */
export function isInRange({ family, value }: IpAddress, range: IpRange): boolean {
  return family === range.family && value >= range.first && value <= range.last;
}

function valueOfV4(text: string): bigint {
  return text.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function valueOfV6(text: string): bigint {
  // The host of a URL is written in hexadecimal groups only, without an IPv4 tail.
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | group, 0n);
}

function groupsOf(text: string): readonly bigint[] {
  return text === '' ? [] : text.split(':').map((group) => BigInt(`0x${group}`));
}

/** IPv4-mapped and -compatible (RFC 4291, 2.5.5), translated (RFC 2765; NAT64, RFC 6052), 6to4 (RFC 3056). */
function embeddedV4(value: bigint): bigint | undefined {
  const high = value >> 32n;
  if (high === 0xffffn || high === 0xffff_0000n || high === 0x64_ff9bn << 64n) return value & LOW_32;
  if (high === 0n && value > 1n) return value;
  if (value >> 112n === 0x2002n) return (value >> 80n) & LOW_32;
  return undefined;
}
