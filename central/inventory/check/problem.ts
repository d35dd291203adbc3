import type { InventoryFile } from '../../../contract/inventory.ts';

/** A list of the inventory file, such as `devices`. */
export type InventoryList = keyof InventoryFile;

/** A field of the inventory: `devices`, 3, `parents`. */
export interface Place {
  readonly list: InventoryList;
  /** Position in the list, from 0. */
  readonly at: number;
  readonly field: string;
}

/** What is wrong with one field. */
export interface InventoryProblem extends Place {
  /** What is wrong, or what was expected. */
  readonly message: string;
  readonly value: string;
  /** The known name that the value most likely means. */
  readonly nearest?: string | undefined;
  /** An entry before it that has the value, too. */
  readonly first?: Omit<Place, 'field'> | undefined;
}

/** `devices[3].agent: no such entry, got "gw-2", did you mean "gw-3"?` */
export function describeProblem(problem: InventoryProblem): string {
  return `${nameByPosition(problem)}.${problem.field}: ${explainProblem(problem, nameByPosition)}`;
}

/** The same without the place; `nameOf` names another entry. */
export function explainProblem(
  { message, value, nearest, first }: InventoryProblem,
  nameOf: (entry: Omit<Place, 'field'>) => string,
): string {
  const again = first === undefined ? '' : ` again (first in ${nameOf(first)})`;
  const hint = nearest === undefined ? '' : `, did you mean "${nearest}"?`;
  return `${message}, got "${value}"${again}${hint}`;
}

function nameByPosition({ list, at }: Omit<Place, 'field'>): string {
  return `${list}[${at}]`;
}
