import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import { silenceMatchSchema } from '../../alerts/life/silences/silence-match.ts';
import {
  silenceSchema,
  silenceStateSchema,
  stateOf,
  type Silence,
} from '../../alerts/life/silences/silence.ts';
import type { Silences } from '../../alerts/life/silences/silences.ts';
import { reasonSchema } from '../../alerts/life/texts.ts';
import type { App } from '../fastify-app.ts';
import { firstOf } from '../limits/listed.ts';
import { assertOwnSilence, isOwnSilence } from '../limits/own-quiet.ts';
import { cursorKey, cutPage, pageOf, pageQuery, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { futureTime } from '../times/future-time.ts';
import { authorOf } from './inventory.ts';

export interface SilenceRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly alerts: Pick<AlertEngine, 'active'>;
  readonly silences: Pick<Silences, 'create' | 'expire' | 'get' | 'list' | 'countTaken'>;
}

const DAY_MS = 86_400_000;
const FURTHEST_START_MS = 366 * DAY_MS;
const LONGEST_MS = 31 * DAY_MS;

const silenceView = silenceSchema.extend({ state: silenceStateSchema });
const params = z.object({ id: z.string().meta({ examples: ['s-41'] }) });

const KEY: ListKey<{ readonly number: number }> = {
  of: ({ number }) => String(number),
  pattern: /^[1-9]\d{0,14}$/,
};

/** Silences by matcher: operators write, everybody reads. */
export function silenceRoutes(app: App, deps: SilenceRouteDeps): void {
  const tags = ['Alerts'];
  const { silences, clock } = deps;
  const viewOf = (silence: Silence) => ({ ...silence, state: stateOf(silence, clock.now()) });
  const known = (silence: Silence | undefined, id: string): Silence => {
    if (silence === undefined) throw new ApiError('SILENCE_NOT_FOUND', `no silence "${id}"`);
    return silence;
  };
  const ownSilence = (request: FastifyRequest, id: string): Silence => {
    const silence = known(silences.get(id), id);
    assertOwnSilence(request, silence.match);
    return silence;
  };
  app.get(
    '/silences',
    {
      config: { limits: 'filtered' },
      schema: {
        tags,
        summary: 'Silences, newest first; expired ones for 400 days',
        querystring: z.object({
          ...pageQuery(),
          state: silenceStateSchema.optional().describe('pending: begins later; expired: over, or ended'),
        }),
        response: { 200: pageOf(silenceView) },
      },
    },
    ({ query, reach }) => {
      const key = cursorKey(query, KEY);
      const { state, limit } = query;
      const beforeNumber = key === undefined ? undefined : Number(key);
      const listed =
        reach === undefined
          ? silences.list({ state, limit: limit + 1, beforeNumber })
          : firstOf(
              (page) => silences.list({ state, ...page }),
              ({ silence }) => isOwnSilence(silence.match, reach),
              { limit: limit + 1, beforeNumber },
            );
      const page = cutPage(listed, KEY, query);
      return { ...page, items: page.items.map(({ silence }) => viewOf(silence)) };
    },
  );
  app.get(
    '/silences/:id',
    {
      config: { limits: 'filtered', problems: ['SILENCE_NOT_FOUND'] },
      schema: { tags, summary: 'One silence', params, response: { 200: silenceView } },
    },
    (request) => viewOf(ownSilence(request, request.params.id)),
  );
  app.post(
    '/silences',
    {
      config: { limits: 'filtered', role: 'operator', problems: ['TOO_MANY_ENTRIES'] },
      schema: {
        tags,
        summary:
          'Tell nobody that alerts of some kind begin, for some time. They are judged, listed and counted all the same, and ends are told',
        body: z
          .strictObject({
            match: silenceMatchSchema,
            startsAtMs: futureTime(clock, FURTHEST_START_MS)
              .optional()
              .describe('Unix time in ms, at most a year ahead; now without it'),
            endsAtMs: futureTime(clock, FURTHEST_START_MS + LONGEST_MS).describe(
              'Unix time in ms, at most 31 days after the start',
            ),
            reason: reasonSchema,
          })
          .superRefine(({ startsAtMs, endsAtMs }, context) => {
            const startMs = startsAtMs ?? clock.now();
            if (endsAtMs > startMs && endsAtMs <= startMs + LONGEST_MS) return;
            const message = `expected a time after the start (${startMs}), by at most 31 d; got ${endsAtMs}`;
            context.addIssue({ code: 'custom', path: ['endsAtMs'], message });
          }),
        response: {
          201: silenceView.extend({
            takesNow: z
              .int()
              .describe('alerts that are open now and that it takes, whether it is in force already or not'),
          }),
        },
      },
    },
    async (request, reply) => {
      assertOwnSilence(request, request.body.match);
      const silence = silences.create(request.body, authorOf(request));
      if (silence === undefined)
        throw new ApiError('TOO_MANY_ENTRIES', 'there are as many silences as there may be; end some first');
      const takesNow = silences.countTaken(silence, deps.alerts.active());
      return reply.status(201).send({ ...viewOf(silence), takesNow });
    },
  );
  app.delete(
    '/silences/:id',
    {
      config: { limits: 'filtered', role: 'operator', problems: ['SILENCE_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'End a silence before its time; it stays in the list as expired',
        params,
        response: { 200: silenceView },
      },
    },
    (request) => {
      const { id } = ownSilence(request, request.params.id);
      return viewOf(known(silences.expire(id, authorOf(request)), id));
    },
  );
}
