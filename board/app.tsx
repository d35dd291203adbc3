import { useEffect } from 'preact/hooks';
import { en } from './language/en.ts';
import { vi } from './language/vi.ts';
import { SharedProvider, useWatched, type App as AppParts } from './parts/app-context.ts';
import { Shell } from './shell.tsx';

const TEXTS = { vi, en };
/** Of the city; times are told by its clock, wherever the reader is. */
const TIME_ZONE = 'Asia/Ho_Chi_Minh';
const RETRY_MS = 5_000;
const QUIET_VIEW_MS = 1_000;
const DRAWING_MS = 100;

/** Follows language, theme and session; all else is the shell's. */
export function App(app: AppParts) {
  const { session, live, client, time, preferences } = app;
  const { language, theme } = useWatched(preferences);
  const { is } = useWatched(session.state);
  useEffect(() => {
    document.documentElement.lang = language;
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [language, theme]);
  useEffect(() => {
    if (is === 'in') {
      live.start();
      return () => live.stop();
    }
    if (is !== 'unknown') return undefined;
    let cancel = (): void => undefined;
    const ask = (): void => {
      session.load(client).catch(() => {
        cancel = time.after(RETRY_MS, ask);
      });
    };
    // People wait for the first view: who asks, and the stream, come once that is drawn, or soon where it asks nothing.
    cancel = time.after(QUIET_VIEW_MS, ask);
    const end = client.isAnswered.subscribe(() => {
      cancel();
      cancel = time.after(DRAWING_MS, ask);
    });
    return () => {
      end();
      cancel();
    };
  }, [is, live, session, client, time]);
  return (
    <SharedProvider value={{ ...app, texts: TEXTS[language], locale: { language, timeZone: TIME_ZONE } }}>
      <Shell />
    </SharedProvider>
  );
}
