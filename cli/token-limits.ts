import type { TokenLimits } from '../central/access/limits.ts';
import { openInventoryRepository } from '../central/inventory/inventory-repository.ts';
import type { StateDatabase } from '../central/state/database.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { silentLogger } from '../runtime/logger.ts';
import { nearestName } from '../runtime/nearest-name.ts';

/**
 * Refuses what the inventory in force does not have: such a token would see nothing, which looks as if nothing were wrong. Returns what
 * cannot be checked, since the inventory has no entry of that kind; empty: all exist.
 */
export function checkLimits(database: StateDatabase, limits: TokenLimits | undefined): readonly string[] {
  if (limits === undefined) return [];
  const { units, agencies } = openInventoryRepository(database, silentLogger).load();
  const wanted = [
    { option: '--units', ids: limits.units ?? [], known: units.map(({ code }) => code) },
    { option: '--agencies', ids: limits.agencies ?? [], known: agencies.map(({ id }) => id) },
  ];
  const problems = wanted
    .filter(({ known }) => known.length > 0)
    .flatMap(({ option, ids, known }) =>
      ids.filter((id) => !known.includes(id)).map((id) => `${option}: ${problemOf(id, known)}`),
    );
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return wanted.filter(({ known }) => known.length === 0).flatMap(({ ids }) => ids);
}

function problemOf(id: string, known: readonly string[]): string {
  const near = nearestName(id, known);
  return `expected an entry of the inventory, got "${id}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
}
