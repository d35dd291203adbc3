import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLE_ANSWERS } from './example-answers.ts';
import { ApiHarness, type Answer } from './testing/api-harness.ts';
import { readerOf } from './testing/schema-reader.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
    readonly deprecated?: boolean;
    readonly required?: boolean;
    readonly style?: string;
    readonly example?: unknown;
    readonly schema: { readonly examples?: readonly unknown[] } & Readonly<Record<string, unknown>>;
  }[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>;

let harness: ApiHarness;
let document: Document;
let operations: readonly (readonly [name: string, operation: Operation])[];

beforeAll(async () => {
  harness = await ApiHarness.open();
  document = (await harness.call('GET', '/docs/json')).json as unknown as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

describe('the OpenAPI document', () => {
  it('is valid for a public validator', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(result).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('writes tuples as 3.1 does, so that generators can read them', () => {
    const text = JSON.stringify(withoutExamples(document));
    expect(text.match(/"prefixItems":\[/g)?.length).toBeGreaterThanOrEqual(5);
    expect(text).not.toMatch(/"items":\[/);
  });

  it('says of every answer what it is, and of every error with which codes', () => {
    for (const [name, { responses }] of operations) {
      for (const [status, { description, content }] of Object.entries(responses)) {
        const what = `${name} ${status}`;
        expect(description, what).not.toBe('Default Response');
        const isReadiness = name === 'GET /readyz' && status === '503';
        if (Number(status) < 400 || isReadiness) continue;
        expect(Object.keys(content ?? {}), what).toEqual(['application/problem+json']);
        expect(description, what).toMatch(/^`[A-Z_]+`: /);
      }
      for (const status of ['400', '408', '431', '500']) expect(responses, name).toHaveProperty(status);
    }
  });

  it('shows an answer of every operation that has one, as it can be', () => {
    const shown: string[] = [];
    for (const [name, { responses }] of operations) {
      const [, good] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
      const json = good?.content?.['application/json'];
      if (json === undefined) continue;
      const result = readerOf(json.schema, document.components.schemas).safeParse(json.example);
      expect(result.error?.message, name).toBeUndefined();
      shown.push(name);
    }
    expect(shown.sort()).toEqual(Object.keys(EXAMPLE_ANSWERS).sort());
  });

  it('says of every parameter what it is, with a value that it can have', () => {
    for (const [name, { parameters = [] }] of operations) {
      for (const { description, required, example, schema, ...parameter } of parameters) {
        const what = `${name} ${parameter.name}`;
        expect(description?.length, what).toBeGreaterThan(8);
        const { examples = [example], ...withoutExamples } = schema;
        expect(examples.length, what).toBeGreaterThan(0);
        const reader = readerOf(withoutExamples, document.components.schemas);
        for (const each of examples) expect(reader.safeParse(each).error?.message, what).toBeUndefined();
      }
    }
  });

  it('has the filter by tags, and says which parameters are going', () => {
    const parametersOf = (path: string) => document.paths[path]?.['get']?.parameters ?? [];
    for (const path of ['/api/v1/latest', '/api/v1/series'])
      expect(parametersOf(path)).toContainEqual(
        expect.objectContaining({ name: 'tags', in: 'query', style: 'form', explode: true }),
      );
    expect(parametersOf('/api/v1/units').some(({ name }) => name === 'tags')).toBe(false);
    const going = operations.flatMap(([name, { parameters = [] }]) =>
      parameters.filter(({ deprecated }) => deprecated === true).map((each) => `${name} ${each.name}`),
    );
    expect(going).toEqual([
      'GET /api/v1/series group',
      'GET /api/v1/quarantine before',
      'GET /api/v1/audit before',
    ]);
  });
});

function withoutExamples(part: unknown): unknown {
  return JSON.parse(JSON.stringify(part), (key, value: unknown) => (key === 'example' ? undefined : value));
}

describe('/docs', () => {
  const get = (url: string): Promise<Answer> => harness.call('GET', url, { token: '' });

  it('shows no logo but its own', async () => {
    const page = await get('/docs/');
    expect(page.text).toContain('<title>Wardwatch API</title>');
    expect(page.text).not.toMatch(/favicon-\d+x\d+\.png/);
    expect(await get('/docs/static/theme/favicon.svg')).toMatchObject({ status: 200, type: 'image/svg+xml' });
    const script = (await get('/docs/static/swagger-initializer.js')).text;
    expect(script).toContain('"layout":"BaseLayout"');
    expect(script).not.toContain('data:image/svg+xml;base64,P');
  });
});
