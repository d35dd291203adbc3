import { useApp } from './app-context.ts';

interface FieldChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What was in a field before, and what is after. */
export function FieldChanges({ fields }: { readonly fields: readonly FieldChange[] }) {
  const { texts } = useApp();
  return (
    <ul class="diff">
      {fields.map(({ field, before, after }) => (
        <li key={field}>
          <code>{field}</code>{' '}
          {before !== undefined && (
            <del>
              <span class="hidden">{texts.inventory.before} </span>
              {shown(before)}
            </del>
          )}{' '}
          {after !== undefined && (
            <ins>
              <span class="hidden">{texts.inventory.after} </span>
              {shown(after)}
            </ins>
          )}
        </li>
      ))}
    </ul>
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
