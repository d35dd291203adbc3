import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { RouteOptions } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isRead } from './auth.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import type { App } from './fastify-app.ts';
import { takesNames } from './known-names.ts';
import { PROBLEM_TYPE, problemSchema } from './problem.ts';
import { finishDocument, TAKES_TAGS, type OpenApiDocument } from './openapi-document.ts';
import { takesTags } from './query-parameters.ts';
import { allowDocumentationPage } from './security-headers.ts';

/** Without content the plugin keeps its own out, too. */
const NO_LOGO = { type: 'image/svg+xml', content: '' };
const FAVICON = {
  filename: 'favicon.svg',
  rel: 'icon',
  type: 'image/svg+xml',
  sizes: 'any',
  content:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#007a5a"/></svg>',
};

/** `/docs` and `/docs/json`: every route that is added afterwards, with what it can answer. */
export async function installOpenApi(app: App, version: string): Promise<void> {
  app.addHook('onRoute', documentProblems);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Wardwatch',
        version,
        description:
          "State, samples, alerts and proof of delivery of a city's digital infrastructure. " +
          'Names carry their unit: `…Ms` is milliseconds, or Unix time in milliseconds where it ends in `AtMs`. ' +
          'Errors are problem details (RFC 9457) with a stable `code`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => {
      const transformed = jsonSchemaTransformObject(document);
      finishDocument(transformed as OpenApiDocument);
      return transformed;
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Without the top bar, which shows a logo of Swagger's.
    uiConfig: { layout: 'BaseLayout' },
    logo: NO_LOGO,
    theme: { title: 'Wardwatch API', favicon: [FAVICON] },
    uiHooks: { onRequest: allowDocumentationPage },
  });
}

/** Adds the error answers of a route, and the role it needs, to its documentation. */
function documentProblems(route: RouteOptions): void {
  const { schema } = route;
  if (schema === undefined || schema.hide === true) return;
  const role = route.config?.role;
  route.schema = {
    ...schema,
    ...(takesTags(schema.querystring) && { [TAKES_TAGS]: true }),
    ...(role !== undefined && { description: `Needs the role ${role}.` }),
    response: { ...problemResponses(problemsOf(route)), ...(schema.response as object | undefined) },
  };
}

/** What the route declares, what follows from its kind, and what any request can meet. */
function problemsOf({ schema, method, config }: RouteOptions): ErrorCode[] {
  const writes = ![method].flat().every(isRead);
  const isOpen = schema?.security?.length === 0;
  const { querystring, params, body } = schema ?? {};
  const hasInput = [params, querystring, body].some((part) => part !== undefined);
  const takes = (name: string): boolean => querystring instanceof z.ZodObject && name in querystring.shape;
  return [
    ...(hasInput ? (['INVALID_REQUEST'] as const) : []),
    'UNKNOWN_PARAMETER',
    ...(takes('cursor') ? (['BAD_CURSOR'] as const) : []),
    ...(takes('tz') ? (['BAD_TIME_ZONE'] as const) : []),
    ...(takesNames(querystring) || takesTags(querystring) ? (['UNKNOWN_NAME'] as const) : []),
    ...(takes('to') ? (['EMPTY_RANGE'] as const) : []),
    ...(writes ? (['INVALID_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(isOpen ? [] : (['NOT_AUTHENTICATED', 'TOO_MANY_REFUSED_TOKENS'] as const)),
    ...(config?.role === undefined ? [] : (['ROLE_TOO_LOW'] as const)),
    ...(isOpen || config?.limits === 'open' ? [] : (['OUTSIDE_LIMITS'] as const)),
    ...(writes && !isOpen ? (['COOKIE_READS_ONLY', 'CROSS_SITE_WRITE'] as const) : []),
    ...(config?.problems ?? []),
    ...(config?.unlimited === true ? [] : (['TOO_MANY_REQUESTS'] as const)),
    ...(params === undefined ? [] : (['BAD_PATH', 'PATH_TOO_LONG'] as const)),
    'BAD_REQUEST',
    'REQUEST_TIMEOUT',
    'HEADERS_TOO_LARGE',
    'INTERNAL',
  ];
}

function problemResponses(codes: readonly ErrorCode[]): Record<number, object> {
  const linesByStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, meaning } = ERROR_CODES[code];
    const lines = linesByStatus.get(status) ?? [];
    linesByStatus.set(status, [...lines, `\`${code}\`: ${meaning}`]);
  }
  const content = { [PROBLEM_TYPE]: { schema: problemSchema } };
  return Object.fromEntries(
    [...linesByStatus].map(([status, lines]) => [status, { description: lines.join('; '), content }]),
  );
}
