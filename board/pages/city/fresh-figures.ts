import type { Answers } from '../../api/answers.ts';
import type { Shown } from '../../api/resource.ts';

type City = Answers['/api/v1/city'];

/** Asked for every 15 s; what is older than this says nothing about now. */
const OLD_AFTER_MS = 60_000;

/** Central's figures; none where they are old, or could not be read anew. Pure. */
export function freshFigures(
  { value, problem, loadedAtMs = 0 }: Pick<Shown<City>, 'value' | 'problem' | 'loadedAtMs'>,
  nowMs: number,
): City['figures'] {
  return value === undefined || problem !== undefined || Math.abs(nowMs - loadedAtMs) > OLD_AFTER_MS
    ? {}
    : value.figures;
}
