import {
  countOf,
  InventoryInFileError,
  InventoryMovedError,
  InventoryRefusedError,
} from '../inventory/inventory-error.ts';
import { ApiError } from './problem.ts';

/** More would say nothing new: a wrong column is wrong in every row. */
const MAX_PROBLEMS = 1_000;

/** Runs a change of the inventory; throws what it refuses as an ApiError. */
export function withInventoryErrors<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (error instanceof InventoryMovedError) throw new ApiError('REVISION_MOVED', error.message);
    if (error instanceof InventoryInFileError) throw new ApiError('INVENTORY_IN_FILE', error.message);
    if (error instanceof InventoryRefusedError) throw refused(error.problems);
    throw error;
  }
}

/** Nothing was changed. */
export function refused(problems: readonly string[]): ApiError {
  const count = countOf(problems);
  const shown = problems.slice(0, MAX_PROBLEMS);
  if (problems.length > MAX_PROBLEMS) shown.push(`the first ${MAX_PROBLEMS} of ${count}`);
  return new ApiError('INVENTORY_REFUSED', `nothing was changed: ${count}`, { problems: shown });
}
