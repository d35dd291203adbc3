import { serializerCompiler } from 'fastify-type-provider-zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerSerializer, isPlain } from './answer-serializer.ts';

const port = z.object({ name: z.string().min(1), speedBps: z.int().exactOptional() });
const device = z.object({
  id: z.string().regex(/^[a-z]+-\d$/),
  ports: z.array(port).max(3),
  counts: z.record(z.enum(['up', 'down']), z.int()),
  value: z.union([z.number(), z.string(), z.boolean()]).nullable(),
});

function serialize(schema: z.ZodType, answer: unknown): string {
  return answerSerializer({ schema, method: 'GET', url: '/devices' })(answer);
}

const answer = { id: 'n-1', ports: [{ name: 'ge-0', speedBps: 1 }], counts: { up: 1, down: 0 }, value: null };

describe('an answer', () => {
  it('is what the schema says, without what the schema does not name', () => {
    expect(isPlain(device)).toBe(true);
    const more = { ...answer, passwordHash: 'x', ports: [{ ...answer.ports[0], community: 'x' }] };
    expect(JSON.parse(serialize(device, more))).toEqual(answer);
    const byLibrary = serializerCompiler({ schema: device, method: 'GET', url: '/devices' });
    expect(serialize(device, more)).toBe(byLibrary(more));
  });

  it.each([
    { ...answer, id: 'N 1' },
    { ...answer, ports: [{ name: '' }] },
    { ...answer, value: Number.NaN },
    { ...answer, counts: { up: 1 } },
    undefined,
  ])('that is not what the schema says is refused: %j', (wrong) => {
    expect(() => serialize(device, wrong)).toThrow(/Response doesn't match the schema/);
  });
});

it.each([
  ['a codec', z.codec(z.string(), z.number(), { decode: Number, encode: String }), 7, '"7"'],
  ['a default, which is not filled in', z.object({ a: z.number().default(1).optional() }), {}, '{}'],
])('is encoded where the schema has %s', (_what, schema, value, text) => {
  expect(isPlain(z.object({ within: z.array(schema) }))).toBe(false);
  expect(serialize(schema, value)).toBe(text);
});

it('takes a schema that contains itself', () => {
  const tree = z.object({
    name: z.string(),
    get below() {
      return z.array(tree);
    },
  });
  expect(isPlain(tree)).toBe(true);
  const answer = { name: 'a', below: [{ name: 'b', below: [] }] };
  expect(JSON.parse(serialize(tree, answer))).toEqual(answer);
});
