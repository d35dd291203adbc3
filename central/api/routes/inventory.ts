import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { fieldChanges, fieldChangesSchema } from '../../inventory/changes.ts';
import type { RecordedChange } from '../../inventory/inventory-repository.ts';
import { kindSchema } from '../../inventory/kinds.ts';
import type { ManagedInventory } from '../../inventory/managed-inventory.ts';
import { actorOf, type AuditedRequest } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { withInventoryErrors } from '../inventory-errors.ts';
import { cursorKey, cutPage, pageOf, pageQuery, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';

export interface InventoryRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly managedInventory: Pick<ManagedInventory, 'find' | 'put' | 'remove' | 'changes'>;
}

const idParameter = z
  .string()
  .min(1)
  .max(200)
  .describe(
    'id of the entry, percent-encoded: of a unit its code, of an interface device/name, of a pool id/resource, of a former unit until/code',
  );
const params = z.object({ kind: kindSchema, id: idParameter });
const entry = z.record(z.string(), z.unknown()).describe('as in the inventory file');
export const storedEntry = z.object({
  kind: kindSchema,
  id: z.string(),
  revision: z.int().describe('of the whole inventory, when the entry was last changed'),
  changedAtMs: unixMs,
  changedBy: z.string(),
  entry,
});
const expectedRevision = z
  .int()
  .min(0)
  .describe('revision of the entry that the caller has seen; 0: there is none');

const recordedChange = z.object({
  number: z.int(),
  revision: z.int().describe('of the whole inventory; all changes of one import have the same'),
  atMs: unixMs,
  actor: z.string(),
  kind: kindSchema,
  id: z.string(),
  before: entry.optional().describe('not there: the entry was added'),
  after: entry.optional().describe('not there: the entry was removed'),
  fields: fieldChangesSchema,
});

const CHANGE_KEY: ListKey<RecordedChange> = {
  of: ({ number }) => String(number),
  pattern: /^[1-9]\d{0,14}$/,
};

export const INVENTORY_PROBLEMS = ['REVISION_MOVED', 'INVENTORY_IN_FILE', 'INVENTORY_REFUSED'] as const;

/** Single entries of the inventory: engineers write, everybody reads, every write is audited and kept with what was before. */
export function inventoryRoutes(app: App, deps: InventoryRouteDeps, assertMayWrite: () => void): void {
  const tags = ['Inventory'];
  const { managedInventory: inventory } = deps;
  app.get(
    '/inventory/:kind/:id',
    {
      config: { problems: ['ENTRY_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One entry of the inventory, who changed it last and when',
        params,
        response: { 200: storedEntry },
      },
    },
    ({ params: { kind, id } }) => {
      const found = inventory.find(kind, id);
      if (found === undefined) throw notFound(kind, id);
      return { ...found, entry: { ...found.entry } };
    },
  );
  app.put(
    '/inventory/:kind/:id',
    {
      config: { role: 'engineer', problems: INVENTORY_PROBLEMS },
      schema: {
        tags,
        summary:
          'Add or change one entry; 422 lists all its problems, 409 names the current revision. Of single entries 20 writes at once, then 2 a second (429): many are an import.',
        params,
        body: z.strictObject({
          expectedRevision,
          entry: z.unknown().describe('as in the inventory file, with its id'),
        }),
        response: { 200: storedEntry },
      },
    },
    (request) => {
      const { kind, id } = request.params;
      const { expectedRevision: expected, entry: given } = request.body;
      assertMayWrite();
      const author = { ...authorOf(request), expectedRevision: expected };
      const stored = withInventoryErrors(() => inventory.put(kind, id, given, author));
      return { ...stored, entry: { ...stored.entry } };
    },
  );
  app.delete(
    '/inventory/:kind/:id',
    {
      config: { role: 'engineer', problems: ['ENTRY_NOT_FOUND', ...INVENTORY_PROBLEMS] },
      schema: {
        tags,
        summary: 'Remove one entry that no other names; 409 names the current revision. 429 as for PUT.',
        params,
        querystring: z.object({
          expectedRevision: z.coerce
            .number()
            .int()
            .min(1)
            .describe('revision of the entry that the caller has seen'),
        }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { kind, id } = request.params;
      if (inventory.find(kind, id) === undefined) throw notFound(kind, id);
      assertMayWrite();
      const author = { ...authorOf(request), expectedRevision: request.query.expectedRevision };
      withInventoryErrors(() => inventory.remove(kind, id, author));
      return reply.status(204).send(null);
    },
  );
  app.get(
    '/inventory/changes',
    {
      config: { role: 'engineer' },
      schema: {
        tags,
        summary: 'Every change of the inventory with before and after, newest first',
        querystring: z.object({
          ...pageQuery(),
          kind: kindSchema.optional().describe('only of this list'),
          id: z.string().max(200).optional().describe('only of the entry with this id'),
        }),
        response: { 200: pageOf(recordedChange) },
      },
    },
    ({ query }) => {
      const key = cursorKey(query, CHANGE_KEY);
      const { kind, id, limit } = query;
      const before = key === undefined ? undefined : Number(key);
      const page = cutPage(inventory.changes({ kind, id, limit: limit + 1, before }), CHANGE_KEY, query);
      return { ...page, items: page.items.map(toAnswer) };
    },
  );
}

function toAnswer({ before, after, ...facts }: RecordedChange): z.infer<typeof recordedChange> {
  return {
    ...facts,
    ...(before !== undefined && { before: { ...before } }),
    ...(after !== undefined && { after: { ...after } }),
    fields: fieldChanges({ ...(before && { before }), ...(after && { after }) }),
  };
}

export function authorOf(request: AuditedRequest): { readonly actor: string; readonly from: string } {
  return { actor: actorOf(request), from: request.ip };
}

function notFound(kind: string, id: string): ApiError {
  return new ApiError('ENTRY_NOT_FOUND', `the inventory has no ${kind}/${id}`);
}
