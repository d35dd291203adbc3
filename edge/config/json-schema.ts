import { z } from 'zod';
import { collectorCommonSchema } from './collectors-config.ts';
import { collectorKinds } from '../collectors/index.ts';
import { edgeConfigSchema } from './edge-config.ts';

type JsonObject = Record<string, unknown>;

/** JSON Schema (2020-12) of `edge.yaml`, for editors. The agent validates with the zod schemas from which it is made. */
export async function edgeJsonSchema(): Promise<JsonObject> {
  const { $schema, ...whole } = jsonSchemaOf(edgeConfigSchema(new Map()));
  const properties = objectAt(whole, 'properties');
  const common = objectAt(jsonSchemaOf(collectorCommonSchema), 'properties');
  const loaded = await Promise.all(collectorKinds.map(({ load }) => load()));
  const kinds = loaded.map(({ kind, configSchema, defaultIntervalMs }) => {
    const { $schema: _same, ...own } = jsonSchemaOf(configSchema);
    return {
      ...own,
      title: kind,
      properties: {
        ...common,
        kind: { const: kind },
        intervalMs: { ...objectAt(common, 'intervalMs'), default: defaultIntervalMs },
        ...objectAt(own, 'properties'),
      },
      required: ['kind', ...(Array.isArray(own['required']) ? (own['required'] as unknown[]) : [])],
    };
  });
  const collectors = { type: 'array', maxItems: 64, items: { oneOf: kinds } };
  // Its default is the name of the machine that generates the schema.
  const host = Object.fromEntries(
    Object.entries(objectAt(properties, 'host')).filter(([key]) => key !== 'default'),
  );
  return {
    $schema,
    ...whole,
    title: 'Wardwatch edge agent',
    properties: { ...properties, host, collectors },
  };
}

/** Of the file, before defaults and transforms. Refinements cannot be expressed; the agent checks them. */
function jsonSchemaOf(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

function objectAt(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  return typeof found === 'object' && found !== null ? (found as JsonObject) : {};
}
