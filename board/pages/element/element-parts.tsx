import type { Reason } from '../../../contract/reasons/reason-codes.ts';
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { Chart } from '../../chart/chart.tsx';
import { StateStrip } from '../../chart/state-strip.tsx';
import { formatNumber } from '../../language/format.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { Handling } from '../../parts/handling.tsx';
import { Link } from '../../parts/link.tsx';
import { SeverityMark, StateMark, type ShownState } from '../../parts/marks.tsx';
import { At, Since } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { Ref } from '../../parts/where.tsx';
import { Why } from '../../parts/why.tsx';
import { upByDay } from './up-by-day.ts';

type Evidence = NonNullable<Answers['/api/v1/devices']['items'][number]['evidence']>[number];

interface HeadProps {
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  readonly crumbs?: ComponentChildren;
  readonly state?: ShownState | undefined;
  readonly sinceMs?: number | undefined;
  readonly reason?: string | undefined;
  readonly reasons?: readonly Reason[] | undefined;
  readonly roots?: readonly string[] | undefined;
  readonly evidence?: readonly Evidence[] | undefined;
  readonly isDisputed?: boolean | undefined;
  readonly children?: ComponentChildren;
}

/** What it is, how it is, since when, and why. */
export function ElementHead(props: HeadProps) {
  const { texts } = useApp();
  usePageTitle(props.name);
  const { state, sinceMs, reason, reasons = [], roots = [], evidence = [] } = props;
  return (
    <section class="panel">
      <p class="crumbs">
        <Link to={{ page: 'city' }}>{texts.nav.city}</Link> {props.crumbs}
      </p>
      <div class="title-line">
        <h1>{props.name}</h1>
        <span class="dim">
          {props.kind} <code>{props.id}</code>
        </span>
        {state !== undefined && <StateMark state={state} />}
        {sinceMs !== undefined && (
          <span class="dim">
            <Since atMs={sinceMs} />
          </span>
        )}
      </div>
      <dl class="facts-list">
        {reason !== undefined && reason !== '' && (
          <>
            <dt>{texts.element.why}</dt>
            <dd>
              <Why words={reason} reasons={reasons} />
            </dd>
          </>
        )}
        {roots.length > 0 && (
          <>
            <dt>{texts.incidents.root}</dt>
            <dd>
              {roots.map((root) => (
                <span key={root}>
                  <Ref of={root} />{' '}
                </span>
              ))}
            </dd>
          </>
        )}
        {evidence.length > 0 && (
          <>
            <dt>{texts.element.evidence}</dt>
            <dd class="small">
              {evidence.slice(0, 4).map((each) => (
                <span key={`${each.agent} ${each.measurement} ${each.field ?? ''}`} class="block">
                  <code>
                    {each.measurement}
                    {each.field !== undefined && `.${each.field} = ${String(each.value)}`}
                  </code>{' '}
                  {each.agent} · <At atMs={each.atMs} />
                </span>
              ))}
            </dd>
          </>
        )}
        {props.children}
      </dl>
      {props.isDisputed === true && <p class="note">{texts.element.disputed}</p>}
    </section>
  );
}

const DAY_MS = 86_400_000;

interface HistoryProps {
  readonly of: 'device' | 'site' | 'link' | 'unit' | 'service';
  readonly id: string;
}

/** In which state it was when, today and this week, and its availability. */
export function History({ of, id }: HistoryProps) {
  const { texts, locale, time } = useApp();
  const day = useAnswer(
    '/api/v1/states',
    { query: { of, id, from: '-24h', limit: 1_000 } },
    { on: ['state'] },
  );
  const week = useAnswer(
    '/api/v1/states',
    { query: { of, id, from: '-7d', limit: 1_000 } },
    { everyMs: 300_000 },
  );
  const availability = useAnswer(
    '/api/v1/availability',
    { query: { of, id, from: '-30d', by: 'day' } },
    { everyMs: 600_000 },
  );
  const nowMs = time.now();
  const { sharePercent: share, parts = [] } = availability.value?.items[0] ?? {};
  return (
    <section class="panel">
      <h2>{texts.element.history}</h2>
      <AnswerView shown={day}>
        {({ items }) => (
          <StateStrip label={texts.element.history} intervals={items} fromMs={nowMs - DAY_MS} toMs={nowMs} />
        )}
      </AnswerView>
      <h3>{texts.element.historyWeek}</h3>
      <AnswerView shown={week}>
        {({ items }) => (
          <StateStrip
            label={texts.element.historyWeek}
            intervals={items}
            fromMs={nowMs - 7 * DAY_MS}
            toMs={nowMs}
          />
        )}
      </AnswerView>
      {share !== undefined && (
        <>
          <h3>{texts.element.availability}</h3>
          <p>
            {(['up', 'degraded', 'down', 'unreachable', 'unknown'] as const)
              .filter((state) => typeof share[state] === 'number' && share[state] > 0)
              .map((state) => (
                <span key={state}>
                  <StateMark state={state} /> {formatNumber(locale, Math.floor(share[state] * 100) / 100, 2)}{' '}
                  %{' '}
                </span>
              ))}
          </p>
          <AvailabilityByDay parts={parts} />
        </>
      )}
    </section>
  );
}

