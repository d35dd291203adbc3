import type { Answers } from '../../api/answers.ts';
import { useApp } from '../../parts/app-context.ts';
import { IncidentHandling } from '../../parts/handling.tsx';
import { Link } from '../../parts/link.tsx';
import { IncidentWords } from './incident-words.tsx';

type Incidents = Answers['/api/v1/city']['incidents'];
type Incident = Incidents['items'][number];

const SHOWN = 8;

/** What is wrong, the gravest first: what is to blame, where, since when, who has it. */
export function IncidentCards({ incidents: { items, isMore } }: { readonly incidents: Incidents }) {
  const { texts } = useApp();
  return (
    <section class="panel">
      <h2>
        <Link to={{ page: 'incidents' }}>{texts.incidents.title}</Link>
      </h2>
      {items.length === 0 ? (
        <p class="dim">{texts.city.allWellText}</p>
      ) : (
        <Cards items={items} isMore={isMore} />
      )}
    </section>
  );
}

interface CardsProps {
  readonly items: readonly Incident[];
  /** There are more than these. */
  readonly isMore: boolean;
}

function Cards({ items, isMore }: CardsProps) {
  const { texts } = useApp();
  const shown = items.slice(0, SHOWN);
  return (
    <>
      <ul class="cards">
        {shown.map((incident) => (
          <li key={incident.id} class={`card edge-${incident.severity}`}>
            <Link to={{ page: 'incident', id: incident.id }}>
              <IncidentWords incident={incident} />
            </Link>
            <p class="small">
              <IncidentHandling incident={incident} />
            </p>
          </li>
        ))}
      </ul>
      {items.length > shown.length && (
        <Link to={{ page: 'incidents' }}>
          {(isMore ? texts.moreAtLeast : texts.more)(items.length - shown.length)}
        </Link>
      )}
    </>
  );
}
