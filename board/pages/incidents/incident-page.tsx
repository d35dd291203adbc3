import type { Answers } from '../../api/answers.ts';
import { CityMap } from '../../map/city-map.tsx';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { At, Since } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { Place, Ref } from '../../parts/where.tsx';
import { incidentAbout } from '../city/incident-about.ts';
import { AlertDetail } from './alert-detail.tsx';

type Incident = Answers['/api/v1/incidents/{id}'];

const AFFECTED_SHOWN = 30;

/** One incident: what is to blame, what it cuts off, what happened when, what to do. */
export function IncidentPage({ id }: { readonly id: string }) {
  const incident = useAnswer('/api/v1/incidents/{id}', { params: { id } }, { on: ['alert', 'state'] });
  return <AnswerView shown={incident}>{(value) => <IncidentView incident={value} />}</AnswerView>;
}

function IncidentView({ incident }: { readonly incident: Incident }) {
  const { texts, locale } = useApp();
  const title = `${incident.title[locale.language]}: ${incidentAbout(incident) || texts.incidents.rootUnknown}`;
  usePageTitle(title);
  return (
    <div class="stack">
      <section class="panel">
        <p class="crumbs">
          <Link to={{ page: 'incidents' }}>{texts.incidents.title}</Link>
        </p>
        <div class="title-line">
          <h1>{title}</h1>
          <SeverityMark severity={incident.severity} />
        </div>
        <dl class="facts-list">
          <dt>{texts.incidents.root}</dt>
          <dd>
            {incident.root === undefined ? (
              texts.incidents.rootUnknown
            ) : (
              <Ref of={incident.root} name={incident.rootName} />
            )}
          </dd>
          <dt>{texts.incidents.where}</dt>
          <dd>
            <Place
              unit={incident.unit}
              unitName={incident.affected.units.find(({ id }) => id === incident.unit)?.name}
              site={incident.site}
              siteName={incident.affected.sites.find(({ id }) => id === incident.site)?.name}
            />
          </dd>
          <dt>{texts.incidents.began}</dt>
          <dd>
            <Since atMs={incident.beganAtMs} />
          </dd>
          {incident.endedAtMs !== undefined && (
            <>
              <dt>{texts.incidents.ended_at}</dt>
              <dd>
                <At atMs={incident.endedAtMs} />
              </dd>
            </>
          )}
          {incident.counts !== undefined && (
            <>
              <dt>{texts.incidents.affected}</dt>
              <dd>
                <b>{texts.city.hadCutOff(incident.counts.sites, incident.counts.units)}</b> ·{' '}
                {texts.devices(incident.counts.devices)}
              </dd>
            </>
          )}
        </dl>
        {incident.suppressedAlerts > 0 && (
          <p class="note">{texts.incidents.notTold(incident.suppressedAlerts)}</p>
        )}
      </section>
      <div class="columns">
        <div class="stack">
          {incident.headAlert !== undefined && <HeadAlert id={incident.headAlert} />}
          <Members incident={incident} />
        </div>
        <div class="stack">
          <AffectedMap incident={incident} />
          <Affected incident={incident} />
          <Timeline incident={incident} />
        </div>
      </div>
    </div>
  );
}

function HeadAlert({ id }: { readonly id: string }) {
  const { texts } = useApp();
  const explained = useAnswer('/api/v1/alerts/{id}/explain', { params: { id } }, { on: ['alert'] });
  return (
    <section class="panel" aria-label={texts.incidents.head}>
      <AnswerView shown={explained}>
        {(value) => <AlertDetail explained={value} onDone={explained.refresh} level={2} />}
      </AnswerView>
    </section>
  );
}

/** Where it is felt; the rest of the city stays quiet. */
function AffectedMap({ incident }: { readonly incident: Incident }) {
  const { texts, router } = useApp();
  const units = useAnswer('/api/v1/units', { query: { limit: 1_000 } }, { on: ['state'] });
  const cut = new Set([
    ...incident.affected.units.map(({ id }) => id),
    ...(incident.unit === undefined ? [] : [incident.unit]),
  ]);
  return (
    <section class="panel small-map" aria-label={texts.incidents.onMap}>
      <h2>{texts.incidents.onMap}</h2>
      <AnswerView shown={units}>
        {({ items }) => (
          <CityMap
            label={texts.incidents.onMap}
            units={items}
            outlined={cut}
            onOpenUnit={(id) => router.go({ page: 'element', kind: 'unit', id })}
            onOpenSite={(id) => router.go({ page: 'element', kind: 'site', id })}
            tell={(code) => items.find((unit) => unit.code === code)?.name}
          />
        )}
      </AnswerView>
    </section>
  );
}

function Affected({ incident: { affected } }: { readonly incident: Incident }) {
  const { texts } = useApp();
  const kinds = [
    ['service', affected.services],
    ['unit', affected.units],
    ['site', affected.sites],
    ['device', affected.devices],
  ] as const;
  return (
    <section class="panel">
      <h2>{texts.incidents.affected}</h2>
      {kinds.map(
        ([kind, items]) =>
          items.length > 0 && (
            <details key={kind} open={items.length <= 12}>
              <summary>
                {texts.kinds[kind]} · {items.length}
              </summary>
              <ul class="chips">
                {items.slice(0, AFFECTED_SHOWN).map(({ id, name }) => (
                  <li key={id}>
                    <Ref of={`${kind}:${id}`} name={name} />
                  </li>
                ))}
                {items.length > AFFECTED_SHOWN && (
                  <li class="dim">{texts.more(items.length - AFFECTED_SHOWN)}</li>
                )}
              </ul>
            </details>
          ),
      )}
    </section>
  );
}

function Members({ incident }: { readonly incident: Incident }) {
  const { texts, locale } = useApp();
  return (
    <section class="panel">
      <h2>
        {texts.incidents.members} · {incident.alerts}
      </h2>
      {incident.truncated && <p class="note">{texts.incidents.truncated}</p>}
      <div class="table-frame">
        <table class="stacking" aria-label={texts.incidents.members}>
          <tbody>
            {incident.members.map((member) => (
              <tr key={member.id}>
                <td>
                  <SeverityMark severity={member.severity} isSilent />
                </td>
                <td>
                  <Link to={{ page: 'alert', id: member.id }}>{member.title[locale.language]}</Link>
                  <span class="dim small block">{Object.values(member.entity).join(' · ')}</span>
                </td>
                <td>{texts.incidents.relation[member.relation]}</td>
                <td>{texts.phases[member.phase]}</td>
                <td class="small">
                  <At atMs={member.startedAtMs} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Timeline({ incident: { timeline } }: { readonly incident: Incident }) {
  const { texts } = useApp();
  return (
    <section class="panel">
      <h2>{texts.incidents.timeline}</h2>
      <ol class="timeline">
        {timeline.map(({ kind, atMs, reason, alert }) => (
          <li key={`${atMs} ${kind} ${alert ?? ''}`}>
            <At atMs={atMs} /> <b>{texts.timelineKinds[kind]}</b> <span lang="en">{reason}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
