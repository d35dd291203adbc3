import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../api/fastify-app.ts';
import { policyOfBoard } from '../api/security-headers.ts';
import { ApiError, MAX_PATH_PART_CHARS } from '../api/problem.ts';
import { CONTENT_CODINGS, type Board, type BoardFile, type ContentCoding } from './read-board.ts';

const OLD_LINK_PATH = '/login?problem=link';
const A_YEAR_S = 31_536_000;

/**
 * The board: its files, and index.html for every other address that a person opens, since its views have addresses of their own.
 * Nothing of it tells of the city, so nothing of it needs a login: it asks the API. Where it was not built, people get the page at `plainPath`.
 */
export function boardRoutes(app: App, board: Board | undefined, plainPath: string): void {
  const route = { config: { anyParameters: true }, schema: { hide: true } } as const;
  // A person whose link is used up is told so there.
  const oldLinkPath = board === undefined ? plainPath : OLD_LINK_PATH;
  app.setErrorHandler((error, request, reply) => {
    const isOldLink = error instanceof ApiError && error.code === 'NOT_AUTHENTICATED';
    if (!isOldLink || request.headers.accept?.includes('text/html') !== true) throw error;
    return reply.redirect(oldLinkPath);
  });
  if (board === undefined) {
    app.get('/', route, (_request, reply) => reply.redirect(plainPath));
    return;
  }
  const policy = policyOfBoard(board);
  app.get('/*', route, (request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const file = board.files.get(path);
    if (file !== undefined) return sendFile(request, reply, file);
    // Such a path comes here although it is one of the API.
    if (path.split('/').some((part) => part.length > MAX_PATH_PART_CHARS))
      throw new ApiError(
        'PATH_TOO_LONG',
        `a part of the path is longer than ${MAX_PATH_PART_CHARS} characters`,
      );
    if (!isView(request, path)) {
      reply.callNotFound();
      return reply;
    }
    return sendFile(request, reply.header('content-security-policy', policy), board.index);
  });
}

/** What a person opens, as browsers say; programs get an error for what is not there. */
function isView({ headers }: FastifyRequest, path: string): boolean {
  return headers.accept?.includes('text/html') === true && !/^\/(?:api|assets|docs)(?:\/|$)/.test(path);
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: BoardFile): FastifyReply {
  const { etag, type, isImmutable, plain, encoded } = file;
  reply
    .header('cache-control', isImmutable ? `public, max-age=${A_YEAR_S}, immutable` : 'no-cache')
    .header('vary', 'accept-encoding')
    .header('etag', etag);
  if (isKnown(request.headers['if-none-match'], etag)) return reply.status(304).send();
  const coding = codingFor(request.headers['accept-encoding'], encoded);
  if (coding !== undefined) reply.header('content-encoding', coding);
  const bytes = coding === undefined ? plain : (encoded.get(coding) ?? plain);
  return reply.type(type).send(bytes);
}

/** RFC 9110, 13.1.2: weak and strong ones are compared alike. */
function isKnown(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag) === true;
}

/** RFC 9110, 12.5.3, of which weights other than none are left out: the smallest comes first. */
function codingFor(header: string | undefined, encoded: BoardFile['encoded']): ContentCoding | undefined {
  const accepted = new Set(
    (header ?? '')
      .split(',')
      .filter((each) => !/;\s*q=0(?:\.0*)?\s*$/.test(each))
      .map((each) => each.split(';')[0]?.trim().toLowerCase()),
  );
  return CONTENT_CODINGS.find((coding) => accepted.has(coding) && encoded.has(coding));
}
