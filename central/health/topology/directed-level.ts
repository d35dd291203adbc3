import { deriveParents } from '../../inventory/topology/derive-parents.ts';
import { pairKey, type MeasuredEdge } from './measured-edges.ts';
import { weaker, type Confidence } from './proposal.ts';
import { findRoots } from './roots.ts';

/** Sites, or the devices of one site: what has parents, and what is known of the ways between them. */
export interface Level {
  /** Of each entry by its id. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** Measured between two entries, by `pairKey`. */
  readonly measured: ReadonlyMap<string, readonly MeasuredEdge[]>;
  /** Declared otherwise than by parents. */
  readonly links: Iterable<readonly [string, string]>;
  /** What is taken for the way out: the first that finds any counts. */
  readonly rootTests: readonly ((id: string) => boolean)[];
}

export interface MoreParents {
  readonly id: string;
  readonly added: readonly string[];
  readonly edges: readonly MeasuredEdge[];
  readonly confidence: Confidence;
}

export interface DirectedLevel {
  /** What each entry is reached through, by all that is declared and measured. */
  readonly above: ReadonlyMap<string, readonly string[]>;
  /** What is measured of that and not declared. */
  readonly more: readonly MoreParents[];
}

/** Pure. */
export function directLevel({ parents, measured, links: declared, rootTests }: Level): DirectedLevel {
  const nodes = [...parents.keys()];
  const links: (readonly [string, string])[] = [];
  const add = (a: string, b: string): void => {
    if (a !== b && parents.has(a) && parents.has(b)) links.push([a, b]);
  };
  for (const [id, above] of parents) for (const parent of above) add(id, parent);
  for (const [a, b] of declared) add(a, b);
  for (const key of measured.keys()) {
    const [a = '', b = ''] = key.split(' ');
    add(a, b);
  }
  const { roots, guessed } = findRoots({ nodes, links }, rootTests);
  const above = deriveParents(nodes, links, roots);
  const more = nodes.flatMap((id): MoreParents[] => {
    const known = parents.get(id) ?? [];
    const added = (above.get(id) ?? []).filter(
      (parent) => !known.includes(parent) && measured.has(pairKey(id, parent)),
    );
    if (added.length === 0) return [];
    const edges = added.flatMap((parent) => measured.get(pairKey(id, parent)) ?? []);
    const measuredBy = edges.map(({ confidence }) => confidence).reduce(weaker, 'high');
    return [{ id, added, edges, confidence: guessed.has(id) ? 'low' : measuredBy }];
  });
  return { above, more };
}
