import type { Batch } from '../../../contract/batch.ts';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { CANARY_AGENT, CENTRAL_AGENT } from '../../../contract/topics.ts';
import { SeriesRegistry } from '../../samples/series-registry.ts';
import type { SampleRow, SampleTable } from '../../samples/sample-table.ts';
import type { BatchValidator, CheckedBatch, SentTable } from './checked-batch.ts';
import type { FindOwners, IsListed } from './owners.ts';
import { plausibleBaseMs } from './agent-clock.ts';
import { createPlanner, type TablePlan } from './plan.ts';
import { RefusalList, type Refusal } from './refusal.ts';
import { checkRow, type RowContext } from './row.ts';

export interface ValidatorLimits {
  /** How far an agent's clock may be ahead. */
  readonly maxAheadMs: number;
  /** Older samples are refused: the store would delete them at once. */
  readonly retentionMs: number;
  /** Remembered combinations of measurement, tags and fields. */
  readonly maxPlans: number;
}

export const DEFAULT_VALIDATOR_LIMITS: ValidatorLimits = {
  maxAheadMs: 5 * 60_000,
  retentionMs: 7 * 86_400_000,
  maxPlans: 2_000,
};

export interface ValidatorParts {
  readonly registry: SeriesRegistry;
  /** Without it every agent may speak of every device. */
  readonly findOwners: FindOwners;
  /** Without it every device is expected. */
  readonly isListed: IsListed;
}

export interface Validated extends CheckedBatch {
  readonly refusals: readonly Refusal[];
}

export interface Validator extends BatchValidator {
  validate(agent: string, batch: Batch, receivedAtMs: number): Validated;
  /** To be called when the catalogue has changed. */
  forgetPlans(): void;
}

/**
 * Checks what agents send and central's own samples, value by value, converts them to the catalogue's types and sets the
 * tag `agent`. A bad row is refused alone; an unknown field is left out alone, with one refusal per table. Never throws.
 */
export function createValidator(
  catalogue: Catalogue,
  options: Partial<ValidatorLimits> = {},
  {
    registry = new SeriesRegistry(),
    findOwners = () => undefined,
    isListed = () => true,
  }: Partial<ValidatorParts> = {},
): Validator {
  const limits = { ...DEFAULT_VALIDATOR_LIMITS, ...options };
  const ofAgents = createPlanner(catalogue, 'agent', limits.maxPlans);
  const ofCentral = createPlanner(catalogue, 'central', limits.maxPlans);
  const ofCanary = createPlanner(catalogue, 'canary', limits.maxPlans);
  const plannerOf = (agent: string) => {
    if (agent === CENTRAL_AGENT) return ofCentral;
    return agent === CANARY_AGENT ? ofCanary : ofAgents;
  };
  return {
    forgetPlans: () => {
      for (const planner of [ofAgents, ofCentral, ofCanary]) planner.forgetAll();
    },
    validate: (agent, batch, receivedAtMs) => {
      const bounds = {
        latestMs: receivedAtMs + limits.maxAheadMs,
        earliestMs: receivedAtMs - limits.retentionMs,
      };
      const context: RowContext = {
        agent,
        baseMs: plausibleBaseMs(batch, receivedAtMs, bounds),
        receivedAtMs,
        ...bounds,
        series: registry.of(agent, receivedAtMs),
        findOwners,
        isListed,
      };
      // By the right clock, or none of them could ever be taken in again.
      const refusals = new RefusalList(context.baseMs);
      const planner = plannerOf(agent);
      const tables: SampleTable[] = [];
      let firstRow = 0;
      let points = 0;
      for (const table of batch.tables) {
        const rows = checkTable(table, planner.planOf(table), firstRow, context, refusals);
        if (rows !== undefined) {
          tables.push(rows);
          points += rows.rows.length;
        }
        firstRow += table.rows.length;
      }
      const timesMoved = context.baseMs !== batch.baseMs;
      return { tables, points, refusals: refusals.all, timesMoved };
    },
  };
}

function checkTable(
  table: SentTable,
  plan: TablePlan,
  firstRow: number,
  context: RowContext,
  refusals: RefusalList,
): SampleTable | undefined {
  const rows: SampleRow[] = [];
  for (let index = 0; index < table.rows.length; index++) {
    const sent: unknown = table.rows[index];
    const checked = plan.problem ?? checkRow(plan, sent, context);
    if ('timeMs' in checked) rows.push(checked);
    else refusals.addRow(table, firstRow + index, sent, checked);
  }
  if (plan.unknownFields.length > 0 && table.rows.length > 0)
    refusals.addUnknownFields(table, plan.unknownFields);
  if (rows.length === 0) return undefined;
  return { measurement: plan.measurement, tags: plan.tags, fields: plan.fields, rows };
}
