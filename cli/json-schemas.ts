import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Of each file that a person writes. Loaded when asked for: each brings the code that checks the file. */
const SCHEMAS = {
  central: async () => {
    const { centralConfigSchema } = await import('../central/config/config.ts');
    return jsonSchemaOf('Wardwatch central', centralConfigSchema);
  },
  edge: async () => {
    const { edgeJsonSchema } = await import('../edge/config/json-schema.ts');
    return edgeJsonSchema();
  },
  profile: async () => {
    const { profileJsonSchema } = await import('../edge/collectors/snmp/profile/json-schema.ts');
    return profileJsonSchema();
  },
  measurements: async () => {
    const { declarationFileSchema } = await import('../central/catalogue/declaration-files.ts');
    return jsonSchemaOf('Wardwatch measurements of an operator', declarationFileSchema);
  },
  inventory: async () => {
    const { inventorySchema } = await import('../contract/inventory.ts');
    return jsonSchemaOf('Wardwatch inventory', inventorySchema);
  },
  rule: async () => {
    const { ruleKinds } = await import('../central/alerts/rules/kinds/index.ts');
    return jsonSchemaOf(
      'Wardwatch alert rule',
      z.union(ruleKinds.map(({ settingsSchema }) => settingsSchema)),
    );
  },
  'rule-test': async () => {
    const { ruleTestFileSchema } = await import('../central/alerts/replay/rule-test-file.ts');
    return jsonSchemaOf('Wardwatch tests of alert rules', ruleTestFileSchema);
  },
  notify: async () => {
    const { notifySchemas } = await import('../central/notify/settings/schemas.ts');
    return jsonSchemaOf('Wardwatch channel or routes of notifications', z.union(notifySchemas));
  },
  replay: async () => {
    const { mappingSchema } = await import('../simulators/replay/mapping.ts');
    return jsonSchemaOf('Wardwatch mapping of CSV files to measurements', mappingSchema);
  },
} satisfies Record<string, () => Promise<JsonSchema>>;

export type SchemaName = keyof typeof SCHEMAS;
export const SCHEMA_NAMES = Object.keys(SCHEMAS) as readonly SchemaName[];

/** JSON Schema (draft 2020-12), for editors; the programs themselves check with the zod schemas that it is made from. */
export function readJsonSchema(name: SchemaName): Promise<JsonSchema> {
  return SCHEMAS[name]();
}

/** As a file has it: before defaults and transforms, and without the refinements that JSON Schema cannot express. */
function jsonSchemaOf(title: string, schema: z.ZodType): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return { $schema, title, ...rest };
}
