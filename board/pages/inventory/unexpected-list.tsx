import { useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/problem.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { FieldChanges } from '../../parts/field-changes.tsx';
import { Link } from '../../parts/link.tsx';
import { problemFrom, ProblemList } from '../../parts/problem-list.tsx';
import { Since } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { Place } from '../../parts/where.tsx';

const SHOWN = 200;

/** Devices and agents that report though the inventory lacks them; the entry that would put each into it. */
export function UnexpectedList({ mayAdopt }: { readonly mayAdopt: boolean }) {
  const { texts, client } = useApp();
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const [busy, setBusy] = useState<string | undefined>(undefined);
  const found = useAnswer('/api/v1/reconciliation', { query: { kind: 'unexpected', limit: SHOWN } });
  const adopt = async (device: string): Promise<void> => {
    setBusy(device);
    setProblem(undefined);
    try {
      await client.write('POST /api/v1/devices/unexpected/{device}/adopt', undefined, { params: { device } });
    } catch (error) {
      setProblem(problemFrom(error));
    }
    setBusy(undefined);
    found.refresh();
  };
  return (
    <>
      <p class="dim">{texts.inventory.unexpectedHelp}</p>
      {problem !== undefined && <ProblemList problem={problem} />}
      <AnswerView shown={found}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p class="dim">{texts.inventory.noUnexpected}</p>
          ) : (
            <>
              <p role="status">{texts.incidents.count(items.length, nextCursor !== undefined)}</p>
              <ul class="rows">
                {items.map(({ what, id, unit, site, agents, sinceMs, proposal }) => (
                  <li key={`${what} ${id}`}>
                    <span>
                      {texts.kinds[what]} <b>{id}</b> <Place unit={unit} site={site} />
                      <span class="dim small block">
                        {agents.join(', ')} {sinceMs !== undefined && <Since atMs={sinceMs} />}
                        {proposal !== undefined && 'problem' in proposal && (
                          <span lang="en"> · {proposal.problem}</span>
                        )}
                        {what === 'agent' && <> · {texts.inventory.unexpectedAgent}</>}
                      </span>
                      {proposal !== undefined && 'entry' in proposal && (
                        <span class="small block">
                          {texts.inventory.proposal}
                          <FieldChanges
                            fields={Object.entries(proposal.entry).map(([field, after]) => ({
                              field,
                              after,
                            }))}
                          />
                        </span>
                      )}
                    </span>
                    {mayAdopt && what === 'agent' && (
                      <Link to={{ page: 'inventory' }} filters={{ kind: 'agents' }}>
                        {texts.inventory.add}
                      </Link>
                    )}
                    {mayAdopt && proposal !== undefined && 'entry' in proposal && (
                      <button type="button" disabled={busy !== undefined} onClick={() => void adopt(id)}>
                        {texts.inventory.adoptDevice}
                      </button>
                    )}
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </AnswerView>
    </>
  );
}
