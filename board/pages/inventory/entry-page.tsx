import { useState } from 'preact/hooks';
import { mayDo } from '../../api/session.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { FieldChanges } from '../../parts/field-changes.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Link } from '../../parts/link.tsx';
import { At } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { EntryForm, type StoredEntry } from './entry-form.tsx';
import { writtenOf } from './form-fields.ts';
import { kindOf, statePageOf, type Kind } from './kinds.ts';

interface EntryPageProps {
  readonly kind: string;
  readonly id: string;
}

/** One entry: every field, who changed it, what was before; and what an engineer may do with it. */
export function EntryPage({ kind: word, id }: EntryPageProps) {
  const { texts } = useApp();
  usePageTitle(id);
  const kind = kindOf(word);
  return kind === undefined ? (
    <p class="problem">{texts.problem.notFound}</p>
  ) : (
    <KnownKind kind={kind} id={id} />
  );
}

function KnownKind({ kind, id }: { readonly kind: Kind; readonly id: string }) {
  const { texts, session } = useApp();
  const mayWrite = mayDo(useWatched(session.state), 'engineer');
  const found = useAnswer('/api/v1/inventory/{kind}/{id}', { params: { kind, id } });
  const schema = useAnswer('/api/v1/inventory/schema', {}, { everyMs: 3_600_000 });
  const file = schema.value?.file;
  const place = statePageOf(kind, id);
  return (
    <div class="columns">
      <section class="panel">
        <nav class="crumbs" aria-label={texts.inventory.title}>
          <Link to={{ page: 'inventory' }} filters={{ kind }}>
            {texts.inventory.title} · {texts.inventory.kinds[kind]}
          </Link>
        </nav>
        <h1>{id}</h1>
        {place !== undefined && <Link to={place}>{texts.inventory.howItDoes}</Link>}
        {file !== undefined && <p class="note">{texts.inventory.inFile(file)}</p>}
        <AnswerView shown={found}>
          {(stored) => (
            <>
              {mayWrite && file === undefined && (
                <Actions kind={kind} stored={stored} onDone={found.refresh} />
              )}
              <dl class="facts-list">
                {Object.entries(stored.entry).map(([name, value]) => (
                  <Fact key={name} name={name} value={value} />
                ))}
              </dl>
              <p class="dim small">
                {texts.inventory.changedBy(stored.changedBy, stored.revision)}{' '}
                <At atMs={stored.changedAtMs} />
              </p>
            </>
          )}
        </AnswerView>
      </section>
      <section class="panel">
        <h2>{texts.inventory.trail}</h2>
        {/* Asked for anew after each change. */}
        {found.value !== undefined && <Trail key={found.value.revision} kind={kind} id={id} />}
      </section>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: unknown }) {
  const { texts } = useApp();
  const words = (texts.inventory.fields as Readonly<Record<string, string>>)[name];
  return (
    <>
      <dt>{words ?? <code>{name}</code>}</dt>
      <dd>{writtenOf(value)}</dd>
    </>
  );
}

interface ActionsProps {
  readonly kind: Kind;
  readonly stored: StoredEntry;
  readonly onDone: () => void;
}

function Actions({ kind, stored, onDone }: ActionsProps) {
  const { texts, client, router, time } = useApp();
  const [asked, setAsked] = useState<'edit' | 'retire' | 'remove' | undefined>(undefined);
  const [day, setDay] = useState(() => new Date(time.now()).toISOString().slice(0, 10));
  const { id, revision, entry } = stored;
  const close = (): void => setAsked(undefined);
  const mayRetire = entry['retiredOn'] === undefined && 'id' in entry && kind !== 'agencies';
  const params = { kind, id };
  const retire = async (): Promise<void> => {
    const body = { expectedRevision: revision, entry: { ...entry, retiredOn: day } };
    await client.write('PUT /api/v1/inventory/{kind}/{id}', body, { params });
    onDone();
  };
  const remove = async (): Promise<void> => {
    await client.write('DELETE /api/v1/inventory/{kind}/{id}', undefined, {
      params,
      query: { expectedRevision: revision },
    });
    router.go({ page: 'inventory' }, { kind });
  };
  return (
    <>
      <div class="actions" role="group" aria-label={texts.actions.label}>
        <button type="button" class="primary" onClick={() => setAsked('edit')}>
          {texts.inventory.edit}
        </button>
        {mayRetire && (
          <button type="button" onClick={() => setAsked('retire')}>
            {texts.inventory.retire}
          </button>
        )}
        <button type="button" onClick={() => setAsked('remove')}>
          {texts.inventory.remove}
        </button>
      </div>
      {asked === 'edit' && <EntryForm kind={kind} stored={stored} onClose={close} onDone={onDone} />}
      {asked === 'retire' && (
        <FormDialog
          title={texts.inventory.retire}
          confirm={texts.inventory.retire}
          onSubmit={retire}
          onClose={close}
        >
          <p class="dim">{texts.inventory.retireHelp}</p>
          <label>
            {texts.inventory.fields.retiredOn}
            <input
              type="date"
              required
              value={day}
              onInput={({ currentTarget }) => setDay(currentTarget.value)}
            />
          </label>
        </FormDialog>
      )}
      {asked === 'remove' && (
        <FormDialog
          title={texts.inventory.remove}
          confirm={texts.inventory.remove}
          onSubmit={remove}
          onClose={close}
        >
          <p>{texts.inventory.removeHelp}</p>
        </FormDialog>
      )}
    </>
  );
}

function Trail({ kind, id }: { readonly kind: Kind; readonly id: string }) {
  const { texts } = useApp();
  const changes = useAnswer('/api/v1/inventory/changes', { query: { kind, id, limit: 50 } });
  return (
    <AnswerView shown={changes}>
      {({ items }) =>
        items.length === 0 ? (
          <p class="dim">{texts.inventory.noTrail}</p>
        ) : (
          <ul class="timeline">
            {items.map(({ number, atMs, actor, before, after, fields }) => (
              <li key={number}>
                <At atMs={atMs} /> <b>{actor}</b>{' '}
                {before === undefined
                  ? texts.inventory.added
                  : after === undefined
                    ? texts.inventory.removed
                    : texts.inventory.changed}
                <FieldChanges fields={fields} />
              </li>
            ))}
          </ul>
        )
      }
    </AnswerView>
  );
}
