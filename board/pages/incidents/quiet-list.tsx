import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiProblem } from '../../api/problem.ts';
import { mayDo } from '../../api/session.ts';
import { AnswerView, wordsOf } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { At } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { Ref } from '../../parts/where.tsx';
import { MatchWords } from './match-words.tsx';

const SHOWN = 200;

/** Silences and maintenance that are in force, each with what ends it. */
export function QuietList() {
  const { texts, client } = useApp();
  const query = { state: 'active', limit: SHOWN };
  const silences = useAnswer('/api/v1/silences', { query }, { on: ['alert'] });
  const windows = useAnswer('/api/v1/maintenance', { query }, { on: ['alert'] });
  return (
    <details>
      <summary>{texts.actions.quiet}</summary>
      <AnswerView shown={silences}>
        {({ items }) => (
          <ul class="rows">
            {items.map(({ id, match, reason, by, endsAtMs }) => (
              <QuietRow
                key={id}
                reason={reason}
                by={by}
                end={() => client.write('DELETE /api/v1/silences/{id}', undefined, { params: { id } })}
                onDone={silences.refresh}
              >
                {texts.actions.silence}: <MatchWords match={match} /> · → <At atMs={endsAtMs} />
              </QuietRow>
            ))}
          </ul>
        )}
      </AnswerView>
      <AnswerView shown={windows}>
        {({ items }) => (
          <ul class="rows">
            {items.map(({ id, covers, reason, by, next }) => (
              <QuietRow
                key={id}
                reason={reason}
                by={by}
                end={() => client.write('DELETE /api/v1/maintenance/{id}', undefined, { params: { id } })}
                onDone={windows.refresh}
              >
                {texts.actions.maintenance}:{' '}
                {covers.map((ref) => (
                  <span key={ref}>
                    <Ref of={ref} />{' '}
                  </span>
                ))}
                {next[0] !== undefined && (
                  <>
                    · → <At atMs={next[0].toMs} />
                  </>
                )}
              </QuietRow>
            ))}
          </ul>
        )}
      </AnswerView>
      {silences.value?.items.length === 0 && windows.value?.items.length === 0 && (
        <p class="dim">{texts.actions.noQuiet}</p>
      )}
    </details>
  );
}

interface QuietRowProps {
  readonly reason: string;
  readonly by: string;
  readonly end: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly children: ComponentChildren;
}

function QuietRow({ reason, by, end, onDone, children }: QuietRowProps) {
  const { texts, session } = useApp();
  const state = useWatched(session.state);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const submit = (): void => {
    end().then(onDone, (error: unknown) =>
      setProblem(error instanceof ApiProblem ? wordsOf(error, texts) : String(error)),
    );
  };
  return (
    <li>
      <span>
        {children}
        <span class="dim small block">
          {by}: <q>{reason}</q>
        </span>
        <span role="alert">{problem}</span>
      </span>
      {mayDo(state, 'operator') && (
        <button type="button" onClick={submit}>
          {texts.actions.end}
        </button>
      )}
    </li>
  );
}
