import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiProblem } from '../api/problem.ts';
import { wordsOf } from './answer-view.tsx';
import { useApp } from './app-context.ts';
import { Dialog } from './dialog.tsx';

interface FormDialogProps {
  readonly title: string;
  readonly confirm: string;
  /** Rejects with an ApiProblem, which is shown; the dialog stays. */
  readonly onSubmit: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Asks for what an action needs, does it, and says why not. */
export function FormDialog({ title, confirm, onSubmit, onClose, children }: FormDialogProps) {
  const { texts } = useApp();
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      setProblem(error instanceof ApiProblem ? wordsOf(error, texts) : String(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        <div role="alert">{problem !== undefined && <p class="problem">{problem}</p>}</div>
        <div class="actions">
          <button type="submit" class="primary" disabled={isBusy}>
            {confirm}
          </button>
          <button type="button" onClick={onClose}>
            {texts.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
