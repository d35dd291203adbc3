import type { Step } from './graph-nodes.ts';
import { deviceOutcome, deviceStops, offOf, stopsOf } from './reach.ts';
import { areSame, NO_ROOTS, type Roots } from './standing.ts';

/**
 * Reckons steps that depend on each other, such as sites that are parents of each other. Something in a ring is shut only when no way leads to it
 * from outside, whichever way round: first all are taken for shut, and those are opened that a way leads to, until no more are. Then each
 * that is left is given what shuts it, from both sides. The result does not depend on the order of the steps.
 */
export function reckonRing(ring: readonly Step[]): void {
  const within = new Set(ring);
  for (const step of ring) setResult(step, NO_ROOTS);
  follow(ring, within, (step) => {
    if (resultOf(step) === undefined || reckon(step) !== undefined) return false;
    setResult(step, undefined);
    return true;
  });
  // Roots only become more, of eight at most: this ends.
  follow(ring, within, (step) => {
    const before = resultOf(step);
    const roots = before && reckon(step);
    if (before === undefined || roots === undefined || areSame(before, roots)) return false;
    setResult(step, roots);
    return true;
  });
}

/** What is to blame for all behind it; undefined: it shuts nothing. */
export function resultOf({ kind, of }: Step): Roots | undefined {
  return kind === 'entry' && 'off' in of ? of.off : of.stops;
}

/** Each step, and again those that depend on one that has changed. */
function follow(ring: readonly Step[], within: ReadonlySet<Step>, hasChanged: (step: Step) => boolean): void {
  const waiting = new Set(ring);
  // A set goes on with what is added to it meanwhile.
  for (const step of waiting) {
    waiting.delete(step);
    if (!hasChanged(step)) continue;
    for (const dependent of step.dependents) if (within.has(dependent)) waiting.add(dependent);
  }
}

function reckon({ kind, of }: Step): Roots | undefined {
  if ('device' in of) return deviceStops(of, deviceOutcome(of));
  return kind === 'entry' ? offOf(of) : stopsOf(of);
}

function setResult({ kind, of }: Step, roots: Roots | undefined): void {
  if (kind === 'entry' && 'off' in of) of.off = roots;
  else of.stops = roots;
}
