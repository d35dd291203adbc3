import type { DuckDBValue } from '@duckdb/node-api';
import type { MeasurementDefinition } from '../../../contract/catalogue.ts';
import { COMMON_TAGS, tagNames } from '../../samples/tag-names.ts';
import type { Window } from '../history/history-keeper.ts';
import { LEVELS, type LevelName } from '../history/levels.ts';
import { sqlName, TIME_COLUMN } from './schema.ts';

const [AGENT = 'agent'] = COMMON_TAGS;

/** SQL of a condition. */
export interface Rows {
  readonly where: string;
  readonly parameters: readonly DuckDBValue[];
}

/** The rows of a window; `agents`: of these alone. */
export function rowsIn(
  definition: MeasurementDefinition,
  { fromMs, toMs }: Window,
  agents: readonly string[] | undefined,
): Rows {
  const parameters: DuckDBValue[] = [BigInt(fromMs), BigInt(toMs)];
  const where = `${TIME_COLUMN} >= $1 AND ${TIME_COLUMN} < $2`;
  if (agents === undefined || !tagNames(definition).includes(AGENT)) return { where, parameters };
  const places = agents.map((agent) => `$${parameters.push(agent)}`);
  return { where: `${where} AND ${sqlName(AGENT)} IN (${places.join(', ')})`, parameters };
}

/** SQL of the begin of a row's bucket. */
export function bucketOf(level: LevelName): string {
  const widthMs = LEVELS.find(({ name }) => name === level)?.widthMs ?? 1;
  return `${TIME_COLUMN} // ${widthMs} * ${widthMs}`;
}
