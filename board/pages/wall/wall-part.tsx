import { formatDay } from '../../language/format.ts';
import { useApp, useNow } from '../../parts/app-context.ts';
import { IncidentHandling } from '../../parts/handling.tsx';
import { Link } from '../../parts/link.tsx';
import { StateMark, type ShownState } from '../../parts/marks.tsx';
import { Since } from '../../parts/times.tsx';
import { IncidentWords } from '../city/incident-words.tsx';
import type { WallPart } from './wall-pages.ts';

const DAY_MS = 86_400_000;

/** One page beside the map. */
export function WallPartView({ part }: { readonly part: WallPart }) {
  const { texts, locale } = useApp();
  const nowMs = useNow(60_000);
  switch (part.is) {
    case 'incidents':
      return (
        <ul class="cards">
          {part.items.map((incident) => (
            <li key={incident.id} class={`card edge-${incident.severity}`}>
              <Link to={{ page: 'incident', id: incident.id }}>
                <IncidentWords incident={incident} />
              </Link>
              <p class="who">
                <IncidentHandling incident={incident} />
              </p>
            </li>
          ))}
        </ul>
      );
    case 'units':
      return (
        <ul class="rows">
          {part.items.map(({ code, name, state, sinceMs }) => (
            <StateRow key={code} kind="unit" id={code} {...{ name, state, sinceMs }} />
          ))}
        </ul>
      );
    case 'services':
      return (
        <ul class="rows">
          {part.items.map(({ id, name, state, sinceMs }) => (
            <StateRow key={id} kind="service" id={id} {...{ name, state, sinceMs }} />
          ))}
        </ul>
      );
    case 'capacity':
      return (
        <ul class="rows">
          {part.items.map(({ id, resource, days, madeAtMs }) => (
            <li key={`${id} ${resource}`}>
              <Link to={{ page: 'element', kind: 'pool', id }}>
                {id} · {texts.capacity.resources[resource] ?? resource}
              </Link>
              <span class="dim">
                {texts.city.fullBy(formatDay(locale, Math.max(nowMs, madeAtMs + days * DAY_MS)))}
              </span>
            </li>
          ))}
        </ul>
      );
  }
}

interface StateRowProps {
  readonly kind: 'unit' | 'service';
  readonly id: string;
  readonly name: string;
  readonly state: ShownState;
  readonly sinceMs: number;
}

/** What is well says no more than that: since when is nobody's question. */
function StateRow({ kind, id, name, state, sinceMs }: StateRowProps) {
  const { texts } = useApp();
  return (
    <li>
      <Link to={{ page: 'element', kind, id }}>
        <StateMark state={state} isSilent /> {name}
      </Link>
      <span class="dim">
        {texts.states[state]}
        {state !== 'up' && (
          <>
            {' · '}
            <Since atMs={sinceMs} />
          </>
        )}
      </span>
    </li>
  );
}
