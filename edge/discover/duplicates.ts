import type { Finding } from './finding.ts';

/** One device, and the other addresses at which it answers. */
export interface Distinct {
  readonly finding: Finding;
  readonly otherAddresses: readonly string[];
}

/**
 * Merges findings of one device: the same name and SNMP engine, or, if either engine is unknown, the same name and
 * chassis. The first address represents the device. Pure.
 */
export function mergeDuplicates(findings: readonly Finding[]): readonly Distinct[] {
  const distinct: { finding: Finding; otherAddresses: string[] }[] = [];
  for (const finding of findings) {
    const known = distinct.find(({ finding: other }) => isSame(other, finding));
    if (known === undefined) distinct.push({ finding, otherAddresses: [] });
    else known.otherAddresses.push(finding.address);
  }
  return distinct;
}

function isSame(a: Finding, b: Finding): boolean {
  // Cloned machines share an engine, but rarely a name.
  if (a.name !== b.name) return false;
  if (a.engineId !== undefined && b.engineId !== undefined) return a.engineId === b.engineId;
  return a.name !== undefined && a.chassis !== undefined && a.chassis === b.chassis;
}
