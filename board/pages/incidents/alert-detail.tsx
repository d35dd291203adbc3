import type { Answers } from '../../api/answers.ts';
import { formatDuration } from '../../language/format.ts';
import { useApp } from '../../parts/app-context.ts';
import { Handling } from '../../parts/handling.tsx';
import { HoldWords } from '../../parts/hold-words.tsx';
import { Link } from '../../parts/link.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { At, Since } from '../../parts/times.tsx';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { Place, Ref } from '../../parts/where.tsx';
import { AlertActions } from './alert-actions.tsx';

type Explained = Answers['/api/v1/alerts/{id}/explain'];

interface AlertDetailProps {
  readonly explained: Explained;
  readonly onDone: () => void;
  /** Of its heading. */
  readonly level: 1 | 2;
}

/** An alert: what, where, since when, what to do, why, and who was told. */
export function AlertDetail({ explained, onDone, level }: AlertDetailProps) {
  const { texts, locale } = useApp();
  const { alert, incident, suppression } = explained;
  const title = alert.title[locale.language];
  usePageTitle(level === 1 ? title : texts.incidents.title);
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <>
      <div class="title-line">
        <Heading>{title}</Heading>
        <SeverityMark severity={alert.severity} />
        <span>{texts.phases[alert.phase]}</span>
      </div>
      <dl class="facts-list">
        <dt>{texts.incidents.where}</dt>
        <dd>
          {Object.entries(alert.entity).map(([kind, id]) => (
            <span key={kind}>
              <Ref of={`${kind}:${id}`} />{' '}
            </span>
          ))}
          <Place unit={alert.unit} site={alert.site} />
        </dd>
        <dt>{texts.incidents.began}</dt>
        <dd>
          <Since atMs={alert.startedAtMs} />
        </dd>
        <dt>{texts.alerts.value}</dt>
        <dd>{alert.valueText}</dd>
        <dt>{texts.incidents.who}</dt>
        <dd>
          <Handling alert={alert} /> {alert.acknowledgement?.text}
        </dd>
        {suppression.now !== undefined && (
          <>
            <dt>{texts.alerts.suppressed}</dt>
            <dd>
              <HoldWords {...suppression.now} />
            </dd>
          </>
        )}
        {incident !== undefined && level === 1 && (
          <>
            <dt>{texts.alerts.incident}</dt>
            <dd>
              <Link to={{ page: 'incident', id: incident.id }}>
                {incident.rootName ?? incident.root ?? incident.id}
              </Link>
            </dd>
          </>
        )}
      </dl>
      <AlertActions alert={alert} onDone={onDone} />
      <h3>{texts.incidents.runbook}</h3>
      <p>{alert.action[locale.language]}</p>
      <h3>{texts.explain.title}</h3>
      <ol class="timeline">
        {explained.rule.condition !== undefined && (
          <li>
            {texts.alerts.rule} <code>{alert.rule}</code>: <span lang="en">{explained.rule.condition}</span>
            {explained.rule.levels.map(({ severity, limit, forMs }) => (
              <span key={severity} class="dim block small" lang="en">
                {texts.severities[severity]}: {limit}, {formatDuration(locale, forMs)}
              </span>
            ))}
          </li>
        )}
        <li>
          <At atMs={explained.evidence.startedAtMs} /> {texts.element.evidence}:{' '}
          {explained.evidence.what ?? ''} <b>{String(explained.evidence.value)}</b>{' '}
          <span class="dim">({explained.evidence.agent})</span>
        </li>
        {explained.timeline.map((line) => (
          <li key={`${line.recordedAtMs} ${line.kind}`}>
            <At atMs={line.atMs} /> <b>{texts.timelineKinds[line.kind]}</b> {line.by} {line.assignee}{' '}
            {line.text !== undefined && <q>{line.text}</q>}
          </li>
        ))}
        {suppression.before.map((each) => (
          <li key={`${each.fromMs} ${each.kind}`}>
            <At atMs={each.fromMs} /> {texts.alerts.suppressed}: <HoldWords {...each} />
          </li>
        ))}
      </ol>
      <Deliveries messages={explained.messages} />
    </>
  );
}

function Deliveries({ messages }: { readonly messages: Explained['messages'] }) {
  const { texts } = useApp();
  return (
    <>
      <h3>{texts.incidents.deliveries}</h3>
      {messages.length === 0 ? (
        <p class="dim">{texts.incidents.noDeliveries}</p>
      ) : (
        <ul class="rows">
          {messages.map(({ id, channel, state, madeAtMs, attempts, reason }) => (
            <li key={id}>
              <span>
                <At atMs={madeAtMs} /> {channel}: <b>{texts.deliveryStates[state]}</b>
              </span>
              <span class="dim small" lang="en">
                {attempts > 1 && `× ${attempts} `}
                {reason}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
