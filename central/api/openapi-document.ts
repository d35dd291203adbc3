import { EXAMPLE_ANSWERS } from './example-answers.ts';
import { NAMED_PARAMETERS } from './example-parameters.ts';
import { TAG_PREFIX } from './tag-filter.ts';

/** Marks the operations that filter by tags; it is not in the finished document. */
export const TAKES_TAGS = 'x-takes-tags';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Record<string, unknown>;
  description?: string;
  example?: unknown;
  examples?: Readonly<Record<string, { readonly value: unknown }>>;
  deprecated?: true;
}

interface Response {
  description?: string;
  readonly content?: Readonly<Record<string, { example?: unknown }>>;
}

interface Operation {
  parameters?: Parameter[];
  readonly responses?: Readonly<Record<string, Response>>;
  'x-takes-tags'?: unknown;
}

export interface OpenApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { schemas?: Record<string, unknown> };
}

/** Each property of a form-style object is a query parameter of its own (OpenAPI 3.1, 4.8.12.4). */
const TAG_PARAMETER: Parameter & Readonly<Record<string, unknown>> = {
  name: 'tags',
  in: 'query',
  required: false,
  style: 'form',
  explode: true,
  description:
    '`tag.NAME=VALUE`: only series whose tag NAME has the value, several times for one of several; an empty value means that the tag is absent. ' +
    'NAME is a tag of the measurement in `/api/v1/catalogue`, or `agent`.',
  schema: {
    type: 'object',
    patternProperties: {
      [`^${TAG_PREFIX.replace('.', '\\.')}[a-z][a-z0-9_]{0,63}$`]: {
        type: ['string', 'array'],
        items: { type: 'string' },
      },
    },
    additionalProperties: false,
  },
  example: { [`${TAG_PREFIX}unit`]: '26737' },
};

const DEFAULT_DESCRIPTION = 'Default Response';
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'the answer',
  201: 'it is made',
  202: 'it has begun',
  204: 'it is done',
  503: 'as the answer with 200: something that is needed is not available',
};

/** Adds what the generator has no way to say. Changes the document. */
export function finishDocument(document: OpenApiDocument): void {
  for (const [path, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations)) {
      finishParameters(operation);
      finishResponses(operation, EXAMPLE_ANSWERS[`${method.toUpperCase()} ${path}`]);
    }
  }
  removeUnused(document);
}

function finishParameters(operation: Operation): void {
  for (const parameter of operation.parameters ?? []) {
    finishExamples(parameter);
    if (parameter.schema['deprecated'] === undefined) continue;
    delete parameter.schema['deprecated'];
    parameter.deprecated = true;
  }
  if (operation['x-takes-tags'] !== undefined) {
    delete operation['x-takes-tags'];
    operation.parameters = [...(operation.parameters ?? []), TAG_PARAMETER];
  }
}

/**
 * Examples stand in the schema, but for parameters that are required: /docs fills in what stands at the parameter, and a request with a value for
 * every filter finds nothing.
 */
function finishExamples(parameter: Parameter): void {
  const named = Object.hasOwn(NAMED_PARAMETERS, parameter.name)
    ? NAMED_PARAMETERS[parameter.name]
    : undefined;
  parameter.description ??= named?.description ?? '';
  // zod leaves out `examples` of what it transforms, but not `example`.
  const own = [
    ...[parameter.schema['examples'] ?? parameter.schema['example'] ?? []].flat(),
    ...(parameter.example === undefined ? [] : [parameter.example]),
    ...Object.values(parameter.examples ?? {}).map(({ value }) => value),
  ];
  const [firstOption = named?.example] = [parameter.schema['enum']].flat();
  const examples = own.length > 0 || firstOption === undefined ? own : [firstOption];
  delete parameter.schema['example'];
  delete parameter.examples;
  delete parameter.example;
  if (parameter.required === true) parameter.example = examples[0];
  else parameter.schema['examples'] = examples;
}

function finishResponses({ responses = {} }: Operation, example: unknown): void {
  for (const [status, response] of Object.entries(responses)) {
    if (response.description === DEFAULT_DESCRIPTION) response.description = DESCRIPTIONS[status] ?? status;
    const media = Object.values(response.content ?? {})[0];
    if (media !== undefined && status.startsWith('2') && example !== undefined) media.example = example;
  }
}

/** Schemas that only the generator knows, such as the input side of one that is only answered. */
function removeUnused({ components, paths }: OpenApiDocument): void {
  if (components?.schemas === undefined) return;
  const text = JSON.stringify([components.schemas, paths]);
  const used = Object.entries(components.schemas).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  );
  components.schemas = Object.fromEntries(used);
}
