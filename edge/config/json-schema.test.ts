import { describe, expect, it } from 'vitest';
import { edgeJsonSchema } from './json-schema.ts';
import { collectorKinds } from '../collectors/index.ts';

describe('the JSON Schema of edge.yaml', () => {
  it('describes every kind of collector with its own settings', async () => {
    const schema = await edgeJsonSchema();
    const text = JSON.stringify(schema);
    for (const { kind } of collectorKinds) expect(text).toContain(`{"const":"${kind}"}`);
    expect(schema).toMatchObject({ required: ['agent', 'dataDirectory', 'broker'] });
  });
});
