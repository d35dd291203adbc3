import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { edgeJsonSchema } from './json-schema.ts';
import { collectorKinds } from '../collectors/index.ts';

describe('the JSON Schema of edge.yaml', () => {
  it('equals the one in docs/ (update it with `wardwatch schema edge > docs/edge.schema.json`)', () => {
    const published = readFileSync(new URL('../../docs/edge.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published)).toEqual(edgeJsonSchema());
  });

  it('describes every kind of collector with its own settings', () => {
    const text = JSON.stringify(edgeJsonSchema());
    for (const { kind } of collectorKinds) expect(text).toContain(`{"const":"${kind}"}`);
    expect(edgeJsonSchema()).toMatchObject({ required: ['agent', 'dataDirectory', 'broker'] });
  });
});
