import { useApp, useWatched } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { useHasLimits } from '../../parts/use-has-limits.ts';

/** Between the pages about agents. */
export function FleetTabs() {
  const { texts, router } = useApp();
  const { route } = useWatched(router.place);
  // The other pages are about the whole city.
  if (useHasLimits()) return null;
  return (
    <nav class="chips tabs" aria-label={texts.fleetWork.tabs}>
      <Link to={{ page: 'fleet' }} current={route.page === 'fleet'}>
        {texts.fleet.title}
      </Link>
      <Link to={{ page: 'quarantine' }} current={route.page === 'quarantine'}>
        {texts.quarantine.title}
      </Link>
      <Link to={{ page: 'rollouts' }} current={route.page === 'rollouts' || route.page === 'rollout'}>
        {texts.rollouts.title}
      </Link>
    </nav>
  );
}
