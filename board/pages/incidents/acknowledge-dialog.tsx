import { useState } from 'preact/hooks';
import { useApp } from '../../parts/app-context.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';

interface AcknowledgeDialogProps {
  /** Ids. */
  readonly alerts: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** One or many at once. */
export function AcknowledgeDialog({ alerts, onClose, onDone }: AcknowledgeDialogProps) {
  const { texts, client } = useApp();
  const [text, setText] = useState('');
  const submit = async (): Promise<void> => {
    const words = text.trim();
    await client.write('POST /api/v1/alerts/acknowledge', {
      ids: alerts,
      ...(words !== '' && { text: words }),
    });
    onDone();
  };
  return (
    <FormDialog
      title={`${texts.actions.acknowledge} (${alerts.length})`}
      confirm={texts.actions.acknowledge}
      onSubmit={submit}
      onClose={onClose}
    >
      <label>
        {texts.actions.text}
        <input
          value={text}
          maxLength={500}
          autofocus
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
    </FormDialog>
  );
}
