import type { Finding } from './finding.ts';

/** One device, and the other addresses at which it answers too. */
export interface Distinct {
  readonly finding: Finding;
  readonly otherAddresses: readonly string[];
}

/**
 * Findings that are one device: the same SNMP engine, or where one of the two does not tell its engine, the same name and chassis. Pure.
 * The first address stands for all.
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
  // Machines that were cloned share an engine, but seldom a name.
  if (a.name !== b.name) return false;
  if (a.engineId !== undefined && b.engineId !== undefined) return a.engineId === b.engineId;
  return a.name !== undefined && a.chassis !== undefined && a.chassis === b.chassis;
}
