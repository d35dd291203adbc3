import type { Clock } from '../../runtime/clock.ts';
import { loadH3 } from '../../runtime/h3-cells.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { SurveyHost } from './survey-host.ts';

export interface NetworkSurveyDeps {
  readonly ingest: Pick<Ingest, 'attach'>;
  readonly inventory: Pick<Inventory, 'units'>;
  readonly clock: Clock;
}

/** Starts taking what phones measure, if that is wanted: before bus and ingest start. */
export async function attachNetworkSurvey(
  isOn: boolean,
  { ingest, inventory, clock }: NetworkSurveyDeps,
): Promise<void> {
  if (!isOn) return;
  const cellOf = await loadH3();
  ingest.attach((intake) => new SurveyHost({ inventory, intake, cellOf, clock }));
}
