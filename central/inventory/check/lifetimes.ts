import type { InventoryFile } from '../../../contract/inventory.ts';
import type { InventoryList, InventoryProblem } from './problem.ts';
import type { Reference } from './references.ts';

/** When something is expected to exist: from the first day to the day before the second. */
interface Lifetime {
  readonly installedOn?: string | undefined;
  readonly retiredOn?: string | undefined;
}

const DATED = ['sites', 'agents', 'devices', 'links', 'pools', 'services'] as const;

/** Retired before it was installed. Pure. */
export function lifetimeProblems(file: InventoryFile): readonly InventoryProblem[] {
  return DATED.flatMap((list) =>
    file[list].flatMap(({ installedOn, retiredOn }: Lifetime, at) =>
      installedOn === undefined || retiredOn === undefined || installedOn <= retiredOn
        ? []
        : [
            {
              list,
              at,
              field: 'retiredOn',
              message: `before it was installed on ${installedOn}`,
              value: retiredOn,
            },
          ],
    ),
  );
}

/** A reference between two that never existed at the same time. Pure. */
export function neverTogether(
  references: readonly Reference[],
  entryOf: (list: InventoryList, id: string) => Lifetime | undefined,
  file: InventoryFile,
): readonly InventoryProblem[] {
  return references.flatMap(({ list, at, field, target, id }) => {
    const own: Lifetime = (file[list][at] as Lifetime | undefined) ?? {};
    const other = entryOf(target, id);
    if (other === undefined) return [];
    const message = apart(own, other);
    return message === undefined ? [] : [{ list, at, field, message, value: id }];
  });
}

function apart(own: Lifetime, other: Lifetime): string | undefined {
  if (isBefore(other.retiredOn, own.installedOn))
    return `retired on ${other.retiredOn ?? ''}, before this was installed on ${own.installedOn ?? ''}`;
  if (isBefore(own.retiredOn, other.installedOn))
    return `installed on ${other.installedOn ?? ''}, after this was retired on ${own.retiredOn ?? ''}`;
  return undefined;
}

function isBefore(end: string | undefined, begin: string | undefined): boolean {
  return end !== undefined && begin !== undefined && end < begin;
}
