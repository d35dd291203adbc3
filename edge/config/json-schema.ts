import { z } from 'zod';
import { collectorCommonSchema } from './collectors-config.ts';
import { collectorKinds } from '../collectors/index.ts';
import { edgeConfigSchema } from './edge-config.ts';

type JsonObject = Record<string, unknown>;

/** JSON Schema (2020-12) of `edge.yaml`, for editors. The agent validates with the zod schemas from which it is made. */
export function edgeJsonSchema(): JsonObject {
  const whole = jsonSchemaOf(edgeConfigSchema);
  const properties = objectAt(whole, 'properties');
  const common = objectAt(jsonSchemaOf(collectorCommonSchema), 'properties');
  const kinds = collectorKinds.map(({ kind, configSchema, defaultIntervalMs }) => {
    const own = jsonSchemaOf(configSchema);
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
  return { ...whole, title: 'Wardwatch edge agent', properties: { ...properties, host, collectors } };
}

/** Of the file, before defaults and transforms. Refinements cannot be expressed; the agent checks them. */
function jsonSchemaOf(schema: z.ZodType): JsonObject {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return { ...(schema === edgeConfigSchema && { $schema }), ...rest };
}

function objectAt(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  return typeof found === 'object' && found !== null ? (found as JsonObject) : {};
}
