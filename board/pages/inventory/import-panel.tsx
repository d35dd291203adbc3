import { useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/problem.ts';
import { useApp } from '../../parts/app-context.ts';
import { FieldChanges } from '../../parts/field-changes.tsx';
import { problemFrom, ProblemList } from '../../parts/problem-list.tsx';
import type { ImportAnswer, Named } from './import-answer.ts';
import { KINDS, kindOf, type Kind } from './kinds.ts';

interface Chosen {
  readonly file: File;
  /** undefined: YAML or JSON, which names its lists itself. */
  readonly kind: Kind | undefined;
  readonly prune: boolean;
}

/** A file of many entries: first what it would change, then, if a person wants that, all of it or nothing. */
export function ImportPanel() {
  const { texts, client } = useApp();
  const [chosen, setChosen] = useState<Chosen | undefined>(undefined);
  const [dryRun, setDryRun] = useState<ImportAnswer | undefined>(undefined);
  const [done, setDone] = useState<ImportAnswer | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const choose = (next: Chosen | undefined): void => {
    setChosen(next);
    setDryRun(undefined);
    setDone(undefined);
    setProblem(undefined);
  };
  const send = async ({ file, kind, prune }: Chosen, seen: ImportAnswer | undefined): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    const query = { dryRun: seen === undefined, prune, expectedRevision: seen?.revision, kind };
    try {
      const answer = (await (kind === undefined
        ? client.upload('/api/v1/inventory/import', file, typeOf(file), { query })
        : client.upload('/api/v1/inventory/import-csv', file, 'text/csv', { query }))) as ImportAnswer;
      setDryRun(seen === undefined ? answer : undefined);
      setDone(seen === undefined ? undefined : answer);
    } catch (error) {
      setProblem(problemFrom(error));
      // What was looked at is not what would happen any more.
      setDryRun(undefined);
    }
    setBusy(false);
  };
  const needsKind = chosen !== undefined && isCsv(chosen.file);
  const isReady = chosen !== undefined && (!needsKind || chosen.kind !== undefined);
  return (
    <>
      <p class="dim">{texts.inventory.importHelp}</p>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen !== undefined) void send(chosen, undefined);
        }}
      >
        <label>
          {texts.inventory.file}
          <input
            type="file"
            accept=".yaml,.yml,.json,.csv"
            required
            onChange={({ currentTarget }) => choose(chosenFrom(currentTarget.files?.[0]))}
          />
        </label>
        {needsKind && (
          <label>
            {texts.inventory.kind}
            <select
              required
              value={chosen.kind ?? ''}
              onChange={({ currentTarget }) => choose({ ...chosen, kind: kindOf(currentTarget.value) })}
            >
              <option value="" />
              {KINDS.map((each) => (
                <option key={each} value={each}>
                  {texts.inventory.kinds[each]}
                </option>
              ))}
            </select>
          </label>
        )}
        {chosen !== undefined && (
          <label class="whole">
            <span>
              <input
                type="checkbox"
                checked={chosen.prune}
                onChange={({ currentTarget }) => choose({ ...chosen, prune: currentTarget.checked })}
              />{' '}
              {texts.inventory.prune}
            </span>
          </label>
        )}
        <button type="submit" class="primary" disabled={isBusy || !isReady}>
          {texts.inventory.dryRun}
        </button>
      </form>
      {problem !== undefined && <ProblemList problem={problem} />}
      {done !== undefined && <Difference answer={done} title={texts.inventory.imported} />}
      {dryRun !== undefined && chosen !== undefined && (
        <>
          <Difference answer={dryRun} title={texts.inventory.wouldChange} />
          {isChange(dryRun) && (
            <button type="button" class="primary" disabled={isBusy} onClick={() => void send(chosen, dryRun)}>
              {texts.inventory.importNow}
            </button>
          )}
        </>
      )}
    </>
  );
}

const SHOWN = 200;

function Difference({ answer, title }: { readonly answer: ImportAnswer; readonly title: string }) {
  const { texts } = useApp();
  const { counts, added, changed, removed, notes, truncated } = answer;
  return (
    <div role="status">
      <h2>{title}</h2>
      {!isChange(answer) && <p>{texts.inventory.noChange}</p>}
      <p>
        + {counts.added} · ~ {counts.changed} · − {counts.removed}
      </p>
      {notes.length > 0 && (
        <ul class="lines">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <ul class="diff">
        {removed.slice(0, SHOWN).map((each) => (
          <li key={nameOf(each)}>
            <del>− {nameOf(each)}</del>
          </li>
        ))}
        {changed.slice(0, SHOWN).map((each) => (
          <li key={nameOf(each)}>
            ~ {nameOf(each)} <FieldChanges fields={each.fields} />
          </li>
        ))}
        {added.slice(0, SHOWN).map((each) => (
          <li key={nameOf(each)}>
            <ins>+ {nameOf(each)}</ins>
          </li>
        ))}
      </ul>
      {(truncated || [added, changed, removed].some(({ length }) => length > SHOWN)) && (
        <p class="dim">{texts.inventory.onlyFirst(SHOWN)}</p>
      )}
    </div>
  );
}

function nameOf({ kind, id }: Named): string {
  return `${kind}/${id}`;
}

function isChange({ counts: { added, changed, removed } }: ImportAnswer): boolean {
  return added + changed + removed > 0;
}

/** A CSV file named after its list needs no choice. Pure. */
function chosenFrom(file: File | undefined): Chosen | undefined {
  if (file === undefined) return undefined;
  const kind = isCsv(file) ? KINDS.find((each) => file.name.startsWith(each)) : undefined;
  return { file, kind, prune: false };
}

function isCsv({ name }: File): boolean {
  return name.toLowerCase().endsWith('.csv');
}

function typeOf({ name }: File): string {
  return name.toLowerCase().endsWith('.json') ? 'application/json' : 'application/yaml';
}
