import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Part } from '../jobs/part.ts';
import type { CustomMeasurements } from './custom-measurements.ts';
import { DeclarationWatch, type ReadDeclarations } from './declaration-watch.ts';

export interface CataloguePartDeps {
  readonly measurements: CustomMeasurements;
  /** Undefined: there are no files. */
  readonly read: ReadDeclarations | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface SharedCatalogue {
  /** Why the files as they are now do not count; empty: they do. */
  readonly declarationProblems: () => readonly string[];
  /** Reads the files at once; false: there are none. */
  readonly rereadDeclarations: () => boolean;
}

const WATCHED_FILES_MS = 2_000;

/** Declared measurements follow their files while central runs. */
export function createCataloguePart({ read, ...deps }: CataloguePartDeps): Part<SharedCatalogue> {
  if (read === undefined)
    return { shared: { declarationProblems: () => [], rereadDeclarations: () => false } };
  const watch = new DeclarationWatch({ read, ...deps });
  return {
    shared: {
      declarationProblems: () => watch.problems,
      rereadDeclarations: () => {
        watch.reread();
        return true;
      },
    },
    jobs: [{ name: 'declared measurements', everyMs: WATCHED_FILES_MS, run: () => watch.check() }],
  };
}
