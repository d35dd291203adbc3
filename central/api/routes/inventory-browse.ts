import { z } from 'zod';
import { foldText } from '../../../runtime/fold-text.ts';
import { idOf, KIND_NAMES, kindSchema, schemaOf, type Entry, type Kind } from '../../inventory/kinds.ts';
import type { ManagedInventory } from '../../inventory/managed-inventory.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';
import { searchParameter } from '../search-parameter.ts';

export interface InventoryBrowseRouteDeps {
  readonly managedInventory: Pick<ManagedInventory, 'live' | 'file'>;
}

interface Listed {
  readonly id: string;
  readonly entry: Entry;
}

/** Ids have no control characters, and a cursor is a key of ours only. */
function keyOf(kind: Kind): ListKey<Listed> {
  return { of: ({ id }) => `${kind} ${id}`, pattern: new RegExp(`^${kind} [^\\p{Cc}\\p{Cs}]{1,200}$`, 'u') };
}

const listedEntry = z.object({
  id: z.string(),
  entry: z.record(z.string(), z.unknown()).describe('as in the inventory file'),
});

/** What forms are made of, and the lists of the inventory as its file has them. */
export function inventoryBrowseRoutes(app: App, { managedInventory }: InventoryBrowseRouteDeps): void {
  const tags = ['Inventory'];
  app.get(
    '/inventory/schema',
    {
      schema: {
        tags,
        summary: 'JSON Schema (draft 2020-12) of an entry of each list, as a caller writes it',
        response: {
          200: z.object({
            kinds: z.record(kindSchema, z.record(z.string(), z.unknown())),
            file: z
              .string()
              .optional()
              .describe('the inventory is that of this file, which alone may change it'),
          }),
        },
      },
    },
    () => ({
      kinds: SCHEMAS,
      ...(managedInventory.file !== undefined && { file: managedInventory.file }),
    }),
  );
  app.get(
    '/inventory/entries',
    {
      schema: {
        tags,
        summary: 'One list of the inventory as its file has it, in the order of ids',
        querystring: z.object({
          ...pageQuery(),
          kind: kindSchema.default('devices'),
          q: searchParameter('id and every text of an entry, with or without diacritics'),
        }),
        response: { 200: pageOf(listedEntry) },
      },
    },
    ({ query }) => {
      const { kind } = query;
      const wanted = query.q === undefined ? undefined : foldText(query.q);
      const entries: Iterable<Entry> = managedInventory.live[kind].values();
      const listed = [...entries]
        .map((entry): Listed => ({ id: idOf(kind, entry as never), entry }))
        .filter(
          ({ entry }) =>
            wanted === undefined || textsOf(entry).some((text) => foldText(text).includes(wanted)),
        )
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const { items, ...page } = pageOfSorted(listed, keyOf(kind), query);
      return { ...page, items: items.map(({ id, entry }) => ({ id, entry: { ...entry } })) };
    },
  );
}

const SCHEMAS = Object.fromEntries(KIND_NAMES.map((kind) => [kind, jsonSchemaOf(kind)])) as Record<
  Kind,
  Record<string, unknown>
>;

/** As a caller writes it: before defaults. */
function jsonSchemaOf(kind: Kind): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(schemaOf(kind), {
    io: 'input',
    unrepresentable: 'any',
  });
  return schema;
}

function textsOf(entry: Entry): readonly string[] {
  return Object.values(entry).filter((value): value is string => typeof value === 'string');
}
