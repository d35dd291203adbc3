import type { Answers } from '../../api/answers.ts';
import { useApp } from '../../parts/app-context.ts';
import { SeverityMark } from '../../parts/marks.tsx';
import { Since } from '../../parts/times.tsx';
import { incidentAbout } from './incident-about.ts';

type Incident = Answers['/api/v1/incidents']['items'][number];

/** Title, root and how far it reaches. */
export function IncidentWords({ incident }: { readonly incident: Incident }) {
  const { texts, locale } = useApp();
  const { counts } = incident;
  return (
    <>
      <SeverityMark severity={incident.severity} isSilent /> <b>{incident.title[locale.language]}</b>{' '}
      <span>{incidentAbout(incident)}</span>
      <span class="dim small block">
        {counts !== undefined && counts.sites > 0 && `${texts.city.hadCutOff(counts.sites, counts.units)} · `}
        <Since atMs={incident.beganAtMs} />
      </span>
    </>
  );
}
