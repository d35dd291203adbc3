import type { VarbindValue } from '../../../protocols/snmp/session.ts';
import { isAtOrBelow } from '../../../protocols/snmp/oid.ts';
import { toText } from '../../../protocols/snmp/value.ts';
import { namePattern } from '../../name-pattern.ts';
import type { System } from '../system.ts';
import type { Match } from './profile-schema.ts';

export type Identity = Pick<System, 'objectId' | 'description'>;

/** A way in which a profile may be the one for a device; the better, the later it comes in the order of `compareFits`. */
export interface Fit {
  /** Of sysObjectID that match; 0: any. */
  readonly arcs: number;
  readonly hasDescription: boolean;
  /** Still to be asked for. */
  readonly probe: Match['probe'];
}

/** How the system group fits one of these; those that do not are left out. Pure. */
export function fitsOf(matches: readonly Match[], { objectId, description = '' }: Identity): readonly Fit[] {
  return matches.flatMap(({ sysObjectId, sysDescr, probe }): Fit[] => {
    const prefixes = sysObjectId?.filter((prefix) => isAtOrBelow(prefix, objectId));
    if (prefixes?.length === 0) return [];
    if (sysDescr !== undefined && !sysDescr.some((pattern) => namePattern(pattern)(description))) return [];
    const arcs = Math.max(0, ...(prefixes ?? []).map((prefix) => prefix.split('.').length));
    return [{ arcs, hasDescription: sysDescr !== undefined, probe }];
  });
}

/** Above 0: `a` says more than `b`. A probe proves what a sysObjectID of the author of the agent leaves open. Pure. */
export function compareFits(a: Fit, b: Fit): number {
  return (
    a.arcs - b.arcs ||
    Number(a.probe !== undefined) - Number(b.probe !== undefined) ||
    Number(a.hasDescription) - Number(b.hasDescription)
  );
}

/** What is asked for: the object as it stands, and as a scalar that was written without its `.0`. The first that is there counts. Pure. */
export function probedOids({ probe }: Pick<Fit, 'probe'>): readonly string[] {
  if (probe === undefined) return [];
  return probe.oid.endsWith('.0') ? [probe.oid] : [probe.oid, `${probe.oid}.0`];
}

/** Whether the device has what is asked for. Pure. */
export function isProven({ probe }: Fit, found: ReadonlyMap<string, VarbindValue>): boolean {
  if (probe === undefined) return true;
  const oid = probedOids({ probe }).find((each) => found.has(each));
  const value = oid === undefined ? undefined : found.get(oid);
  if (value === undefined || probe.is === undefined) return value !== undefined;
  return probe.is.some((pattern) => namePattern(pattern)(toText(value) ?? ''));
}
