import type { Segment } from '../history/levels.ts';
import type { SumsPart } from '../history/sums.ts';
import type { PlannedSums } from '../series-query.ts';
import type { AnswerSeries } from './answer.ts';
import { identifier, partsOf, sourceName } from './names.ts';
import { conditions } from './queries.ts';

/** All fields in one statement, a row for each group. SLIMIT would count groups without a row in that time as well, so the reader cuts. */
export function sumsStatement({ query }: PlannedSums, { resolution, fromMs, toMs }: Segment): string {
  const { measurement, fields, groupBy, tags } = query;
  const sums = fields.map((field, at) => `${partsOf(resolution, field).sum} AS "sum${at}"`);
  const by = groupBy.length > 0 ? ` GROUP BY ${groupBy.map(identifier).join(', ')}` : '';
  return `SELECT ${sums.join(', ')} FROM ${sourceName(measurement, resolution)} WHERE ${conditions(tags, fromMs, toMs)}${by}`;
}

export function sumsParts(found: readonly AnswerSeries[], { query }: PlannedSums): SumsPart[] {
  const { fields, groupBy } = query;
  return found.flatMap(({ tags, columns, values }) =>
    values.map((cells): SumsPart => ({
      tagValues: groupBy.map((tag) => tags[tag] ?? ''),
      // InfluxDB leaves out columns of fields that are nowhere.
      sums: fields.map((_field, at) => Number(cells[columns.indexOf(`sum${at}`)] ?? 0)),
    })),
  );
}
