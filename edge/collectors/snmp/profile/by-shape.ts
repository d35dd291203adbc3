import { z } from 'zod';

/** A schema, and which values are meant for it. */
type Shape = readonly [isMeant: (input: unknown) => boolean, schema: z.ZodType];

/** What each schema made here stands for, for the JSON Schema. */
const ALTERNATIVES = new WeakMap<z.core.$ZodType, readonly z.core.$ZodType[]>();

export const isText = (input: unknown): boolean => typeof input === 'string';
export const isList = (input: unknown): boolean => Array.isArray(input);
export const isObject = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && !Array.isArray(input);
export const hasKey = (...keys: readonly string[]) => {
  return (input: unknown): boolean =>
    typeof input === 'object' && input !== null && keys.some((key) => Object.hasOwn(input, key));
};

/**
 * The first schema that the value is meant for, so that a mistake is told where it is: a union of zod tells it for the whole.
 * `expected`: what to say when it is meant for none.
 */
export function byShape<Output>(shapes: readonly Shape[], expected: string): z.ZodType<Output> {
  const schema = z.unknown().transform((input, context): Output => {
    const shape = shapes.find(([isMeant]) => isMeant(input));
    const result = shape?.[1].safeParse(input, { reportInput: true });
    if (result?.success === true) return result.data as Output;
    if (result === undefined) context.issues.push({ code: 'custom', message: `expected ${expected}`, input });
    else context.issues.push(...(result.error.issues as z.core.$ZodRawIssue[]));
    return z.NEVER;
  });
  ALTERNATIVES.set(
    schema,
    shapes.map(([, each]) => each),
  );
  return schema;
}

/** JSON Schema of the file, before defaults and transforms. */
export function jsonSchemaByShape(schema: z.core.$ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const found = ALTERNATIVES.get(zodSchema);
      if (found === undefined) return;
      jsonSchema.anyOf = found.map((each) => {
        const { $schema: _same, ...rest } = jsonSchemaByShape(each);
        return rest;
      });
    },
  });
}
