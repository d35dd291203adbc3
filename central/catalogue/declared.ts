import type { Catalogue } from '../../contract/catalogue.ts';
import type { Declaration } from '../../contract/custom/declaration.ts';
import { contradiction } from '../../contract/custom/contradiction.ts';
import { definitionOf } from '../../contract/custom/definition.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';

/** A declaration, and who made it: a file, or the config of an agent. */
export interface Declared {
  readonly declaration: Declaration;
  /** As problems name it: `/etc/wardwatch/measurements/room.yaml`, `the config of gw-1`. */
  readonly source: string;
}

/** Which of `declared` contradict another, or one of `others`; each names both sources. Pure. */
export function contradictions(
  declared: readonly Declared[],
  others: readonly Declared[] = [],
): readonly string[] {
  const known = new Map<string, Declared[]>();
  for (const other of others) known.set(nameOf(other), [...(known.get(nameOf(other)) ?? []), other]);
  return declared.flatMap((own) => {
    const before = known.get(nameOf(own)) ?? [];
    known.set(nameOf(own), [...before, own]);
    for (const other of before) {
      const difference = contradiction(other.declaration, own.declaration);
      if (difference !== undefined)
        return [
          `${own.source}: ${nameOf(own)}: ${other.source} declares it, too, and otherwise: ${difference}`,
        ];
    }
    return [];
  });
}

/** The shipped catalogue with these. Pure. */
export function catalogueWith(declarations: Iterable<Declaration>): Catalogue {
  const catalogue = new Map(CATALOGUE);
  for (const declaration of declarations) catalogue.set(declaration.measurement, definitionOf(declaration));
  return catalogue;
}

export function nameOf({ declaration }: Declared): string {
  return declaration.measurement;
}
