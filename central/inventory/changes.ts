import { z } from 'zod';
import type { InventoryFile } from '../../contract/inventory.ts';
import { idOf, KIND_NAMES, type Entry, type EntryOf, type Kind } from './kinds.ts';

/** What happened to one entry: without `before` it is new, without `after` it is gone. */
export interface EntryChange {
  readonly kind: Kind;
  readonly id: string;
  readonly before?: Entry;
  readonly after?: Entry;
}

/** A field that differs; a value that is not there is left out. */
export const fieldChangesSchema = z
  .array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
  .describe('fields that differ');
export type FieldChange = z.infer<typeof fieldChangesSchema>[number];

/** From one inventory to another, kind by kind: what is new or differs in the order of `after`, then what is gone. Pure. */
export function changesBetween(before: InventoryFile, after: InventoryFile): EntryChange[] {
  return KIND_NAMES.flatMap((kind) => changesOfKind(kind, before[kind], after[kind]));
}

function changesOfKind<K extends Kind>(
  kind: K,
  before: readonly EntryOf<K>[],
  after: readonly EntryOf<K>[],
): EntryChange[] {
  const old = new Map(before.map((entry) => [idOf(kind, entry), entry]));
  const changes: EntryChange[] = [];
  for (const entry of after) {
    const id = idOf(kind, entry);
    const former = old.get(id);
    old.delete(id);
    if (former === undefined) changes.push({ kind, id, after: entry });
    else if (!isSame(former, entry)) changes.push({ kind, id, before: former, after: entry });
  }
  for (const [id, entry] of old) changes.push({ kind, id, before: entry });
  return changes;
}

/** Of a changed entry, in the order of their names. Pure. */
export function fieldChanges({ before, after }: Pick<EntryChange, 'before' | 'after'>): FieldChange[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((field) => !isSame(old[field], now[field]))
    .sort()
    .map((field) => ({
      field,
      ...(old[field] !== undefined && { before: old[field] }),
      ...(now[field] !== undefined && { after: now[field] }),
    }));
}

function fieldsOf(entry: Entry | undefined): Readonly<Record<string, unknown>> {
  return { ...entry };
}

/** Both went through the schema, which puts the fields of an entry in one order. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
