import type { CustomMeasurements } from '../catalogue/custom-measurements.ts';
import type { LiveInventory } from '../inventory/live-inventory.ts';
import type { Part } from '../jobs/part.ts';
import type { SeriesRegistry } from '../samples/series-registry.ts';
import { createIngest, type Ingest, type IngestDeps } from './ingest.ts';
import type { Decisions } from './quarantine/decisions.ts';
import type { Quarantine } from './quarantine/quarantine.ts';
import { QuarantineReview } from './quarantine/review.ts';
import { judgeSeriesAnew } from './validate/judge-series.ts';
import { judgedDifferently, listedIn, ownersIn } from './validate/owners.ts';
import { createValidator } from './validate/validator.ts';

export interface IngestPartDeps extends Omit<IngestDeps, 'validator'> {
  readonly measurements: Pick<CustomMeasurements, 'catalogue' | 'onChange'>;
  readonly inventory: LiveInventory;
  readonly series: SeriesRegistry;
  /** About entries of the quarantine. */
  readonly decisions: Decisions;
  /** Older samples are refused. */
  readonly rawRetentionMs: number;
}

export interface SharedIngest {
  readonly ingest: Ingest;
  readonly quarantine: Quarantine;
  readonly quarantineReview: QuarantineReview;
}

const SECOND_MS = 1_000;

/** Takes what the catalogue and the inventory, as it is at the time, allow. It is started and stopped as a service of its own. */
export function createIngestPart(deps: IngestPartDeps): Part<SharedIngest> {
  const {
    measurements,
    inventory,
    series: registry,
    rawRetentionMs,
    quarantine,
    decisions,
    clock,
    random,
  } = deps;
  const { catalogue } = measurements;
  const owners = { registry, findOwners: ownersIn(inventory), isListed: listedIn(inventory) };
  const validator = createValidator(catalogue, { retentionMs: rawRetentionMs }, owners);
  inventory.onChange((now, before) => {
    const isTouched = judgedDifferently(before, now);
    if (isTouched !== undefined) judgeSeriesAnew({ ...owners, catalogue }, isTouched);
  });
  measurements.onChange((changed) => {
    validator.forgetPlans();
    // Their tags may be others now, by whose order a series is found.
    registry.judgeAnew((_agent, { measurement, isExpected }) => {
      if (changed.has(measurement)) return 'foreign';
      return isExpected ? 'expected' : 'unexpected';
    });
  });
  const ingest = createIngest({ ...deps, validator });
  const quarantineReview = new QuarantineReview({
    quarantine,
    decisions,
    intake: ingest.replay,
    clock,
    random,
  });
  return {
    shared: { ingest, quarantine, quarantineReview },
    jobs: [{ name: 'quarantine', everyMs: SECOND_MS, run: () => quarantineReview.tick() }],
  };
}
