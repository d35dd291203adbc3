import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import {
  ledgerEntrySchema,
  ledgerHourSchema,
  type Ledger,
  type LedgerEntry,
  type LedgerHour,
} from '../../ledger/ledger.ts';
import type { App } from '../fastify-app.ts';
import { cursorKey, cutPage, pageOf, pageOfSorted, pageQuery, WHOLE_LIST, type ListKey } from '../paging.ts';
import { DAY_MS, presentOf, rangeOf, rangeParameters } from '../times/time-range.ts';

export interface LedgerRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly ledger: Pick<Ledger, 'entries' | 'completeness' | 'completenessOf' | 'hours'>;
}

const MAX_NAMED = 100;
const implausibleAgentSchema = z.object({
  agent: z.string(),
  stored: z.int().describe('batches'),
  lost: z.int().describe('batches that it declared lost, or that are missing'),
});

const ENTRY_KEY: ListKey<LedgerEntry> = {
  of: ({ agent, epoch }) => `${agent} ${epoch}`,
  pattern: /^[a-z0-9-]{1,64} [a-z0-9]{5,16}$/,
};
const HOUR_KEY: ListKey<LedgerHour> = {
  of: ({ hourMs, agent }) => `${hourMs} ${agent}`,
  pattern: /^\d{1,15} [a-z0-9-]{1,64}$/,
};

/** Proof of delivery: what arrived and what is lost. */
export function ledgerRoutes(app: App, deps: LedgerRouteDeps): void {
  const tags = ['Delivery'];
  app.get(
    '/ledger',
    {
      schema: {
        tags,
        summary: 'Per agent and queue: batches stored, declared lost, missing, on their way',
        querystring: z.object({ ...pageQuery(), agent: z.string().optional() }),
        response: {
          200: pageOf(ledgerEntrySchema).extend({
            completeness: z
              .number()
              .optional()
              .describe(
                'with `agent`: of its batches; else the mean of all agents; 0 to 1, not there as long as no batch is known',
              ),
            implausible: z
              .array(implausibleAgentSchema)
              .describe('agents that claim losses beyond all they ever sent: left out of the mean'),
          }),
        },
      },
    },
    ({ query }) => {
      const entries = [...deps.ledger.entries(query.agent)].sort((a, b) =>
        ENTRY_KEY.of(a) < ENTRY_KEY.of(b) ? -1 : 1,
      );
      const { ratio, implausible } = deps.ledger.completeness();
      const completeness = query.agent === undefined ? ratio : deps.ledger.completenessOf(query.agent);
      return {
        ...pageOfSorted(entries, ENTRY_KEY, query),
        ...(completeness !== undefined && { completeness }),
        implausible: implausible.slice(0, MAX_NAMED),
      };
    },
  );
  app.get(
    '/ledger/hours',
    {
      schema: {
        tags,
        summary: 'What was stored, refused and lost, per agent and hour of recording, newest first',
        querystring: z.object({
          ...pageQuery(WHOLE_LIST),
          agent: z.string().optional(),
          ...rangeParameters('a day'),
        }),
        response: { 200: pageOf(ledgerHourSchema) },
      },
    },
    ({ query }) => {
      const { fromMs, toMs } = rangeOf(query, presentOf(deps, query.tz), DAY_MS);
      const [hourMs, agent] = cursorKey(query, HOUR_KEY)?.split(' ') ?? [];
      const hours = deps.ledger.hours({
        fromMs,
        toMs,
        limit: query.limit + 1,
        ...(query.agent !== undefined && { agent: query.agent }),
        ...(agent !== undefined && { after: { hourMs: Number(hourMs), agent } }),
      });
      return cutPage(hours, HOUR_KEY, query);
    },
  );
}
