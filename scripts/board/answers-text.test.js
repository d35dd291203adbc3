import { expect, it } from 'vitest';
import { answersText } from './answers-text.js';

const json = (schema) => ({ content: { 'application/json': { schema } } });
const DOCUMENT = {
  components: {
    schemas: { Problem: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] } },
  },
  paths: {
    '/sites': {
      get: {
        responses: {
          200: json({
            type: 'object',
            properties: {
              state: { enum: ['up', 'down'] },
              point: { type: 'array', prefixItems: [{ type: 'integer' }, { type: ['string', 'null'] }] },
              'by-kind': {
                type: 'object',
                propertyNames: { enum: ['a'] },
                additionalProperties: { type: 'number' },
              },
              why: { anyOf: [{ $ref: '#/components/schemas/Problem' }, { const: true }] },
              rest: {},
            },
            required: ['state', 'point'],
          }),
        },
      },
    },
    '/sites/{id}': { put: { requestBody: json({ type: 'array', items: { type: 'boolean' } }) }, delete: {} },
  },
};

it('writes shapes of answers and bodies as TypeScript', () => {
  expect(answersText(DOCUMENT, ['GET /sites', 'PUT /sites/{id}', 'DELETE /sites/{id}'])).toBe(
    `// Made from the OpenAPI document by scripts/board/answers.test.js; not by hand.

export type Problem = {
  readonly code: string;
};

/** What central answers, by path. */
export interface Answers {
  '/sites': {
    readonly state: "up" | "down";
    readonly point: readonly [number, string | null];
    readonly "by-kind"?: Readonly<Record<"a", number>> | undefined;
    readonly why?: Problem | true | undefined;
    readonly rest?: unknown;
  };
}

/** What central takes, by method and path. */
export interface Bodies {
  'PUT /sites/{id}': readonly (boolean)[];
  'DELETE /sites/{id}': undefined;
}
`,
  );
});

it('names an operation that the document does not have', () => {
  expect(() => answersText(DOCUMENT, ['GET /nothing'])).toThrow('no GET /nothing');
});
