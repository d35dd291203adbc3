import { useApp } from '../../parts/app-context.ts';

/** What central answers to a preview. */
export interface Preview {
  readonly agents: number;
  readonly stages: readonly number[];
  readonly first?: string;
  readonly groups: readonly {
    readonly agents: readonly string[];
    readonly diff: readonly string[];
    readonly problems: readonly string[];
  }[];
  readonly unchanged: readonly string[];
  readonly silent: readonly string[];
}

const SHOWN = 200;

/** Which agents would change how, those with problems first. */
export function RolloutPreview({ preview }: { readonly preview: Preview }) {
  const { texts } = useApp();
  const { agents, stages, first, groups, unchanged, silent } = preview;
  return (
    <div role="status">
      <h3>{texts.rollouts.previewOf(agents)}</h3>
      {agents > 0 && <p>{texts.rollouts.stagesOf(stages.join(' → '))}</p>}
      {first !== undefined && (
        <p>
          {texts.rollouts.first}: <b>{first}</b>
        </p>
      )}
      {unchanged.length > 0 && <p class="dim">{texts.rollouts.unchanged(unchanged.length)}</p>}
      {silent.length > 0 && <p class="dim">{texts.rollouts.silent(silent.length)}</p>}
      {[...groups]
        .sort((a, b) => b.problems.length - a.problems.length)
        .map(({ agents: of, diff, problems }) => (
          <details key={of[0]} open={groups.length < 4}>
            <summary>
              <b>{texts.rollouts.forAgents(of.length)}</b> {of.slice(0, 3).join(', ')}
              {of.length > 3 && ' …'}
            </summary>
            {problems.map((problem) => (
              <p key={problem} class="problem" lang="en">
                {problem}
              </p>
            ))}
            {diff.length > 0 && <pre class="code">{diff.join('\n')}</pre>}
            {of.length > 3 && (
              <p class="dim small">
                {of.slice(0, SHOWN).join(', ')}
                {of.length > SHOWN && ' …'}
              </p>
            )}
          </details>
        ))}
    </div>
  );
}
