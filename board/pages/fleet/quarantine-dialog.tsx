import { useState } from 'preact/hooks';
import type { ApiClient } from '../../api/client.ts';
import { formatNumber } from '../../language/format.ts';
import { useApp } from '../../parts/app-context.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';

interface Selection {
  readonly ids?: readonly number[];
  readonly agent?: string;
  readonly code?: string;
  readonly measurement?: string;
  readonly all?: true;
}

/** What a person wants to be done with rows; `count`: of them, to show. */
export interface Wanted {
  readonly do: 'replay' | 'discard';
  readonly count: number;
  readonly of: Selection;
}

interface QuarantineDialogProps {
  readonly wanted: Wanted;
  readonly onClose: () => void;
  /** With what was done, in words. */
  readonly onDone: (words: string) => void;
}

export function QuarantineDialog({ wanted, onClose, onDone }: QuarantineDialogProps) {
  const { texts, locale, client } = useApp();
  const [reason, setReason] = useState('');
  const count = formatNumber(locale, wanted.count);
  const isDiscard = wanted.do === 'discard';
  const submit = async (): Promise<void> => {
    if (isDiscard) onDone(texts.quarantine.discarded(await discardAll(client, wanted.of, reason.trim())));
    else {
      const { taken, refused, notReplayable } = await replayAll(client, wanted.of);
      onDone(texts.quarantine.done(taken, refused, notReplayable));
    }
  };
  return (
    <FormDialog
      title={texts.quarantine[wanted.do]}
      confirm={texts.quarantine[wanted.do]}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{isDiscard ? texts.quarantine.discardAsk(count) : texts.quarantine.replayAsk(count)}</p>
      {isDiscard && (
        <label>
          {texts.quarantine.reason}
          <input
            value={reason}
            required
            maxLength={500}
            autofocus
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
      )}
    </FormDialog>
  );
}

interface Replayed {
  readonly taken: number;
  readonly refused: number;
  readonly notReplayable: number;
  readonly next?: number;
}

/** Call by call, as much as one takes. */
async function replayAll(client: ApiClient, of: Selection): Promise<Replayed> {
  const sum = { taken: 0, refused: 0, notReplayable: 0 };
  for (let before: number | undefined; ;) {
    const body = { ...of, ...(before !== undefined && { before }) };
    const done = (await client.write('POST /api/v1/quarantine/replay', body)) as Replayed;
    sum.taken += done.taken;
    sum.refused += done.refused;
    sum.notReplayable += done.notReplayable;
    before = done.next;
    if (before === undefined) return sum;
  }
}

/** How many. */
async function discardAll(client: ApiClient, of: Selection, reason: string): Promise<number> {
  let count = 0;
  for (let before: number | undefined; ;) {
    const body = { ...of, reason, ...(before !== undefined && { before }) };
    const done = (await client.write('POST /api/v1/quarantine/discard', body)) as {
      readonly discarded: number;
      readonly next?: number;
    };
    count += done.discarded;
    before = done.next;
    if (before === undefined) return count;
  }
}