type Parts = NonNullable<Answers['/api/v1/availability']['items'][number]['parts']>;

/** Days of which nothing is known are gaps. */
function AvailabilityByDay({ parts }: { readonly parts: Parts }) {
  const { texts } = useApp();
  const curves = useMemo(() => [{ name: texts.states.up, points: upByDay(parts) }], [parts, texts]);
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined || curves[0]?.points.length === 0) return null;
  return (
    <Chart
      title={texts.element.availabilityByDay}
      unit="%"
      isCount={false}
      curves={curves}
      thresholds={[]}
      stepMs={DAY_MS}
      range={[first.fromMs, last.toMs]}
    />
  );
}

/** Open alerts of a unit, a site or a device. */
export function OpenAlerts({
  query,
}: {
  readonly query: Readonly<Record<'unit' | 'site' | 'device', string>> | Readonly<Record<string, string>>;
}) {
  const { texts, locale } = useApp();
  const alerts = useAnswer(
    '/api/v1/alerts',
    { query: { state: 'active', order: 'severity', limit: 20, ...query } },
    { on: ['alert'] },
  );
  return (
    <section class="panel">
      <h2>{texts.element.alerts}</h2>
      <AnswerView shown={alerts}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="dim">{texts.element.noAlerts}</p>
          ) : (
            <ul class="rows">
              {items.map((alert) => (
                <li key={alert.id}>
                  <Link to={{ page: 'alert', id: alert.id }}>
                    <SeverityMark severity={alert.severity} isSilent /> {alert.title[locale.language]}
                  </Link>
                  <span class="dim small grow">{Object.values(alert.entity).join(' · ')}</span>
                  <span class="small">
                    {alert.suppression === undefined ? <Handling alert={alert} /> : texts.alerts.suppressed}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </AnswerView>
    </section>
  );
}

/** What hangs on it: what would be cut off, or worse off, without it. */
export function BlastRadius({ of }: { readonly of: string }) {
  const { texts } = useApp();
  const radius = useAnswer('/api/v1/blast-radius', { query: { of, limit: 200 } }, { everyMs: 300_000 });
  return (
    <section class="panel">
      <h2>{texts.element.blast}</h2>
      <AnswerView shown={radius}>
        {(value) => {
          const kinds = [
            ['service', value.services],
            ['agency', value.agencies],
            ['unit', value.units],
            ['site', value.sites],
            ['device', value.devices],
            ['link', value.links],
          ] as const;
          const isNone = kinds.every(([, items]) => items.length === 0);
          return (
            <>
              {isNone && value.isPartial !== true && <p class="dim">{texts.element.blastNone}</p>}
              {kinds.map(
                ([kind, items]) =>
                  items.length > 0 && (
                    <details key={kind} open={items.length <= 8}>
                      <summary>
                        {texts.kinds[kind]} · {items.length}
                      </summary>
                      <ul class="chips">
                        {items.map((item) => (
                          <li key={item.id}>
                            <Ref of={`${kind}:${item.id}`} name={'name' in item ? item.name : undefined} />{' '}
                            <small class="dim">
                              {item.effect === 'cut' ? texts.element.cut : texts.element.degraded}
                            </small>
                          </li>
                        ))}
                      </ul>
                    </details>
                  ),
              )}
              {value.isPartial === true && <p class="dim">{texts.element.blastPartial}</p>}
            </>
          );
        }}
      </AnswerView>
    </section>
  );
}

/** More than these are shown when somebody asks. */
const LISTED = 15;

interface ElementListProps {
  readonly title: string;
  readonly kind: 'site' | 'device' | 'link';
  readonly items: readonly {
    readonly id: string;
    readonly name?: string | undefined;
    readonly kind?: string | undefined;
    readonly state?: ShownState | undefined;
    readonly sinceMs?: number | undefined;
  }[];
}

/** Elements with their states, as a list that leads to each. */
export function ElementList({ title, kind, items }: ElementListProps) {
  const { texts } = useApp();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? items : items.slice(0, LISTED);
  return (
    <section class="panel">
      <h2>
        {title} · {items.length}
      </h2>
      <ul class="rows">
        {shown.map((item) => (
          <li key={item.id}>
            <span>
              <StateMark state={item.state ?? 'unknown'} isSilent />{' '}
              <Ref of={`${kind}:${item.id}`} name={item.name} />{' '}
              <small class="dim">{texts.elementKinds[item.kind ?? ''] ?? item.kind}</small>
            </span>
            <span class="dim small">
              {texts.states[item.state ?? 'unknown']}
              {item.state !== 'up' && item.sinceMs !== undefined && (
                <>
                  {' '}
                  · <Since atMs={item.sinceMs} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {shown.length < items.length && (
        <button type="button" onClick={() => setWhole(true)}>
          {texts.showAll(items.length)}
        </button>
      )}
    </section>
  );
}
