import { isInRange, parseAddress, parseRange, type IpAddress, type IpRange } from '../../runtime/ip-range.ts';
import type { Destination } from '../../runtime/dial/target-guard.ts';
import { matchesPattern, patternText, type TargetPattern } from '../config/target-pattern.ts';

export interface NetworkRules {
  readonly allowTargets: readonly TargetPattern[];
  /** Count more than those allowed. */
  readonly denyTargets: readonly TargetPattern[];
}

/** Where a machine answers itself only, or trusts whoever asks. */
const GUARDED: readonly { readonly what: string; readonly ranges: readonly IpRange[] }[] = [
  guarded('is this machine itself', '127.0.0.0/8', '::1'),
  guarded('is link-local', '169.254.0.0/16', 'fe80::/10'),
  guarded('is nobody’s address', '0.0.0.0/8', '::'),
  // Of AWS, Alibaba, Azure and Oracle, where they are not link-local.
  guarded(
    'is a cloud’s metadata service',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
  ),
];

/** Why a config from central may not connect there, with what would allow it; undefined: it may. Pure. */
export function networkRefusal(
  { allowTargets, denyTargets }: NetworkRules,
  to: Destination,
  ownAddresses: readonly string[],
): string | undefined {
  const shown = patternText(to.address.replace(/%.*/s, ''), to.port);
  const address = parseAddress(to.address);
  if (address === undefined) return `${shown} is no address`;
  const denied = denyTargets.find((pattern) => matchesPattern(pattern, to));
  if (denied !== undefined)
    return `${shown} is in configFromCentral.denyTargets of edge.yaml (${denied.text})`;
  const what = whyGuarded(address, ownAddresses);
  if (what === undefined || allowTargets.some((pattern) => matchesPattern(pattern, to))) return undefined;
  return `${shown} ${what}, where a config from central may not connect; to allow it, in edge.yaml: configFromCentral: { allowTargets: ['${shown}'] }`;
}

function whyGuarded(address: IpAddress, ownAddresses: readonly string[]): string | undefined {
  const known = GUARDED.find(({ ranges }) => ranges.some((range) => isInRange(address, range)));
  if (known !== undefined) return known.what;
  // What listens on this machine may be shut to others by a firewall.
  const isOwn = ownAddresses.some((text) => {
    const own = parseAddress(text);
    return own?.family === address.family && own.value === address.value;
  });
  return isOwn ? 'is this machine itself' : undefined;
}

function guarded(what: string, ...texts: readonly string[]): { what: string; ranges: readonly IpRange[] } {
  return { what, ranges: texts.map(parseRange).filter((range) => range !== undefined) };
}
