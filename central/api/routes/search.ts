import { z } from 'zod';
import type { InventorySearch } from '../../inventory/search/inventory-search.ts';
import { SEARCH_KINDS, type SearchEntry } from '../../inventory/search/search-entry.ts';
import { MATCHES, MAX_SEARCH_CHARS, MAX_SEARCH_HITS } from '../../inventory/search/search-index.ts';
import type { App } from '../fastify-app.ts';
import { isOwnEntry } from '../limits/own-entry.ts';

export interface SearchRouteDeps {
  readonly inventorySearch: Pick<InventorySearch, 'search'>;
}

const kind = z.enum(SEARCH_KINDS);
const hit = z.object({
  kind,
  id: z.string(),
  name: z.string(),
  match: z.enum(MATCHES).describe('what of it was found: all, its beginning, words of it, or its id'),
  todaysUnits: z
    .array(z.string())
    .optional()
    .describe('of a former unit: codes of the units that its land belongs to today'),
});

export function searchRoutes(app: App, { inventorySearch }: SearchRouteDeps): void {
  app.get(
    '/search',
    {
      config: { limits: 'filtered' },
      schema: {
        tags: ['City'],
        summary:
          'Everything of the inventory by name or id, with or without diacritics ("thu dau mot"), best match first; former units too',
        querystring: z.object({
          q: z.string().min(1).max(MAX_SEARCH_CHARS).describe('words, or their beginnings, in any order'),
          kind: kind.optional().describe('only of this kind'),
          limit: z.coerce
            .number()
            .int()
            .min(1)
            .max(MAX_SEARCH_HITS)
            .default(20)
            .describe('most hits of the answer'),
        }),
        response: {
          200: z.object({
            hits: z.array(hit),
            total: z.int().describe('hits, shown or not'),
            truncated: z.boolean().describe('there are more than are shown'),
          }),
        },
      },
    },
    ({ query, reach }) => {
      const { q, kind: wanted, limit } = query;
      const { hits, total } = inventorySearch.search(q, {
        limit,
        ...(wanted !== undefined && { kinds: [wanted] }),
        ...(reach !== undefined && { isWanted: (entry: SearchEntry) => isOwnEntry(entry, reach) }),
      });
      return { hits: hits.map(toAnswer), total, truncated: total > hits.length };
    },
  );
}

function toAnswer({
  todaysUnits,
  ...facts
}: ReturnType<InventorySearch['search']>['hits'][number]): z.infer<typeof hit> {
  return { ...facts, ...(todaysUnits !== undefined && { todaysUnits: [...todaysUnits] }) };
}
