import { editDistanceWithin } from './edit-distance.ts';

/** How many characters may differ in a name that a mistyped one means: a third of them. Pure. */
export function allowedMistakes(name: string): number {
  return Math.max(1, Math.floor(name.length / 3));
}

/** The known name that a mistyped one most likely means: at most a third of its characters differ. Pure. */
export function nearestName<Name extends string>(typed: string, known: readonly Name[]): Name | undefined {
  const lower = typed.toLowerCase();
  let nearest: Name | undefined;
  let least = Infinity;
  for (const name of known) {
    const limit = Math.min(allowedMistakes(name), least - 1);
    const distance = limit < 0 ? undefined : editDistanceWithin(lower, name.toLowerCase(), limit);
    if (distance === undefined) continue;
    nearest = name;
    least = distance;
  }
  return nearest;
}
