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
  foldedBelow: z.int().optional(),
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

const quarantineEntry = z.object({
  id: z.int(),
  atMs: z.number(),
  agent: z.string(),
  epoch: z.string().optional(),
  seq: z.int().optional(),
  row: z.int().optional(),
  measurement: z.string().optional(),
  code: z.string(),
  reason: z.string(),
  raw: z.unknown().optional(),
  payloadBase64: z.string().optional(),
  payloadBytes: z.int().optional(),
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
      return {
        ...page,
        items: page.items.map(({ lastStoredAtMs, ...entry }) => ({
          ...entry,
          stored: mutable(entry.stored),
          declaredLost: mutable(entry.declaredLost),
          missing: mutable(entry.missing),
          awaited: mutable(entry.awaited),
          ...(lastStoredAtMs !== undefined && { lastStoredAtMs }),
        })),
      };
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
  app.get(
    '/quarantine',
    {
      schema: {
        tags,
        summary: 'What was refused and why, newest first',
        querystring: z.object({
          limit: pageQuery.limit,
          before: z.coerce
            .number()
            .int()
            .positive()
            .optional()
            .describe('id of the last entry of the page before'),
          agent: z.string().optional(),
          code: z.string().optional(),
        }),
        response: {
          200: z.object({
            items: z.array(quarantineEntry),
            counts: z.record(z.string(), z.int()),
            notKept: z.int(),
          }),
        },
      },
    },
    async ({ query }) => {
      const items = await deps.quarantine.list({
        limit: query.limit,
        ...(query.before !== undefined && { before: query.before }),
        ...(query.agent !== undefined && { agent: query.agent }),
        ...(query.code !== undefined && { code: query.code }),
      });
      const { byCode, notKept } = deps.quarantine.stats();
      return { items: [...items], counts: { ...byCode }, notKept };
    },
  );
}

function mutable(list: readonly (readonly [number, number])[]): [number, number][] {
  return list.map(([from, to]) => [from, to]);
}
