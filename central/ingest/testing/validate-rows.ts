import type { Batch } from '../../../contract/batch.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { SeriesRegistry, type SeriesLimits } from '../../samples/series-registry.ts';
import { createValidator, type Validated, type ValidatorLimits } from '../validate/validator.ts';

export const NOW = 1_795_462_349_123;

export type Table = Batch['tables'][number];

export function batchOf(...tables: Table[]): Batch {
  const header = { v: 1 as const, epoch: 'k3f9a2c1', seq: 1, lowest: 1, sentAtMs: NOW, backfill: false };
  return { ...header, baseMs: NOW, tables };
}

export function check(
  tables: Table | Table[],
  limits: Partial<ValidatorLimits> = {},
  seriesLimits: Partial<SeriesLimits> = {},
): Validated {
  return createValidator(CATALOGUE, limits, { registry: new SeriesRegistry(seriesLimits) }).validate(
    'gw-1',
    batchOf(...[tables].flat()),
    NOW,
  );
}

export function ping(...rows: unknown[]): Table {
  return { measurement: 'ping', tags: ['host', 'url'], fields: ['average_response_ms', 'result_code'], rows };
}

/** One row of one column. */
export function one(
  measurement: string,
  tags: Record<string, unknown>,
  field: string,
  value: unknown,
): Table {
  return {
    measurement,
    tags: Object.keys(tags),
    fields: [field],
    rows: [[Object.values(tags), 0, [value]]],
  };
}

export const GOOD = [['gw-1', '10.0.0.1'], -700, [12.5, 0]];

/** The stored value of a single row, or why it was refused. */
export function verdict(table: Table): unknown {
  const { tables, refusals } = check(table);
  if (refusals.length > 0) return refusals.map(({ code, reason }) => `${code}: ${reason}`).join('; ');
  return tables[0]?.rows[0]?.values[0];
}
