import type { Answers } from '../../api/answers.ts';
import { mayDo } from '../../api/session.ts';
import { formatDuration } from '../../language/format.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { At } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { conditionWords } from './rule-words.ts';
import { BacktestPanel } from './backtest-panel.tsx';
import { TEMPLATE } from './template.ts';

type Rule = Answers['/api/v1/rules/{id}'];

/** No id of a rule has a hyphen. */
export const NEW_DRAFT = 'new-draft';

/** One rule: what it says, its versions, and what another draft of it would have done; or a draft of a new one. */
export function RulePage({ id }: { readonly id: string }) {
  const { texts } = useApp();
  usePageTitle(id === NEW_DRAFT ? texts.rules.draftNew : id);
  return (
    <div class="stack">
      <nav class="crumbs" aria-label={texts.rules.title}>
        <Link to={{ page: 'rules' }}>{texts.rules.title}</Link>
      </nav>
      {id === NEW_DRAFT ? <NewRule /> : <RunningRule id={id} />}
    </div>
  );
}

function NewRule() {
  const { texts } = useApp();
  return (
    <section class="panel">
      <h1>{texts.rules.draftNew}</h1>
      <Backtest yaml={TEMPLATE} />
    </section>
  );
}

function RunningRule({ id }: { readonly id: string }) {
  const { texts } = useApp();
  const rule = useAnswer('/api/v1/rules/{id}', { params: { id } }, { everyMs: 300_000 });
  return (
    <AnswerView shown={rule}>
      {(found) => (
        <>
          <section class="panel">
            <Facts rule={found} />
          </section>
          <section class="panel">
            <h2>{texts.rules.backtest}</h2>
            {found.notOverHistory === undefined ? (
              <Backtest key={found.hash} id={id} yaml={found.yaml} />
            ) : (
              <NotOverHistory rule={found} />
            )}
          </section>
          <section class="panel">
            <h2>{texts.rules.versions}</h2>
            <Versions rule={found} />
          </section>
        </>
      )}
    </AnswerView>
  );
}

/** Who may not test a rule reads it all the same. */
function Backtest({ id, yaml }: { readonly id?: string; readonly yaml: string }) {
  const { texts, session } = useApp();
  const state = useWatched(session.state);
  const hasLimits = state.is === 'in' && state.me.limits !== undefined;
  if (mayDo(state, 'operator') && !hasLimits)
    return <BacktestPanel {...(id !== undefined && { id })} yaml={yaml} />;
  return (
    <>
      <p class="dim small">{hasLimits ? texts.problem.forbidden : texts.actions.noRight}</p>
      <pre class="yaml" tabIndex={0}>
        {yaml}
      </pre>
    </>
  );
}

function NotOverHistory({ rule }: { readonly rule: Rule }) {
  const { texts, locale } = useApp();
  return (
    <>
      <p class="note">
        <b>{texts.rules.notOverHistory(rule.kind)}</b> {rule.notOverHistory?.[locale.language]}.
      </p>
      <pre class="yaml" tabIndex={0}>
        {rule.yaml}
      </pre>
    </>
  );
}

function Facts({ rule }: { readonly rule: Rule }) {
  const { texts, locale } = useApp();
  const { id, name, action, owner, kind, origin, source, condition, entity, levels, clearForMs } = rule;
  const other = locale.language === 'vi' ? 'en' : 'vi';
  return (
    <>
      <h1>{name[locale.language]}</h1>
      <p class="dim" lang={other}>
        {name[other]}
      </p>
      <dl class="facts-list">
        <dt>{texts.inventory.id}</dt>
        <dd>
          <code>{id}</code> · {texts.rules.origins[origin]}
          {origin !== 'shipped' && <span class="dim"> · {source}</span>}
        </dd>
        <dt>{texts.rules.kind}</dt>
        <dd>
          <code>{kind}</code>
        </dd>
        <dt>{texts.rules.condition}</dt>
        <dd>
          {levels.map(({ severity, limit, forMs }) => (
            <span key={severity} class="block">
              <SeverityMark severity={severity} /> {conditionWords(condition, limit)},{' '}
              {texts.rules.for(formatDuration(locale, forMs))}
            </span>
          ))}
        </dd>
        <dt>{texts.rules.clear}</dt>
        <dd>{formatDuration(locale, clearForMs)}</dd>
        <dt>{texts.rules.entity}</dt>
        <dd>{entity.join(', ')}</dd>
        {owner !== undefined && (
          <>
            <dt>{texts.rules.owner}</dt>
            <dd>{owner}</dd>
          </>
        )}
        <dt>{texts.incidents.runbook}</dt>
        <dd>{action[locale.language]}</dd>
        <dt>{texts.rules.active}</dt>
        <dd>{rule.activeAlerts}</dd>
      </dl>
    </>
  );
}

function Versions({ rule }: { readonly rule: Rule }) {
  const { texts } = useApp();
  if (rule.versions.length === 0) return <p class="dim">{texts.rules.noVersions}</p>;
  return (
    <ul class="timeline">
      {rule.versions.map(({ version, sinceMs, source, content }) => (
        <li key={version}>
          <details>
            <summary>
              {texts.rules.version(version)} · <At atMs={sinceMs} />{' '}
              <span class="dim small">{source === 'shipped' ? texts.rules.origins.shipped : source}</span>
            </summary>
            <pre class="yaml" tabIndex={0}>
              {JSON.stringify(content, undefined, 2)}
            </pre>
          </details>
        </li>
      ))}
    </ul>
  );
}
