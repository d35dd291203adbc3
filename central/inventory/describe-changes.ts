import { fieldChanges, type EntryChange } from './changes.ts';

const MAX_DESCRIBED_CHARS = 1_000;

/** For the audit log; the history has each change in full. Pure. */
export function describeChanges(changes: readonly EntryChange[]): string {
  const [first] = changes;
  if (first === undefined || changes.length > 1) {
    const count = (isOne: (change: EntryChange) => boolean): number => changes.filter(isOne).length;
    const added = count(({ before }) => before === undefined);
    const removed = count(({ after }) => after === undefined);
    return `${added} added, ${changes.length - added - removed} changed, ${removed} removed`;
  }
  const { kind, id, before, after } = first;
  const what = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const fields = fieldChanges(first).map(
    (field) => `${field.field} ${shown(field.before)} → ${shown(field.after)}`,
  );
  const text = `${kind}/${id} ${what}: ${fields.join(', ')}`;
  return text.length > MAX_DESCRIBED_CHARS ? `${text.slice(0, MAX_DESCRIBED_CHARS)}…` : text;
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
