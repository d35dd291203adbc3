import { useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/problem.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { problemFrom, ProblemList } from '../../parts/problem-list.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { ConflictTable } from './conflict-table.tsx';
import { mergedOf } from './conflict.ts';
import { EntryInput } from './entry-input.tsx';
import { entryFrom, fieldsOf, writtenOf, type Entry, type FormField } from './form-fields.ts';
import type { Kind } from './kinds.ts';

export interface StoredEntry {
  readonly id: string;
  readonly revision: number;
  readonly entry: Entry;
}

interface EntryFormProps {
  readonly kind: Kind;
  /** undefined: a new one. */
  readonly stored?: StoredEntry;
  readonly onClose: () => void;
  readonly onDone: (id: string) => void;
}

/** Inputs for what central's schema says of the kind. */
export function EntryForm(props: EntryFormProps) {
  const { texts } = useApp();
  const { kind, stored, onClose } = props;
  const schema = useAnswer('/api/v1/inventory/schema', {}, { everyMs: 3_600_000 });
  const title = stored === undefined ? `${texts.inventory.add}: ${texts.inventory.kinds[kind]}` : stored.id;
  return (
    <Dialog title={title} onClose={onClose} class="wide">
      <AnswerView shown={schema}>
        {({ kinds }) => <Inputs {...props} fields={fieldsOf(kinds[kind])} />}
      </AnswerView>
    </Dialog>
  );
}

function Inputs({
  kind,
  stored,
  fields,
  onClose,
  onDone,
}: EntryFormProps & { readonly fields: readonly FormField[] }) {
  const { texts, client } = useApp();
  /** What the inputs began with, and which revision that is. */
  const [base, setBase] = useState<StoredEntry | undefined>(stored);
  const [written, setWritten] = useState(() => writtenAll(fields, stored?.entry ?? {}));
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const [theirs, setTheirs] = useState<StoredEntry | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const mine = entryFrom(fields, written);
  const save = async (): Promise<void> => {
    setBusy(true);
    const id = base?.id ?? idOf(kind, mine);
    const asked = { params: { kind, id } };
    try {
      await client.write(
        'PUT /api/v1/inventory/{kind}/{id}',
        { expectedRevision: base?.revision ?? 0, entry: mine },
        asked,
      );
      onDone(id);
      onClose();
    } catch (error) {
      const found = problemFrom(error);
      setProblem(found);
      if (found.code === 'REVISION_MOVED')
        setTheirs(await client.get('/api/v1/inventory/{kind}/{id}', asked).catch(() => undefined));
      setBusy(false);
    }
  };
  const take = (entry: Entry, now: StoredEntry): void => {
    setWritten(writtenAll(fields, entry));
    setBase(now);
    setTheirs(undefined);
    setProblem(undefined);
  };
  const before = base?.entry ?? {};
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="form-grid">
        {fields.map((field) => (
          <EntryInput
            key={field.name}
            field={field}
            value={written[field.name] ?? ''}
            isFixed={base !== undefined && (field.name === 'id' || field.name === 'code')}
            onWrite={(value) => setWritten((now) => ({ ...now, [field.name]: value }))}
          />
        ))}
      </div>
      {problem !== undefined && theirs === undefined && <ProblemList problem={problem} />}
      {theirs !== undefined && (
        <ConflictTable
          before={before}
          mine={mine}
          theirs={theirs.entry}
          onTakeTheirs={() => take(theirs.entry, theirs)}
          onJoin={() => take(mergedOf(before, mine, theirs.entry), theirs)}
        />
      )}
      <div class="actions">
        <button type="submit" class="primary" disabled={isBusy || theirs !== undefined}>
          {texts.inventory.save}
        </button>
        <button type="button" onClick={onClose}>
          {texts.cancel}
        </button>
      </div>
    </form>
  );
}

function writtenAll(fields: readonly FormField[], entry: Entry): Readonly<Record<string, string>> {
  return Object.fromEntries(fields.map(({ name }) => [name, writtenOf(entry[name])]));
}

/** Entries without an id of their own are known by what makes them unique, as in their addresses. Pure. */
function idOf(kind: Kind, entry: Entry): string {
  const text = (name: string): string => writtenOf(entry[name]);
  switch (kind) {
    case 'units':
      return text('code');
    case 'interfaces':
      return `${text('device')}/${text('name')}`;
    case 'pools':
      return `${text('id')}/${text('resource')}`;
    case 'formerUnits':
      return `${text('until')}/${text('code') === '' ? `${text('district')}/${text('name')}` : text('code')}`;
    default:
      return text('id');
  }
}
