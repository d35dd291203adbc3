import { z } from 'zod';
import type { App, ApiDeps } from '../deps.ts';
import { pageByKey, pageQuery } from '../paging.ts';

const ranges = z.array(z.tuple([z.int(), z.int()]));
const ledgerEntry = z.object({
  agent: z.string(),
  epoch: z.string(),
  stored: ranges,
  declaredLost: ranges,
  missing: ranges,
  awaited: ranges,
  lowest: z.int(),
  highest: z.int(),
  storedPoints: z.int(),
  refusedPoints: z.int(),
  lostPoints: z.int(),
  completeness: z.number(),
  lastStoredAtMs: z.number().optional(),
});
const ledgerHour = z.object({
  agent: z.string(),
  hourMs: z.number(),
  storedBatches: z.int(),
  storedPoints: z.int(),
  refusedPoints: z.int(),
  lostPoints: z.int(),
  lateBatches: z.int(),
});

const DAY_MS = 86_400_000;

/** Proof of delivery: what arrived, what was refused and why, what is lost. */
export function deliveryRoutes(app: App, deps: ApiDeps): void {
  const tags = ['Delivery'];
  app.get(
    '/ledger',
    {
      schema: {
        tags,
        summary: 'Per agent and queue: batches stored, declared lost, missing, on their way',
        querystring: z.object({ ...pageQuery, agent: z.string().optional() }),
        response: { 200: z.object({ items: z.array(ledgerEntry), nextCursor: z.string().optional() }) },
      },
    },
    ({ query }) => {
      const key = (entry: { agent: string; epoch: string }): string => `${entry.agent} ${entry.epoch}`;
      const entries = [...deps.ledger.entries(query.agent)].sort((a, b) => (key(a) < key(b) ? -1 : 1));
      const page = pageByKey(entries, key, query);
      return { ...page, items: page.items.map(({ lastStoredAtMs, ...entry }) => ({
        ...entry,
        stored: mutable(entry.stored),
        declaredLost: mutable(entry.declaredLost),
        missing: mutable(entry.missing),
        awaited: mutable(entry.awaited),
        ...(lastStoredAtMs !== undefined && { lastStoredAtMs }),
      })) };
    },
  );
  app.get(
    '/ledger/hours',
    {
      schema: {
        tags,
        summary: 'Completeness hour by hour, newest first',
        querystring: z.object({
          agent: z.string().optional(),
          from: z.coerce.number().optional(),
          to: z.coerce.number().optional(),
        }),
        response: { 200: z.object({ items: z.array(ledgerHour) }) },
      },
    },
    ({ query }) => {
      const toMs = query.to ?? deps.clock.now();
      return { items: [...deps.ledger.hours(query.agent, query.from ?? toMs - DAY_MS, toMs)] };
    },
  );
}

function mutable(list: readonly (readonly [number, number])[]): [number, number][] {
  return list.map(([from, to]) => [from, to]);
}
