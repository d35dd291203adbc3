import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

const ROOT = join(import.meta.dirname, '../..');
const SDK = join(ROOT, 'node_modules/@grafana/grafana-foundation-sdk/dist');

interface Generator {
  readonly createGenerator: (config: object) => { readonly createSchema: (type: string) => Schema };
}
interface Schema {
  readonly definitions?: Record<string, object>;
}

/** Checks a value against a type of the SDK, whose package has no schemas: they are made of its declarations. */
export function createTypeChecker(
  module: string,
  types: readonly string[],
): (type: string, value: unknown) => readonly string[] {
  const require = createRequire(join(import.meta.dirname, 'package.json'));
  const { createGenerator } = require('ts-json-schema-generator') as Generator;
  const generator = createGenerator({
    path: join(SDK, module, 'types.gen.d.ts'),
    tsconfig: join(import.meta.dirname, 'schema.tsconfig.json'),
    additionalProperties: false,
    skipTypeCheck: true,
    functions: 'hide',
  });
  const checks = new Map<string, ValidateFunction>();
  for (const type of types) {
    const schema = generator.createSchema(type);
    // A query is what its data source makes of it: the SDK has only a mark for it.
    for (const name of Object.keys(schema.definitions ?? {})) {
      if (/Dataquery$/.test(name) && schema.definitions !== undefined)
        schema.definitions[name] = { type: 'object' };
    }
    checks.set(type, new Ajv({ strict: false, allErrors: true }).compile(schema));
  }
  return (type, value) => {
    const check = checks.get(type);
    if (check === undefined) throw new Error(`no check for ${type}`);
    return check(value)
      ? []
      : (check.errors ?? []).map(
          ({ instancePath, message, params }) =>
            `${instancePath}: ${String(message)} ${JSON.stringify(params)}`,
        );
  };
}
