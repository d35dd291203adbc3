import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { RouteOptions } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isRead } from './auth.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import type { App } from './fastify-app.ts';
import { PROBLEM_TYPE, problemSchema } from './problem.ts';
import { allowDocumentationPage } from './security-headers.ts';

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
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
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
    ...(role !== undefined && { description: `Needs the role ${role}.` }),
    response: { ...problemResponses(problemsOf(route)), ...(schema.response as object | undefined) },
  };
}

/** What the route declares, and what follows from its kind. */
function problemsOf({ schema, method, config }: RouteOptions): ErrorCode[] {
  const writes = ![method].flat().every(isRead);
  const isOpen = schema?.security?.length === 0;
  const hasInput = [schema?.params, schema?.querystring, schema?.body].some((part) => part !== undefined);
  const { querystring } = schema ?? {};
  const isPaged = querystring instanceof z.ZodObject && 'cursor' in querystring.shape;
  return [
    ...(hasInput ? (['INVALID_REQUEST'] as const) : []),
    'UNKNOWN_PARAMETER',
    ...(isPaged ? (['BAD_CURSOR'] as const) : []),
    ...(writes ? (['INVALID_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(isOpen ? [] : (['NOT_AUTHENTICATED', 'TOO_MANY_REFUSED_TOKENS'] as const)),
    ...(config?.role === undefined ? [] : (['ROLE_TOO_LOW'] as const)),
    ...(writes ? (['COOKIE_READS_ONLY'] as const) : []),
    ...(config?.problems ?? []),
    ...(config?.unlimited === true ? [] : (['TOO_MANY_REQUESTS'] as const)),
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
