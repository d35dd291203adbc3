import { useApp } from './parts/app-context.ts';
import { Link } from './parts/link.tsx';
import { useHasLimits } from './parts/use-has-limits.ts';
import { CapacityPage } from './pages/capacity/capacity-page.tsx';
import { CityPage } from './pages/city/city-page.tsx';
import { CoveragePage } from './pages/coverage/coverage-page.tsx';
import { ElementPage } from './pages/element/element-page.tsx';
import { PortPage } from './pages/element/port-page.tsx';
import { FiguresPage } from './pages/figures-page.tsx';
import { FleetPage } from './pages/fleet-page.tsx';
import { QuarantinePage } from './pages/fleet/quarantine-page.tsx';
import { RolloutPage } from './pages/fleet/rollout-page.tsx';
import { RolloutsPage } from './pages/fleet/rollouts-page.tsx';
import { AlertPage } from './pages/incidents/alert-page.tsx';
import { AlertsPage } from './pages/incidents/alerts-page.tsx';
import { IncidentPage } from './pages/incidents/incident-page.tsx';
import { IncidentsPage } from './pages/incidents/incidents-page.tsx';
import { EntryPage } from './pages/inventory/entry-page.tsx';
import { InventoryPage } from './pages/inventory/inventory-page.tsx';
import { RulePage } from './pages/rules/rule-page.tsx';
import { RulesPage } from './pages/rules/rules-page.tsx';
import { WallPage } from './pages/wall/wall-page.tsx';
import type { Route } from './route/route.ts';

/** They tell of the whole city, which is not for an account with limits. */
const WHOLE_CITY_PAGES: readonly Route['page'][] = [
  'inventory',
  'entry',
  'quarantine',
  'rollouts',
  'rollout',
];

/** All pages come with the program: one file, so that none is missing when central has a newer version by now. */
export function PageOfRoute({ route }: { readonly route: Route }) {
  if (useHasLimits() && WHOLE_CITY_PAGES.includes(route.page)) return <ForbiddenPage />;
  switch (route.page) {
    case 'city':
    case 'login':
      return <CityPage />;
    case 'incidents':
      return <IncidentsPage />;
    case 'incident':
      return <IncidentPage key={route.id} id={route.id} />;
    case 'alerts':
      return <AlertsPage />;
    case 'alert':
      return <AlertPage key={route.id} id={route.id} />;
    case 'element':
      return <ElementPage kind={route.kind} id={route.id} />;
    case 'port':
      return <PortPage key={`${route.device} ${route.name}`} device={route.device} name={route.name} />;
    case 'coverage':
      return <CoveragePage />;
    case 'capacity':
      return <CapacityPage />;
    case 'figures':
      return <FiguresPage />;
    case 'fleet':
      return <FleetPage />;
    case 'inventory':
      return <InventoryPage />;
    case 'entry':
      return <EntryPage key={`${route.kind}/${route.id}`} kind={route.kind} id={route.id} />;
    case 'rules':
      return <RulesPage />;
    case 'rule':
      return <RulePage key={route.id} id={route.id} />;
    case 'quarantine':
      return <QuarantinePage />;
    case 'rollouts':
      return <RolloutsPage />;
    case 'rollout':
      return <RolloutPage key={route.id} id={route.id} />;
    case 'wall':
      return <WallPage />;
    case 'missing':
      return <MissingPage />;
  }
}

function ForbiddenPage() {
  const { texts } = useApp();
  return (
    <section class="panel">
      <p class="dim">{texts.problem.forbidden}</p>
    </section>
  );
}

function MissingPage() {
  const { texts } = useApp();
  return (
    <section class="panel">
      <h1>{texts.missing.title}</h1>
      <p>{texts.missing.text}</p>
      <Link to={{ page: 'city' }}>{texts.missing.home}</Link>
    </section>
  );
}
