import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { limitsSchema } from '../../access/limits.ts';
import { SESSION_KINDS, type Caller } from '../../access/sessions.ts';
import { ROLES } from '../../access/tokens.ts';
import type { App } from '../fastify-app.ts';

const LANGUAGES = ['vi', 'en'] as const;
type Language = (typeof LANGUAGES)[number];

export const meSchema = z.object({
  name: z.string().describe('as the audit log calls it'),
  role: z.enum(ROLES).describe('each may do what those before it may'),
  limits: limitsSchema.exactOptional().describe('what it sees and acts on; not there: the whole city'),
  language: z.enum(LANGUAGES).describe('the first of these that the browser asks for; vi without any'),
  mayWrite: z.boolean().describe('false: a session of a screen, or the role viewer'),
  session: z
    .object({
      kind: z.enum(SESSION_KINDS),
      expiresAtMs: unixMs,
      idleAfterMs: z.int().exactOptional().describe('it ends when nothing was asked for so long'),
    })
    .exactOptional()
    .describe('not there: the request has a token'),
});
export type Me = z.infer<typeof meSchema>;

export function meOf(
  { name, role, limits, session }: Caller,
  { headers }: Pick<FastifyRequest, 'headers'>,
): Me {
  return {
    ...{ name, role, language: languageOf(headers['accept-language']) },
    mayWrite: role !== 'viewer' && session?.mayWrite !== false,
    ...(limits !== undefined && { limits }),
    ...(session !== undefined && {
      session: {
        ...{ kind: session.kind, expiresAtMs: session.expiresAtMs },
        ...(session.idleAfterMs !== undefined && { idleAfterMs: session.idleAfterMs }),
      },
    }),
  };
}

/** In the order in which browsers name them; weights (RFC 9110, 12.5.4) only ever fall. */
function languageOf(header = ''): Language {
  const wanted = header.split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return LANGUAGES.find((language) => language === wanted.find((each) => isLanguage(each))) ?? 'vi';
}

function isLanguage(text: string): boolean {
  return LANGUAGES.some((language) => language === text);
}

export function meRoute(app: App): void {
  app.get(
    '/me',
    {
      config: { limits: 'open' },
      schema: {
        tags: ['Access'],
        summary: 'Who asks: name, role, limits, and until when the session is valid',
        response: { 200: meSchema },
      },
    },
    (request) => {
      const { caller } = request;
      if (caller === undefined) throw new Error('the route needs a caller');
      return meOf(caller, request);
    },
  );
}
