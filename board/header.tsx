import { useState } from 'preact/hooks';
import { HeaderMenu } from './header-menu.tsx';
import { LiveSign } from './parts/live-sign.tsx';
import { useApp, useWatched } from './parts/app-context.ts';
import { Link } from './parts/link.tsx';
import { useHasLimits } from './parts/use-has-limits.ts';
import type { Route } from './route/route.ts';

/** They tell of the whole city, which is not for an account with limits. */
const WHOLE_CITY_PAGES: readonly string[] = ['inventory'];
const PAGES = ['city', 'incidents', 'alerts', 'coverage', 'capacity', 'fleet', 'inventory', 'rules'] as const;

interface HeaderProps {
  readonly onSearch: () => void;
  readonly onKeys: () => void;
}

export function Header({ onSearch, onKeys }: HeaderProps) {
  const { texts, router } = useApp();
  const { route } = useWatched(router.place);
  const hasLimits = useHasLimits();
  const [isOpen, setOpen] = useState(false);
  return (
    <header class="top">
      <Link to={{ page: 'city' }} class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path class="hexagon" d="M16 4l10 6v12l-10 6-10-6V10z" />
          <circle cx="16" cy="16" r="4" />
        </svg>
        <b>Wardwatch</b>
      </Link>
      <button
        type="button"
        class="menu-button"
        aria-expanded={isOpen}
        aria-controls="navigation"
        onClick={() => setOpen(!isOpen)}
      >
        ☰ <span class="hidden">{texts.nav.menu}</span>
      </button>
      <nav
        id="navigation"
        aria-label={texts.nav.label}
        class={isOpen ? 'open' : ''}
        onClick={() => setOpen(false)}
      >
        {PAGES.filter((page) => !hasLimits || !WHOLE_CITY_PAGES.includes(page)).map((page) => (
          <Link key={page} to={{ page }} current={isWithin(route, page)}>
            {texts.nav[page]}
          </Link>
        ))}
      </nav>
      <div class="tools">
        <LiveSign />
        <button type="button" onClick={onSearch} class="search-button">
          <span>{texts.tools.search}</span> <kbd>{texts.tools.searchHint}</kbd>
        </button>
        <HeaderMenu onKeys={onKeys} />
      </div>
    </header>
  );
}

/** An incident is within the list of incidents, and all elements within the city. Pure. */
function isWithin(route: Route, page: (typeof PAGES)[number]): boolean {
  if (route.page === page) return true;
  if (page === 'incidents') return route.page === 'incident';
  if (page === 'fleet') return ['quarantine', 'rollouts', 'rollout'].includes(route.page);
  if (page === 'alerts') return route.page === 'alert';
  if (page === 'inventory') return route.page === 'entry';
  if (page === 'rules') return route.page === 'rule';
  return page === 'city' && (route.page === 'element' || route.page === 'port' || route.page === 'figures');
}
