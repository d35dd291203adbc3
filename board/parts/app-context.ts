import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { ApiClient } from '../api/client.ts';
import type { Live } from '../api/live.ts';
import type { Session } from '../api/session.ts';
import type { Locale } from '../language/format.ts';
import type { Texts } from '../language/vi.ts';
import type { Router } from '../route/router.ts';
import type { Cell, Watched } from '../store/cell.ts';
import type { Time } from '../store/time.ts';
import type { Preferences } from '../theme/preferences.ts';

/** What every view reaches; made once by main. */
export interface App {
  readonly client: ApiClient;
  readonly live: Live;
  readonly session: Session;
  readonly router: Router;
  readonly time: Time;
  readonly preferences: Cell<Preferences>;
}

interface Shared extends App {
  readonly texts: Texts;
  readonly locale: Locale;
}

const SharedContext = createContext<Shared | undefined>(undefined);
export const SharedProvider = SharedContext.Provider;

export function useApp(): Shared {
  const shared = useContext(SharedContext);
  if (shared === undefined) throw new Error('this view stands outside of the app');
  return shared;
}

/** The value, now and whenever it changes. */
export function useWatched<T>(watched: Watched<T>): T {
  const [value, setValue] = useState(() => watched.get());
  useEffect(() => {
    const take = (): void => setValue(() => watched.get());
    // It may have changed between the first look and this one.
    take();
    return watched.subscribe(take);
  }, [watched]);
  return value;
}

/** Unix ms, anew every `everyMs`: for ages, which grow without news. */
export function useNow(everyMs = 5_000): number {
  const { time } = useApp();
  const [nowMs, setNowMs] = useState(time.now());
  useEffect(() => time.after(everyMs, () => setNowMs(time.now())), [time, everyMs, nowMs]);
  return nowMs;
}
