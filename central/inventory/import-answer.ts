import { z } from 'zod';
import { fieldChanges, fieldChangesSchema, type EntryChange } from './changes.ts';
import { kindSchema } from './kinds.ts';

/** An answer shows this many changes of each sort; the counts are of all. */
const MAX_SHOWN = 1_000;

const entryName = z.object({ kind: kindSchema, id: z.string() });
const changedEntry = entryName.extend({ fields: fieldChangesSchema });
/** What an import did, or would do. */
export const importAnswerSchema = z.object({
  revision: z.int().describe('of the whole inventory, afterwards'),
  dryRun: z.boolean().describe('nothing was changed'),
  counts: z.object({ added: z.int(), changed: z.int(), removed: z.int() }),
  added: z.array(entryName),
  changed: z.array(changedEntry),
  removed: z.array(entryName),
  notes: z.array(z.string()).describe('what of a CSV file was understood otherwise than it is written'),
  truncated: z.boolean().describe(`more than ${MAX_SHOWN} of a sort: the lists have only the first`),
});

export type ImportAnswer = z.infer<typeof importAnswerSchema>;

export function importAnswer(
  changes: readonly EntryChange[],
  revision: number,
  dryRun: boolean,
  notes: readonly string[],
): ImportAnswer {
  const added = changes.filter(({ before }) => before === undefined);
  const removed = changes.filter(({ after }) => after === undefined);
  const changed = changes.filter(({ before, after }) => before !== undefined && after !== undefined);
  const nameOf = ({ kind, id }: EntryChange) => ({ kind, id });
  return {
    revision,
    dryRun,
    counts: { added: added.length, changed: changed.length, removed: removed.length },
    added: added.slice(0, MAX_SHOWN).map(nameOf),
    changed: changed
      .slice(0, MAX_SHOWN)
      .map((change) => ({ ...nameOf(change), fields: fieldChanges(change) })),
    removed: removed.slice(0, MAX_SHOWN).map(nameOf),
    notes: notes.slice(0, MAX_SHOWN),
    truncated: [added, changed, removed].some(({ length }) => length > MAX_SHOWN),
  };
}
