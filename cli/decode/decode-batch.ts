import { createValidator } from '../../central/ingest/validate/validator.ts';
import { namedTags } from '../../central/samples/named-tags.ts';
import type { SampleTable } from '../../central/samples/sample-table.ts';
import { BatchError, decodeBatch } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { FieldValue, Sample } from '../../contract/sample.ts';
import type { Decoder } from './decoded.ts';

/** What an agent publishes on its `up` topic, validated as central would have at the time it was sent. */
export const decodeBatchPayload: Decoder = (bytes) => {
  try {
    const batch = decodeBatch(bytes);
    const { tables, refusals } = createValidator(CATALOGUE).validate('agent', batch, batch.sentAtMs);
    return {
      samples: tables.flatMap(samplesOf),
      refusals: refusals.map(({ row, measurement, code, reason }) => ({
        where: row === undefined ? measurement : `row ${row} (${measurement})`,
        reason: `${code}: ${reason}`,
      })),
    };
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    return { samples: [], refusals: [{ where: 'the payload', reason: `${error.code}: ${error.message}` }] };
  }
};

export function samplesOf({ measurement, tags, fields, rows }: SampleTable): Sample[] {
  return rows.map((row) => ({
    measurement,
    tags: namedTags(tags, row.series),
    fields: present<FieldValue>(fields, row.values),
    timeMs: row.timeMs,
  }));
}

function present<T>(names: readonly string[], values: readonly (T | undefined)[]): Record<string, T> {
  const pairs = names.map((name, index) => [name, values[index]] as const);
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, T] => pair[1] !== undefined));
}
