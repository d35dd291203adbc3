import { expect, it } from 'vitest';
import type { Sample } from '../../../contract/sample.ts';
import { splitIntoTables } from './split-samples.ts';

it('the samples of a body are in the order of its rows, in whatever order they came', () => {
  const ping = (at: number, tags: Sample['tags']): Sample => ({
    measurement: 'ping',
    tags,
    fields: { average_response_ms: at },
    timeMs: 1_000,
  });
  const samples = [ping(1, { a: 'x' }), ping(2, { b: 'x' }), ping(3, { a: 'y' }), ping(4, { b: 'y' })];
  const [body] = splitIntoTables(samples).bodies;
  const rows = body?.tables.flatMap((table) => table.rows.map(([, , values]) => values[0]));
  expect(rows).toEqual([1, 3, 2, 4]);
  expect(body?.samples.map(({ fields }) => fields['average_response_ms'])).toEqual(rows);
});
