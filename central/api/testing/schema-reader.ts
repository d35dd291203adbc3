import { z } from 'zod';

const COMPONENT = '#/components/schemas/';

/** Checks values by a schema of the API's document, which may refer to its components. */
export function readerOf(schema: object, components: Readonly<Record<string, object>>): z.ZodType {
  return z.fromJSONSchema(resolved(schema, components) as Parameters<typeof z.fromJSONSchema>[0]);
}

function resolved(schema: unknown, components: Readonly<Record<string, object>>): unknown {
  return JSON.parse(JSON.stringify(schema), (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || !('$ref' in part)) return part;
    return resolved(components[String(part.$ref).replace(COMPONENT, '')], components);
  });
}
