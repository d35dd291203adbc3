import { isIP } from 'node:net';

export type Category =
  | 'name'
  | 'contact'
  | 'location'
  | 'label'
  | 'serial'
  | 'IPv4'
  | 'IPv6'
  | 'MAC'
  | 'secret'
  | 'e-mail'
  | 'position';

/** RFC 5737, then RFC 2544: addresses that nobody has. */
const IPV4_NETWORKS = ['192.0.2', '198.51.100', '203.0.113'];

/** Gives the same stand-in for the same original, and another for another. */
export class Pseudonyms {
  readonly #byOriginal = new Map<string, string>();
  readonly #counts = new Map<Category, number>();

  /** Of texts, as they are spelt: upper and lower case are the same. */
  find(original: string): string | undefined {
    return this.#byOriginal.get(original.toLowerCase());
  }

  replace(category: Category, original: string): string {
    const key = original.toLowerCase();
    const known = this.#byOriginal.get(key);
    if (known !== undefined) return known;
    const number = (this.#counts.get(category) ?? 0) + 1;
    this.#counts.set(category, number);
    const made = standIn(category, number, original);
    this.#byOriginal.set(key, made);
    return made;
  }

  /** How many different ones of each kind. */
  get counts(): ReadonlyMap<Category, number> {
    return this.#counts;
  }
}

function standIn(category: Category, number: number, original: string): string {
  switch (category) {
    case 'IPv4':
      return ipv4(number);
    case 'IPv6':
      return `2001:db8::${number.toString(16)}`;
    case 'MAC':
      // Locally administered (IEEE 802).
      return `02${number.toString(16).padStart(10, '0')}`.match(/../g)?.join(':') ?? '';
    case 'serial':
      // As long as it was, where that leaves room for the number: some agents have fixed columns.
      return `SN${String(number).padStart(Math.min(64, Math.max(4, original.length)) - 2, '0')}`;
    case 'e-mail':
      return `person-${number}@example.org`;
    case 'position':
      return '0.000000';
    default:
      return `${category}-${number}`;
  }
}

function ipv4(number: number): string {
  const [network, host] = [Math.floor((number - 1) / 254), ((number - 1) % 254) + 1];
  const documented = IPV4_NETWORKS[network];
  if (documented !== undefined) return `${documented}.${host}`;
  return `198.18.${(network - IPV4_NETWORKS.length) % 256}.${host}`;
}

/** What everybody has: any, this machine, masks, multicast. */
export function isCommonIpv4(address: string): boolean {
  if (isIP(address) !== 4) return true;
  const bytes = address.split('.').map(Number);
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const [first = 0] = bytes;
  const inverted = 0xffff_ffff - value;
  // A mask is ones and then zeros: its inverse is one less than a power of two.
  const isMask = first >= 128 && Number.isInteger(Math.log2(inverted + 1));
  return first === 0 || first === 127 || first >= 224 || isMask;
}
