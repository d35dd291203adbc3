/** Nothing was changed. */
export class InventoryRefusedError extends Error {
  override readonly name = 'InventoryRefusedError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`nothing was changed: ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}`);
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
