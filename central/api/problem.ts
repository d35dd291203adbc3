import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { StoreUnavailableError } from '../store/sample-store.ts';

/** RFC 9457 problem details, with a stable code for programs. */
export const problemSchema = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  /** Where several things are wrong: one line each. */
  problems: z.array(z.string()).optional(),
});

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  422: 'Not usable as it is',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available now',
};

/** Thrown by a route; the one error handler decides what a client sees. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly problems: readonly string[] | undefined;
  constructor(status: number, code: string, detail: string, problems?: readonly string[]) {
    super(detail);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

export function installProblemHandlers(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const described = describe(error);
    if (described.status >= 500) request.log.error({ err: error }, 'request failed');
    return sendProblem(request, reply, described);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, {
      status: 404,
      code: 'ROUTE_NOT_FOUND',
      detail: `no ${request.method} ${request.url.split('?')[0] ?? ''} here`,
    }),
  );
}

interface Described {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly problems?: readonly string[];
}

function describe(error: unknown): Described {
  if (error instanceof ApiError) {
    const { status, code, message, problems } = error;
    return { status, code, detail: message, ...(problems !== undefined && { problems }) };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map(
      (problem) =>
        `${error.validationContext ?? 'request'}${problem.instancePath.replaceAll('/', '.')}: ${problem.message ?? ''}`,
    );
    return { status: 400, code: 'INVALID_REQUEST', detail: problems.join('; ') };
  }
  if (error instanceof StoreUnavailableError) {
    return {
      status: 503,
      code: 'STORE_UNAVAILABLE',
      detail: 'the sample store does not answer; try again later',
    };
  }
  if (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode < 500
  ) {
    return { status: error.statusCode, code: 'BAD_REQUEST', detail: error.message };
  }
  return {
    status: 500,
    code: 'INTERNAL',
    detail: 'an error that is ours; the log has it under this request id',
  };
}

function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, code, detail, problems }: Described,
): FastifyReply {
  return reply
    .status(status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: 'about:blank',
      title: TITLES[status] ?? 'Error',
      status,
      code,
      detail,
      requestId: request.id,
      ...(problems !== undefined && { problems }),
    });
}
