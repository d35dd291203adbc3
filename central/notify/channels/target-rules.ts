import { isInRange, parseAddress, parseRange, type IpRange } from '../../../runtime/ip-range.ts';
import type { Destination, TargetGuard } from '../../../runtime/dial/target-guard.ts';

/** Where a city keeps what is its own: a channel reaches it only if central.yaml says so. */
const GUARDED: readonly { readonly what: string; readonly ranges: readonly IpRange[] }[] = [
  guarded('is this machine itself', '127.0.0.0/8', '::1'),
  guarded('is link-local', '169.254.0.0/16', 'fe80::/10'),
  guarded('is nobody’s address', '0.0.0.0/8', '::'),
  guarded('is private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'),
  // RFC 6598; with the metadata service of a cloud in it.
  guarded('is shared address space', '100.64.0.0/10'),
  // Metadata services of clouds, where they are not link-local.
  guarded('is a cloud’s metadata service', '168.63.129.16', '192.0.0.192'),
  guarded('is no address of one host', '224.0.0.0/4', '240.0.0.0/4', 'ff00::/8'),
];

/** Asked with the address that is dialled, so that a name cannot lead elsewhere later. */
export function targetRules(allowed: readonly IpRange[]): TargetGuard {
  return { refusal: (to) => refusalOf(to, allowed) };
}

/** The same for what is sent without TLS: it stays on this machine or in a private network that is allowed by name. */
export function privateTargetRules(allowed: readonly IpRange[]): TargetGuard {
  return {
    refusal: (to) =>
      refusalOf(to, allowed) ??
      (guardedAs(to.address) === undefined
        ? `${to.host} is not in a private network: nothing is sent there without TLS`
        : undefined),
  };
}

/** Pure. Why a channel may not connect there, with what would allow it; undefined: it may. */
function refusalOf({ address: text, host }: Destination, allowed: readonly IpRange[]): string | undefined {
  const plain = withoutZone(text);
  const address = parseAddress(plain);
  if (address === undefined) return `${plain} is no address`;
  const found = guardedAs(text);
  if (found === undefined || allowed.some((range) => isInRange(address, range))) return undefined;
  const shown = host === text ? plain : `${host} (${plain})`;
  return `${shown} ${found.what}; to allow it, in central.yaml: notify: { allowTargets: ['${plain}'] }`;
}

function guardedAs(text: string): (typeof GUARDED)[number] | undefined {
  const address = parseAddress(withoutZone(text));
  if (address === undefined) return undefined;
  return GUARDED.find(({ ranges }) => ranges.some((range) => isInRange(address, range)));
}

/** Of a link-local IPv6 address, such as `fe80::1%eth0`. */
function withoutZone(address: string): string {
  return address.replace(/%.*/s, '');
}

function guarded(what: string, ...texts: readonly string[]): { what: string; ranges: readonly IpRange[] } {
  return { what, ranges: texts.map(parseRange).filter((range) => range !== undefined) };
}
