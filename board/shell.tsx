import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp, useWatched } from './parts/app-context.ts';
import { useKeys } from './parts/keys.ts';
import { Header } from './header.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { LoginPage } from './pages/login-page.tsx';
import { SearchDialog } from './search-dialog.tsx';
import { PageOfRoute } from './page-of-route.tsx';
import { StaleBanner } from './parts/stale-banner.tsx';
import { pathOfRoute } from './route/route.ts';

/** What stands around every page: header, banner when the page is stale, keys that work everywhere. */
export function Shell() {
  const { router, session, texts } = useApp();
  const { route } = useWatched(router.place);
  const { is } = useWatched(session.state);
  const [dialog, setDialog] = useState<'search' | 'keys' | undefined>(undefined);
  useKeys({
    '?': () => setDialog('keys'),
    '/': () => setDialog('search'),
    'g c': () => router.go({ page: 'city' }),
    'g i': () => router.go({ page: 'incidents' }),
    'g p': () => router.go({ page: 'coverage' }),
    'g d': () => router.go({ page: 'capacity' }),
    'g a': () => router.go({ page: 'fleet' }),
    'g n': () => router.go({ page: 'inventory' }),
    'g r': () => router.go({ page: 'rules' }),
  });
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setDialog('search');
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const path = pathOfRoute(route);
  const shown = useRef(path);
  useLayoutEffect(() => {
    setDialog(undefined);
    if (shown.current === path) return;
    shown.current = path;
    // The link that led here is gone: the next Tab goes on in the page, and not in the header.
    document.querySelector<HTMLElement>('#content')?.focus({ preventScroll: true });
  }, [path]);
  if (is === 'out' || is === 'over' || route.page === 'login') return <LoginPage />;
  const dialogs = (
    <>
      {dialog === 'search' && <SearchDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'keys' && <KeysDialog onClose={() => setDialog(undefined)} />}
    </>
  );
  if (route.page === 'wall')
    return (
      <>
        <PageOfRoute route={route} />
        {dialogs}
      </>
    );
  return (
    <>
      <a class="skip" href="#content">
        {texts.skipToContent}
      </a>
      <Header onSearch={() => setDialog('search')} onKeys={() => setDialog('keys')} />
      <StaleBanner />
      <main id="content" tabIndex={-1}>
        <PageOfRoute route={route} />
      </main>
      {dialogs}
    </>
  );
}
