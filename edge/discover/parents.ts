import type { Finding } from './finding.ts';

/** The parent of a device, and the link to it. */
export interface Parent {
  /** Position of the parent among the findings. */
  readonly at: number;
  /** The device's own port toward it, if known. */
  readonly port: string | undefined;
}

/**
 * Suggests a parent for each device from LLDP. Pure. In each group of connected devices the one with the most links to
 * others of the group is taken for the top (then the one with more interfaces, then the first); the parent is the
 * neighbour on the shortest way there.
 */
export function suggestParents(findings: readonly Finding[]): readonly (Parent | undefined)[] {
  const links = linksOf(findings);
  const parents: (Parent | undefined)[] = findings.map(() => undefined);
  const seen = new Set<number>();
  const tops = findings
    .map((finding, at) => ({ at, linkCount: links[at]?.size ?? 0, interfaceCount: finding.interfaceCount }))
    .sort((a, b) => b.linkCount - a.linkCount || b.interfaceCount - a.interfaceCount || a.at - b.at);
  for (const { at: top } of tops) {
    if (seen.has(top)) continue;
    seen.add(top);
    const waiting = [top];
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      for (const below of links[at]?.keys() ?? []) {
        if (seen.has(below)) continue;
        seen.add(below);
        parents[below] = { at, port: links[below]?.get(at) };
        waiting.push(below);
      }
    }
  }
  return parents;
}

/** The neighbours of each device and the port toward each. A link reported by one side only counts. */
function linksOf(findings: readonly Finding[]): Map<number, string | undefined>[] {
  const links = findings.map(() => new Map<number, string | undefined>());
  for (const [at, { neighbours }] of findings.entries()) {
    for (const neighbour of neighbours) {
      const other = findings.findIndex((candidate) => isSame(candidate, neighbour));
      if (other === -1 || other === at) continue;
      links[at]?.set(other, neighbour.port);
      if (links[other]?.has(at) === false) links[other].set(at, neighbour.remotePort);
    }
  }
  return links;
}

function isSame(finding: Finding, neighbour: Finding['neighbours'][number]): boolean {
  if (finding.chassis !== undefined && neighbour.chassis !== undefined) {
    if (finding.chassis === neighbour.chassis) return true;
  }
  return finding.name !== undefined && finding.name === neighbour.name;
}
