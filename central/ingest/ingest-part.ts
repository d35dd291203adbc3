import type { Catalogue } from '../../contract/catalogue.ts';
import type { LiveInventory } from '../inventory/live-inventory.ts';
import type { Part } from '../jobs/part.ts';
import type { SeriesRegistry } from '../samples/series-registry.ts';
import { createIngest, type Ingest, type IngestDeps } from './ingest.ts';
import type { Quarantine } from './quarantine/quarantine.ts';
import { judgeSeriesAnew } from './validate/judge-series.ts';
import { judgedDifferently, listedIn, ownersIn } from './validate/owners.ts';
import { createValidator } from './validate/validator.ts';

export interface IngestPartDeps extends Omit<IngestDeps, 'validator'> {
  readonly catalogue: Catalogue;
  readonly inventory: LiveInventory;
  readonly series: SeriesRegistry;
  /** Older samples are refused. */
  readonly rawRetentionMs: number;
}

export interface SharedIngest {
  readonly ingest: Ingest;
  readonly quarantine: Quarantine;
}

/** Takes what the catalogue and the inventory, as it is at the time, allow. It is started and stopped as a service of its own. */
export function createIngestPart(deps: IngestPartDeps): Part<SharedIngest> {
  const { catalogue, inventory, series: registry, rawRetentionMs } = deps;
  const owners = { registry, findOwners: ownersIn(inventory), isListed: listedIn(inventory) };
  const validator = createValidator(catalogue, { retentionMs: rawRetentionMs }, owners);
  inventory.onChange((now, before) => {
    const isTouched = judgedDifferently(before, now);
    if (isTouched !== undefined) judgeSeriesAnew({ ...owners, catalogue }, isTouched);
  });
  return { shared: { ingest: createIngest({ ...deps, validator }), quarantine: deps.quarantine } };
}
