import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** What ties a control to the words of what is wrong with it. */
export type FieldMarks = { readonly 'aria-invalid'?: true; readonly 'aria-describedby'?: string };

interface FieldProps {
  readonly label: string;
  /** What is wrong with what was typed. */
  readonly problem?: string | undefined;
  readonly children: (marks: FieldMarks) => ComponentChildren;
}

/** A labelled control; what is wrong with it stands below it. */
export function Field({ label, problem, children }: FieldProps) {
  const id = useId();
  return (
    <span class="field">
      <label>
        {label}
        {children(problem === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': id })}
      </label>
      {problem !== undefined && (
        <span id={id} class="warn small">
          {problem}
        </span>
      )}
    </span>
  );
}
