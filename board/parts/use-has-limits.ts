import { useApp, useWatched } from './app-context.ts';

/** Whether this account sees a part of the city alone: lists about all of it are not for it. */
export function useHasLimits(): boolean {
  const state = useWatched(useApp().session.state);
  return state.is === 'in' && state.me.limits !== undefined;
}
