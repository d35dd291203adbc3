import type { Answers } from '../api/answers.ts';
import { useApp } from './app-context.ts';

type Alert = Answers['/api/v1/alerts']['items'][number];
type Incident = Answers['/api/v1/incidents']['items'][number];

interface HandlingProps {
  readonly alert: Pick<Alert, 'assignee' | 'acknowledgement'>;
}

/** Who has an alert. */
export function Handling({ alert: { assignee, acknowledgement } }: HandlingProps) {
  return <Who assignee={assignee} acknowledgedBy={acknowledgement?.by} />;
}

/** Who has an incident, by any of its alerts. */
export function IncidentHandling({
  incident: { handling },
}: {
  readonly incident: Pick<Incident, 'handling'>;
}) {
  return <Who {...handling} />;
}

/** Who sees to it, else who has seen it, else nobody. */
function Who({ assignee, acknowledgedBy }: NonNullable<Incident['handling']>) {
  const { texts } = useApp();
  if (assignee !== undefined) return <span>{texts.city.taken(assignee)}</span>;
  if (acknowledgedBy !== undefined) return <span>{texts.city.seen(acknowledgedBy)}</span>;
  return <b class="nobody">{texts.city.nobody}</b>;
}
