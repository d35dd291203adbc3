import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { codeOf } from '../../runtime/errors.ts';
import { TooManyQuestionsError } from '../health/states/history/question-turns.ts';
import { StoreQueryError, StoreUnavailableError } from '../store/sample-store.ts';
import { AllowedMethods } from './allowed-methods.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { ERROR_CODE_NAMES, ERROR_CODES, STATUS_TITLES, type ErrorCode } from './error-codes.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457 problem details, with a stable code for programs. */
export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().describe('what the status means'),
    status: z.int().describe('the HTTP status'),
    code: z.enum(ERROR_CODE_NAMES),
    detail: z.string(),
    requestId: z.string().describe("central's log names the request by it"),
    problems: z.array(z.string()).optional().describe('where several things are wrong: one line each'),
  })
  .meta({ id: 'Problem' });

/** Longer ones are refused before a route is looked for. */
export const MAX_PATH_PART_CHARS = 200;

type Problem = z.infer<typeof problemSchema>;

/** About as long as a long question about the history of states takes. */
const LONG_QUESTION_S = 5;

interface ApiErrorDetails {
  /** Where several things are wrong: one line each. */
  readonly problems?: readonly string[];
  /** For the header `Retry-After` (RFC 9110, 10.2.3), whole seconds. */
  readonly retryAfterS?: number;
  /** For the header `Allow` (RFC 9110, 10.2.1). */
  readonly allow?: readonly string[];
}

/** Thrown by a route; its code decides the status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly problems: readonly string[] | undefined;
  readonly retryAfterS: number | undefined;
  readonly allow: readonly string[] | undefined;
  constructor(code: ErrorCode, detail: string, { problems, retryAfterS, allow }: ApiErrorDetails = {}) {
    super(detail);
    this.code = code;
    this.problems = problems;
    this.retryAfterS = retryAfterS;
    this.allow = allow;
  }
}

export function installProblemHandlers(app: FastifyInstance): void {
  const methods = new AllowedMethods();
  app.addHook('onRoute', (route) => methods.add(route));
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const allow = methods.of(path);
    const detail = `no ${request.method} ${path} here`;
    const error =
      allow.length === 0
        ? new ApiError('ROUTE_NOT_FOUND', detail)
        : new ApiError('METHOD_NOT_ALLOWED', `${detail}, only ${allow.join(', ')}`, { allow });
    sendProblem(request, reply, error);
  });
}

/** Answers whatever a route, a hook or Fastify itself has thrown. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toApiError(error, request);
  if (ERROR_CODES[problem.code].status >= 500) request.log.error({ err: error }, 'request failed');
  return sendProblem(request, reply, problem);
}

/** For bytes that never became a request, so that there is no reply object either. */
export function answerUnreadableRequest(error: Error, socket: Socket): void {
  if (socket.destroyed || codeOf(error) === 'ECONNRESET') return;
  const problem = problemOf(unreadableError(error), crypto.randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

function unreadableError(error: Error): ApiError {
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ApiError('HEADERS_TOO_LARGE', 'path, query and headers are too large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ApiError('REQUEST_TIMEOUT', 'the request did not arrive in time');
  return new ApiError('BAD_REQUEST', 'the request cannot be read as HTTP');
}

const MAX_SHOWN_CHARS = 60;

/** `, got "1.5"`; not for bodies, which may hold secrets. */
function givenValue(request: FastifyRequest, where: string, [name, ...deeper]: readonly string[]): string {
  const given = where === 'querystring' ? request.query : where === 'params' ? request.params : undefined;
  if (name === undefined || deeper.length > 0 || typeof given !== 'object' || given === null) return '';
  if (!Object.hasOwn(given, name)) return '';
  const text = JSON.stringify((given as Readonly<Record<string, unknown>>)[name]);
  return `, got ${text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text}`;
}

const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_BAD_URL: 'BAD_PATH',
  FST_ERR_MAX_PARAM_LENGTH: 'PATH_TOO_LONG',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
};

function toApiError(error: unknown, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StoreQueryError) return new ApiError('QUERY_REFUSED', error.message);
  if (error instanceof TooManyQuestionsError)
    return new ApiError('TOO_MANY_QUESTIONS', error.message, { retryAfterS: LONG_QUESTION_S });
  if (error instanceof StoreUnavailableError)
    return new ApiError('STORE_UNAVAILABLE', 'the sample store does not answer; try again later');
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'request';
    const problems = error.validation.map(({ instancePath, message }) => {
      const path = instancePath.split('/').filter((part) => part !== '');
      return `${[where, ...path].join('.')}: ${message ?? ''}${givenValue(request, where, path)}`;
    });
    return new ApiError('INVALID_REQUEST', problems.join('; '), { problems });
  }
  return (
    fastifyError(error) ??
    new ApiError('INTERNAL', "an error of central's own; its log has it under this request id")
  );
}

/** What Fastify and its plugins refuse has a status below 500; anything else is an internal error of central. */
function fastifyError(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const known = FASTIFY_CODES[codeOf(error) ?? ''];
  if (known !== undefined) return new ApiError(known, error.message);
  const isRefusal = typeof error.statusCode === 'number' && error.statusCode < 500;
  return isRefusal ? new ApiError('BAD_REQUEST', error.message) : undefined;
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  const problem = problemOf(error, request.id);
  // What cannot be routed has passed no hook.
  reply.headers(SECURITY_HEADERS);
  if (error.retryAfterS !== undefined) reply.header('retry-after', error.retryAfterS);
  if (error.allow !== undefined) reply.header('allow', error.allow.join(', '));
  return reply.status(problem.status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(problem);
}

function problemOf({ code, message, problems }: ApiError, requestId: string): Problem {
  const { status } = ERROR_CODES[code];
  return {
    type: 'about:blank',
    title: STATUS_TITLES[status],
    status,
    code,
    detail: message,
    requestId,
    ...(problems !== undefined && { problems: [...problems] }),
  };
}
