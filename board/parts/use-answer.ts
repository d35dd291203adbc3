import { useEffect, useMemo } from 'preact/hooks';
import type { Answers } from '../api/answers.ts';
import { pathOf, type Asked } from '../api/client.ts';
import type { LiveKind } from '../api/live.ts';
import { Resource, type Shown } from '../api/resource.ts';
import { useApp, useWatched } from './app-context.ts';

export interface Freshness {
  /** Read anew when one of these is told; all are read anew after a reset. */
  readonly on?: readonly LiveKind[];
  /** And in any case after this time. */
  readonly everyMs?: number;
}

const EVERY_MS = 60_000;

/** An answer of the API that keeps itself up to date while the view is there. */
export function useAnswer<P extends keyof Answers>(
  path: P,
  asked: Asked = {},
  { on = [], everyMs = EVERY_MS }: Freshness = {},
): Shown<Answers[P]> & { readonly refresh: () => void } {
  const { client, live, time } = useApp();
  const address = pathOf(path, asked);
  const resource = useMemo(() => {
    const made = new Resource((signal) => client.get(path, asked, signal), time);
    // Not in the effect: those of inner views come first, and the page's own answer would be asked for last.
    made.refresh();
    return made;
  }, [client, time, address]);
  const kinds = on.join();
  useEffect(() => {
    let cancel = (): void => undefined;
    const again = (): void => {
      cancel = time.after(everyMs, () => {
        // What nobody sees need not be read; it is when the page comes back.
        if (document.visibilityState !== 'hidden') resource.refresh();
        again();
      });
    };
    again();
    const wanted = new Set<string>(kinds.split(',').concat('reset'));
    const end = live.onEvents((told) => {
      if ([...told].some((kind) => wanted.has(kind))) resource.refresh();
    });
    const onSeen = (): void => {
      if (document.visibilityState === 'visible') resource.refresh();
    };
    document.addEventListener('visibilitychange', onSeen);
    return () => {
      cancel();
      end();
      document.removeEventListener('visibilitychange', onSeen);
      resource.close();
    };
  }, [resource, live, time, kinds, everyMs]);
  return { ...useWatched(resource.shown), refresh: () => resource.refresh() };
}
