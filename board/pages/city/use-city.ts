import { useAnswer } from '../../parts/use-answer.ts';

/** Often enough that central's own checks are not old. */
const EVERY_MS = 15_000;

/** All that the first page and the wall show: one question, so that it is there soon, and all of it of one moment. */
export function useCity() {
  return useAnswer('/api/v1/city', {}, { on: ['state', 'alert', 'agent'], everyMs: EVERY_MS });
}
export type ShownCity = ReturnType<typeof useCity>;
