import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROLES } from '../access/tokens.ts';
import { ApiHarness, type Answer } from './testing/api-harness.ts';
import { readerOf } from './testing/schema-reader.ts';
import { hostileText, valid, type JsonSchema } from './testing/from-schema.ts';

/** Requests for each operation: more find more, CI runs a few. */
const RUNS = 60;

interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<Record<string, Response>>;
}

interface Request {
  readonly url: string;
  readonly payload?: string | undefined;
  readonly type: string;
  readonly token: string;
}

let harness: ApiHarness;
const operations = new Map<string, Operation>();
let schemas: Readonly<Record<string, object>>;

beforeAll(async () => {
  harness = await ApiHarness.open();
  const { json } = await harness.call('GET', '/docs/json');
  ({ schemas } = json['components'] as { schemas: Record<string, object> });
  for (const [path, methods] of Object.entries(json['paths'] as Record<string, Record<string, Operation>>)) {
    for (const [name, operation] of Object.entries(methods)) {
      const method = name.toUpperCase();
      operations.set(`${method} ${path}`, { ...operation, method, path });
    }
  }
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

/** What exists, so that not every request ends at a name that nobody knows. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  id: ['gw-1', 'gw-2', 'spb-power--room-1', 'nobody'],
  measurement: ['environment', 'environment', 'pipeline'],
  field: ['smoke', 'temperature_celsius', 'lag_ms'],
  every: ['1s', '5m', '1h', '1d', '36501d', '0s'],
  groupBy: ['agent', 'agent,device', 'agent,agent', ',', 'smoke'],
  group: ['agent'],
  tz: ['UTC', 'Asia/Ho_Chi_Minh', 'Europe/Berlin'],
  cursor: ['Z3ctMQ', 'MCAx', 'MQ', 'AAAA'],
  agent: ['gw-1', 'central'],
  unit: ['26734'],
  kind: ['agents', 'devices', 'interfaces'],
  device: ['sensor-of-gw-1', 'nobody'],
  of: ['site:site-0', 'device:node-1', 'unit:26734', 'service:service-0', 'site:nowhere', 'agent:gw-1'],
};

function value({ name, schema }: Parameter): fc.Arbitrary<string> {
  const usual = [
    valid(schema).map(String),
    ...(KNOWN[name] === undefined ? [] : [fc.constantFrom(...KNOWN[name])]),
  ];
  return fc.oneof({ weight: 5, arbitrary: fc.oneof(...usual) }, { weight: 1, arbitrary: hostileText });
}

function queryOf(parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const given = parameters.map((parameter) => {
    const pair = value(parameter).map((text) => [`${parameter.name}=${encodeURIComponent(text)}`]);
    const twice = value(parameter).map((text) => [
      `${parameter.name}=1`,
      `${parameter.name}=${encodeURIComponent(text)}`,
    ]);
    const weight = parameter.required === true ? 20 : 2;
    return fc.oneof(
      { weight, arbitrary: pair },
      { weight: 1, arbitrary: twice },
      { weight: parameter.required === true ? 1 : 4, arbitrary: fc.constant([]) },
    );
  });
  const tags = fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('agent', 'device', 'nope', '', '__proto__')
        .map((tag) => [`tag.${tag}=gw-1`]),
    },
    { weight: 1, arbitrary: hostileText.map((name) => [`${encodeURIComponent(name)}=1`]) },
  );
  return fc.tuple(...given, tags).map((parts) => parts.flat().join('&'));
}

function bodyOf({ requestBody }: Operation): fc.Arbitrary<string | undefined> {
  const schema = requestBody?.content['application/json']?.schema;
  const rubbish = fc.oneof(
    fc.constantFrom(
      undefined,
      '',
      '{',
      '[]',
      'null',
      '{"__proto__":{}}',
      `"${'x'.repeat(70_000)}"`,
      '['.repeat(9_000),
    ),
    fc.json(),
    hostileText,
  );
  if (schema === undefined)
    return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: rubbish });
  return fc.oneof(
    { weight: 3, arbitrary: valid(schema).map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: rubbish },
  );
}

function requestOf(operation: Operation): fc.Arbitrary<Request> {
  const { path, parameters = [] } = operation;
  const inPath = parameters.filter((each) => each.in === 'path');
  const inQuery = parameters.filter((each) => each.in === 'query' && each.schema.type !== 'object');
  const paths = fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(...inPath.map(value))
        .map((values) =>
          inPath.reduce((url, { name }, at) => url.replace(`{${name}}`, segment(values[at])), path),
        ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('%zz', '%c3', '%00').map((text) => path.replaceAll(/\{\w+\}/g, text)),
    },
  );
  return fc.record({
    url: fc.tuple(paths, queryOf(inQuery)).map(([url, query]) => (query === '' ? url : `${url}?${query}`)),
    payload: bodyOf(operation),
    type: fc.oneof(
      { weight: 6, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'text/plain',
          'application/x-www-form-urlencoded',
          'nonsense',
          'application/json; charset=latin1',
        ),
      },
    ),
    token: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...ROLES.map((role) => harness.tokens[role])) },
      { weight: 4, arbitrary: fc.constant(harness.tokens.admin) },
      { weight: 1, arbitrary: fc.constantFrom('', 'wwt_guess', 'Ünicode') },
    ),
  });
}

/** Throws where the document does not say that the operation may answer so. */
function expectDocumented(operation: Operation, { status, type, text, json }: Answer): void {
  if (status === 500) throw new Error('an error of central itself');
  const documented = operation.responses[status];
  if (documented === undefined) throw new Error(`${status} is not documented: ${text.slice(0, 300)}`);
  const mediaType = type.split(';')[0] ?? '';
  if (documented.content === undefined) {
    expect(text).toBe('');
    return;
  }
  const schema = documented.content[mediaType]?.schema;
  if (schema === undefined)
    throw new Error(`${status} is not documented as ${mediaType}: ${text.slice(0, 300)}`);
  if (mediaType.endsWith('json')) {
    const result = cachedReaderOf(schema).safeParse(json);
    if (!result.success) throw new Error(`${status} is not as documented: ${z.prettifyError(result.error)}`);
  }
  if (mediaType === 'application/problem+json')
    expect(documented.description).toContain(`\`${String(json['code'])}\``);
}

const readers = new Map<object, z.ZodType>();
function cachedReaderOf(schema: object): z.ZodType {
  const reader = readers.get(schema) ?? readerOf(schema, schemas);
  readers.set(schema, reader);
  return reader;
}

/** A segment of dots alone, encoded or not, is no name: who resolves the address takes it away (RFC 3986, 5.2.4). */
function segment(value = ''): string {
  return /^\.{0,2}$/.test(value) ? '-' : encodeURIComponent(value);
}

describe('every operation, asked rightly and wrongly, answers as its document says', () => {
  it('with each status, media type, body and code', async () => {
    expect(operations.size).toBeGreaterThan(30);
    const problems: string[] = [];
    for (const [name, operation] of operations) {
      try {
        await fc.assert(
          fc.asyncProperty(requestOf(operation), async ({ url, payload, type, token }) => {
            const options = { token, type, ...(payload !== undefined && { payload }) };
            const answer = await harness.call(operation.method, url, options);
            expectDocumented(operation, answer);
          }),
          { numRuns: RUNS },
        );
      } catch (error) {
        problems.push(`${name}: ${String(error)}`);
      }
    }
    expect(problems).toEqual([]);
  }, 300_000);
});
