import { useApp, useWatched } from './app-context.ts';

type Scope = Readonly<Record<string, string>>;

/** The tag that an account with limits must narrow its questions for samples by, at a site; none for all others. */
export function useScope(): (site: string) => Scope {
  const { session } = useApp();
  const state = useWatched(session.state);
  const isLimited = state.is === 'in' && state.me.limits !== undefined;
  return (site): Scope => (isLimited ? { site } : {});
}
