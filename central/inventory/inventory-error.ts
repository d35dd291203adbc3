import { MAX_MISTAKES } from './check/check-inventory.ts';

/** Nothing was changed. */
export class InventoryRefusedError extends Error {
  override readonly name = 'InventoryRefusedError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`nothing was changed: ${countOf(problems)}`);
    this.problems = problems;
  }
}

/** Somebody else was faster: nothing was changed. */
export class InventoryMovedError extends Error {
  override readonly name = 'InventoryMovedError';
}

/** The inventory is that of a file: nothing was changed. */
export class InventoryInFileError extends Error {
  override readonly name = 'InventoryInFileError';
}

/** `2 problems`; not all are counted. */
export function countOf(problems: readonly string[]): string {
  if (problems.length > MAX_MISTAKES) return `more than ${MAX_MISTAKES} problems`;
  return problems.length === 1 ? '1 problem' : `${problems.length} problems`;
}
