import { useState } from 'preact/hooks';
import { mayDo } from '../../api/session.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { At } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { rowWords } from './row-words.ts';
import type { Wanted } from './quarantine-dialog.tsx';

const SHOWN = 50;

interface QuarantineEntriesProps {
  readonly of: { readonly agent: string; readonly code: string; readonly measurement?: string };
  /** That of the group: a row with the same one does not say it again. */
  readonly reason: string;
  readonly onWanted: (wanted: Wanted) => void;
}

/** The newest rows of a group that wait; what is chosen is taken in again, or given up, by itself. */
export function QuarantineEntries({ of, reason: ofGroup, onWanted }: QuarantineEntriesProps) {
  const { texts, session } = useApp();
  const state = useWatched(session.state);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const query = { ...of, state: 'waiting', limit: SHOWN };
  const entries = useAnswer('/api/v1/quarantine', { query }, { everyMs: 30_000 });
  const toggle = (ids: readonly number[], isOn: boolean): void =>
    setChosen((before) => new Set([...[...before].filter((id) => !ids.includes(id)), ...(isOn ? ids : [])]));
  return (
    <AnswerView shown={entries}>
      {({ items, nextCursor }) => {
        const ids = items.map(({ id }) => id);
        const wanted = ids.filter((id) => chosen.has(id));
        return (
          <>
            <p>{texts.incidents.count(items.length, nextCursor !== undefined)}</p>
            {mayDo(state, 'engineer') && (
              <div class="actions">
                <label class="inline">
                  <input
                    type="checkbox"
                    checked={wanted.length === ids.length && ids.length > 0}
                    onChange={({ currentTarget }) => toggle(ids, currentTarget.checked)}
                  />
                  {texts.fleetWork.chooseAll}
                </label>
                <button
                  type="button"
                  disabled={wanted.length === 0}
                  onClick={() => onWanted({ do: 'replay', count: wanted.length, of: { ids: wanted } })}
                >
                  {texts.quarantine.replay} ({wanted.length})
                </button>
                {mayDo(state, 'admin') && (
                  <button
                    type="button"
                    disabled={wanted.length === 0}
                    onClick={() => onWanted({ do: 'discard', count: wanted.length, of: { ids: wanted } })}
                  >
                    {texts.quarantine.discard} ({wanted.length})
                  </button>
                )}
              </div>
            )}
            <ul class="rows from-start">
              {items.map(({ id, atMs, reason, raw, decision }) => (
                <li key={id}>
                  {mayDo(state, 'engineer') && (
                    <input
                      type="checkbox"
                      aria-label={texts.fleetWork.choose(String(id))}
                      checked={chosen.has(id)}
                      onChange={({ currentTarget }) => toggle([id], currentTarget.checked)}
                    />
                  )}
                  <span>
                    <At atMs={atMs} /> {rowWords(raw) !== '' && <code class="small">{rowWords(raw)}</code>}
                    {(decision?.reason ?? reason) !== ofGroup && (
                      <span class="small block" lang="en">
                        {decision?.reason ?? reason}
                      </span>
                    )}
                    {decision !== undefined && (
                      <span class="dim small block">
                        {texts.quarantine.tried(decision.tries)}, {decision.actor},{' '}
                        <At atMs={decision.atMs} />
                      </span>
                    )}
                    {raw !== undefined && (
                      <details>
                        <summary>{texts.quarantine.raw}</summary>
                        <pre class="code">{JSON.stringify(raw, undefined, 1)}</pre>
                      </details>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          </>
        );
      }}
    </AnswerView>
  );
}
