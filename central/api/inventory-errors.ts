import {
  countOf,
  InventoryInFileError,
  InventoryMovedError,
  InventoryRefusedError,
} from '../inventory/inventory-error.ts';
import { ApiError } from './problem.ts';

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
  return new ApiError('INVENTORY_REFUSED', `nothing was changed: ${countOf(problems)}`, { problems });
}
