import { blastParts, type BlastInventory, type BlastParts } from './blast-parts.ts';
import { outcomeOf, type Outcome } from './outcome.ts';

/** All that a blast radius is computed from, made once for an inventory and a day. */
export interface BlastModel extends BlastParts {
  /** What is left while nothing has failed. */
  readonly intact: Outcome;
}

/** Pure. `day`: what is not installed yet or is retired by then does not count, such as 2025-07-01. */
export function buildBlastModel(inventory: BlastInventory, day: string): BlastModel {
  const parts = blastParts(inventory, day);
  return { ...parts, intact: outcomeOf(parts, new Set()) };
}
