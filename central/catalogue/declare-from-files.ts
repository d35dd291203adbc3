import { EXIT, UserError } from '../../runtime/errors.ts';
import type { CatalogueCheck, CustomMeasurements } from './custom-measurements.ts';
import { readDeclarations } from './declaration-files.ts';

/**
 * What the files of the directory declare comes into force; returns how many measurements. A directory that declares nothing any more,
 * as one that is not mounted would, counts only where somebody asked for `whatever is there`. `check` is asked, too, whether the catalogue
 * will do. Throws a UserError (exit 2) with every problem: nothing is changed then.
 */
export function declareFromFiles(
  directory: string,
  measurements: Pick<CustomMeasurements, 'configure' | 'configured'>,
  take: 'what is mounted' | 'whatever is there',
  check?: CatalogueCheck,
): number {
  const next = readDeclarations(directory);
  const before = measurements.configured?.length ?? 0;
  if (take === 'what is mounted' && next.length === 0 && before > 0)
    throw new UserError(EXIT.badConfig, [
      `${directory}: declares nothing any more, as a directory that is not mounted would; if that is wanted, send SIGHUP to central`,
    ]);
  measurements.configure(next, check);
  return next.length;
}
