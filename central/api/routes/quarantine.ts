import { z } from 'zod';
import { ENTRY_STATES } from '../../ingest/quarantine/decisions.ts';
import { QuarantineBusyError, type Quarantine } from '../../ingest/quarantine/quarantine.ts';
import {
  groupSchema,
  MOST_BYTES,
  MOST_ROWS,
  ReplayBusyError,
  reviewedEntrySchema,
  type EntrySelection,
  type QuarantineGroup,
  type QuarantineReview,
} from '../../ingest/quarantine/review.ts';
import { actorOf, recordAudit, type AuditDeps } from '../audited.ts';
import { entriesBefore, ENTRY_KEY, entryPageQuery } from '../entry-paging.ts';
import type { App } from '../fastify-app.ts';
import { numberInPath } from '../number-in-path.ts';
import { cutPage, pageOf } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { presentOf, timeOf, timeZoneParameter } from '../times/time-range.ts';

export interface QuarantineRouteDeps extends AuditDeps {
  /** Where days begin. */
  readonly timeZone: string;
  readonly quarantine: Pick<Quarantine, 'stats'>;
  readonly quarantineReview: Pick<QuarantineReview, 'list' | 'find' | 'groups' | 'replay' | 'discard'>;
}

const MAX_IDS = 1_000;
const MAX_GROUPS = 500;
const MAX_REASON_CHARS = 500;
const RETRY_AFTER_S = 10;

const selection = {
  ids: z.array(z.int().min(1)).min(1).max(MAX_IDS).optional().describe('these entries'),
  agent: z.string().optional().describe('all that wait of this agent'),
  code: z.string().optional().describe('all that wait with this reason'),
  measurement: z.string().optional().describe('all that wait of this measurement'),
  all: z.literal(true).optional().describe('all that wait, where nothing else is said'),
  before: z.int().min(1).optional().describe('only entries with a smaller id: `next` of the call before'),
};
type Selection = z.infer<z.ZodObject<typeof selection>>;

const groupFilters = {
  agent: z
    .string()
    .optional()
    .meta({ description: 'agents with this in their id', examples: ['gw-26737'] }),
  code: z.string().optional().describe('refused for this reason'),
  measurement: z.string().optional().describe('rows of this measurement'),
  from: timeOf('groups with an entry since then', '-24h'),
  tz: timeZoneParameter,
};
type GroupFilters = z.output<z.ZodObject<typeof groupFilters>>;

const next = z.int().optional().describe('more wait: call again with this as `before`');

