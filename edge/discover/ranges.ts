import { isIPv4 } from 'node:net';
import { EXIT, UserError } from '../../runtime/errors.ts';

/** As many as a /20 has. */
export const MAX_ADDRESSES = 4_096;

/**
 * IPv4 addresses of `10.1.2.0/24` (without network and broadcast address), `10.1.2.3`, `10.1.2.3-10.1.2.40` and
 * `10.1.2.3-40`, each once, in order. Pure. Throws a UserError (exit 2) with every problem.
 */
export function expandRanges(ranges: readonly string[]): readonly string[] {
  const problems: string[] = [];
  const found = new Set<number>();
  for (const range of ranges) {
    const bounds = parseRange(range);
    if (bounds === undefined) {
      problems.push(
        `${range}: expected an IPv4 network such as 10.1.2.0/24, a range such as 10.1.2.3-40, or an address`,
      );
      continue;
    }
    const [first, last] = bounds;
    if (last - first >= MAX_ADDRESSES) {
      problems.push(
        `${range}: ${last - first + 1} addresses; expected at most ${MAX_ADDRESSES} (a /20), so split it`,
      );
      continue;
    }
    for (let address = first; address <= last; address++) found.add(address);
  }
  if (problems.length === 0 && found.size > MAX_ADDRESSES) {
    problems.push(`${found.size} addresses in all; expected at most ${MAX_ADDRESSES} (a /20), so split it`);
  }
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return [...found].sort((a, b) => a - b).map(toText);
}

/** First and last address; undefined: no range. */
function parseRange(range: string): readonly [number, number] | undefined {
  const network = /^([\d.]+)\/(\d{1,2})$/.exec(range);
  if (network !== null) return networkBounds(network[1] ?? '', Number(network[2]));
  const [from = '', to = from, ...rest] = range.split('-');
  if (!isIPv4(from) || rest.length > 0) return undefined;
  const end = /^\d{1,3}$/.test(to) ? from.replace(/\d+$/, to) : to;
  if (!isIPv4(end) || toNumber(end) < toNumber(from)) return undefined;
  return [toNumber(from), toNumber(end)];
}

function networkBounds(address: string, prefix: number): readonly [number, number] | undefined {
  if (!isIPv4(address) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(toNumber(address) / size) * size;
  // RFC 3021: both addresses of a /31 are hosts.
  return size <= 2 ? [first, first + size - 1] : [first + 1, first + size - 2];
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
