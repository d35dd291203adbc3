import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ackSchema, flowSchema } from '../ack.ts';
import { agentConfigSchema, pushedConfigSchema, type AgentConfigMessage } from '../agent-config.ts';
import type { Batch, BatchHeader, Row } from '../batch.ts';
import { decodeBatch, encodeBatch, encodeLossBody, encodeSamples } from '../codec.ts';
import type { FieldValue, Sample } from '../sample.ts';
import { stateSchema } from '../state.ts';

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function headerOf({ epoch, seq, lowest, sentAtMs, backfill }: Batch): Omit<BatchHeader, 'v'> {
  return { epoch, seq, lowest, sentAtMs, backfill };
}

/** As a collector handed it over: what is not available is absent, long integers are bigints. */
function toSamples({ baseMs, tables }: Batch): Sample[] {
  return tables.flatMap(({ measurement, tags, fields, rows }) =>
    (rows as Row[]).map(([tagValues, offset, values]) => ({
      measurement,
      tags: Object.fromEntries(tags.map((tag, at) => [tag, tagValues[at] ?? ''])),
      fields: Object.fromEntries(
        fields.flatMap((field, at): [string, FieldValue][] => {
          const value = values[at] ?? null;
          if (value === null) return [];
          return [[field, value === '9007199254740993' ? 9_007_199_254_740_993n : value]];
        }),
      ),
      timeMs: baseMs + offset,
    })),
  );
}

describe('the recorded examples', () => {
  it('hold a batch that central reads', () => {
    const batch = decodeBatch(gzipSync(read('batch.json')));
    expect(batch).toEqual(JSON.parse(read('batch.json')));
  });

  it('hold a batch that an agent sends just so', () => {
    const batch = decodeBatch(gzipSync(read('batch.json')));
    const [body] = encodeSamples(toSamples(batch)).bodies;
    expect(decodeBatch(encodeBatch(headerOf(batch), body!.bytes))).toEqual(batch);
  });

  it('hold a declaration of loss that an agent sends just so', () => {
    const batch = decodeBatch(gzipSync(read('loss.json')));
    const { baseMs, losses = [] } = batch;
    expect(losses).toHaveLength(1);
    expect(decodeBatch(encodeBatch(headerOf(batch), encodeLossBody(losses, baseMs)))).toEqual(batch);
  });

  it.each([
    ['ack.json', ackSchema],
    ['config.json', agentConfigSchema],
    ['flow.json', flowSchema],
    ['state-birth.json', stateSchema],
    ['state-will.json', stateSchema],
  ])('hold %s with nothing in it that the schema does not know', (file, schema) => {
    const json: unknown = JSON.parse(read(file));
    expect(schema.parse(json)).toEqual(json);
  });

  it('hold a config of which every setting may be pushed', () => {
    const { config } = JSON.parse(read('config.json')) as AgentConfigMessage;
    expect(pushedConfigSchema.parse(config)).toEqual(config);
  });
});