/** What was refused: read by everybody, taken in again by engineers, given up by administrators; both audited. */
export function quarantineRoutes(app: App, deps: QuarantineRouteDeps): void {
  const tags = ['Delivery'];
  const { quarantineReview: review } = deps;
  app.get(
    '/quarantine',
    {
      schema: {
        tags,
        summary: 'What was refused and why, newest first',
        querystring: z.object({
          ...entryPageQuery(),
          agent: z.string().optional(),
          code: z.string().optional(),
          measurement: z.string().optional(),
          state: z.enum(ENTRY_STATES).optional(),
        }),
        response: {
          200: pageOf(reviewedEntrySchema).extend({
            counts: z.record(z.string(), z.int()).describe('entries kept, by code'),
            notKept: z.int().describe('refused since the start, but not kept for lack of room'),
          }),
        },
      },
    },
    async ({ query }) => {
      const { agent, code, measurement, state } = query;
      const limit = query.limit + 1;
      const entries = await orTryLater(
        review.list({ agent, code, measurement, state, before: entriesBefore(query), limit }),
      );
      const { byCode, notKept } = deps.quarantine.stats();
      return { ...cutPage(entries, ENTRY_KEY, query), counts: { ...byCode }, notKept };
    },
  );
  app.get(
    '/quarantine/groups',
    {
      schema: {
        tags,
        summary: 'What waits in the quarantine, by agent, reason and measurement; those that came last first',
        querystring: z.object(groupFilters),
        response: {
          200: z.object({
            groups: z.array(groupSchema).describe(`those that fit, at most ${MAX_GROUPS}`),
            total: z.int().describe('groups that fit'),
            entries: z.int().describe('entries of these groups'),
            codes: z.array(z.string()).describe('of all that wait'),
            measurements: z.array(z.string()).describe('of all that wait'),
          }),
        },
      },
    },
    async ({ query }) => {
      const all = await orTryLater(review.groups());
      const sinceMs = query.from?.(presentOf(deps, query.tz)) ?? 0;
      const groups = all.filter((group) => fitsGroup(group, query) && group.lastAtMs >= sinceMs);
      return {
        groups: groups.slice(0, MAX_GROUPS),
        total: groups.length,
        entries: groups.reduce((sum, { count }) => sum + count, 0),
        codes: namesOf(all.map(({ code }) => code)),
        measurements: namesOf(all.flatMap(({ measurement }) => measurement ?? [])),
      };
    },
  );
  app.get(
    '/quarantine/entries/:id',
    {
      config: { problems: ['QUARANTINE_ENTRY_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One entry of the quarantine, with the row as it came',
        params: z.object({ id: numberInPath('number of the entry', 127) }),
        response: { 200: reviewedEntrySchema },
      },
    },
    async ({ params: { id } }) => {
      const found = await orTryLater(review.find(id));
      if (found === undefined)
        throw new ApiError('QUARANTINE_ENTRY_NOT_FOUND', `no entry ${id}; the oldest are deleted first`);
      return found;
    },
  );
  app.post(
    '/quarantine/replay',
    {
      config: { role: 'engineer' },
      schema: {
        tags,
        summary:
          'Take rows of the quarantine in again, with their own times, as history that pages nobody; one that is refused again stays with its new reason',
        body: z.strictObject(selection),
        response: {
          200: z.object({
            taken: z
              .int()
              .describe('on their way to the store, also if central ends now; each is stored once'),
            refused: z.int().describe('refused again'),
            notReplayable: z.int().describe('no rows, or not kept whole'),
            next: next.describe(
              `more wait: call again with this as \`before\`; a call takes at most ${MOST_ROWS} rows and ${MOST_BYTES} bytes`,
            ),
          }),
        },
      },
    },
    async (request) => {
      const of = selectionOf(request.body);
      const outcome = await orTryLater(review.replay(of, actorOf(request)));
      const { taken, refused } = outcome;
      recordAudit(
        deps,
        request,
        'quarantine.replay',
        `${wordsOf(of)}: ${taken} taken in, ${refused} refused again`,
      );
      return outcome;
    },
  );
  app.post(
    '/quarantine/discard',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Give up entries of the quarantine: they are not taken in again',
        body: z.strictObject({
          ...selection,
          reason: z.string().trim().min(1).max(MAX_REASON_CHARS),
        }),
        response: { 200: z.object({ discarded: z.int(), next }) },
      },
    },
    async (request) => {
      const { reason } = request.body;
      const of = selectionOf(request.body);
      const outcome = await orTryLater(review.discard(of, reason, actorOf(request)));
      const done = `${wordsOf(of)}: ${outcome.discarded} given up: ${reason}`;
      recordAudit(deps, request, 'quarantine.discard', done);
      return outcome;
    },
  );
}

/** Pure. */
function fitsGroup(group: QuarantineGroup, { agent, code, measurement }: GroupFilters): boolean {
  return (
    (agent === undefined || group.agent.includes(agent)) &&
    (code === undefined || group.code === code) &&
    (measurement === undefined || group.measurement === measurement)
  );
}

/** Each once, sorted. Pure. */
function namesOf(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

async function orTryLater<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ReplayBusyError || error instanceof QuarantineBusyError)) throw error;
    throw new ApiError('TOO_MANY_REQUESTS', error.message, { retryAfterS: RETRY_AFTER_S });
  }
}

/** Nothing is meant by mistake: neither all of them, nor both ways at once. */
function selectionOf({ ids, agent, code, measurement, all, before }: Selection): EntrySelection {
  const isFiltered = [agent, code, measurement].some((each) => each !== undefined);
  const ways = [ids !== undefined, isFiltered, all === true].filter(Boolean).length;
  if (ways !== 1)
    throw new ApiError(
      'INVALID_REQUEST',
      'body: expected either ids, or agent, code or measurement, or all: true',
    );
  return { ids, agent, code, measurement, before };
}

const MAX_SHOWN_IDS = 10;

/** For the audit log. */
function wordsOf({ ids, agent, code, measurement }: EntrySelection): string {
  if (ids !== undefined) {
    const more = ids.length > MAX_SHOWN_IDS ? ` and ${ids.length - MAX_SHOWN_IDS} more` : '';
    return `entries ${ids.slice(0, MAX_SHOWN_IDS).join(', ')}${more}`;
  }
  const named = Object.entries({ agent, code, measurement }).filter(([, value]) => value !== undefined);
  return named.length === 0 ? 'all' : named.map(([name, value]) => `${name} ${value ?? ''}`).join(', ');
}
