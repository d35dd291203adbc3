import { useApp, useWatched } from '../parts/app-context.ts';
import { usePageTitle } from '../parts/use-page-title.ts';
import { Charts } from './element/charts.tsx';
import type { ChartChoice } from './element/which-charts.ts';

const CITY: readonly ChartChoice[] = [
  {
    measurement: 'city_state',
    fields: ['completeness_pct', 'agents_live', 'agents_silent', 'incidents_open', 'alerts_unacknowledged'],
  },
  {
    measurement: 'city_state',
    fields: ['units_up', 'units_unknown', 'units_unreachable', 'units_down', 'services_down'],
  },
  { measurement: 'pipeline', fields: ['samples_per_s', 'lag_ms'] },
];

/** What the numbers of the first page were, hour by hour. */
export function FiguresPage() {
  const { texts, session } = useApp();
  const account = useWatched(session.state);
  const isLimited = account.is === 'in' && account.me.limits !== undefined;
  usePageTitle(texts.figures.title);
  return (
    <div class="stack">
      <section class="panel">
        <h1>{texts.figures.title}</h1>
        <p class="dim">{isLimited ? texts.figures.limited : texts.figures.explain}</p>
      </section>
      {account.is === 'in' && !isLimited && <Charts choices={CITY} tagsOf={() => ({})} />}
    </div>
  );
}
