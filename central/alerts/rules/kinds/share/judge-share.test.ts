import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileLimits } from '../../limit-levels.ts';
import { judgeShare } from './judge-share.ts';

const LEVELS = [
  { severity: 'minor', raise: 40, clear: 25 },
  { severity: 'major', raise: 70, clear: 60 },
] as const;
const LIMITS = { limits: compileLimits('above', LEVELS), minMembers: 3, minInBreach: 3 };

const counts = fc
  .record({ fresh: fc.nat(20), bad: fc.nat(20), lastSeenInBreach: fc.nat(8) })
  .map(({ fresh, bad, lastSeenInBreach }) => ({ fresh, inBreach: Math.min(bad, fresh), lastSeenInBreach }));

/** The same, member by member. */
function slowly({
  fresh,
  inBreach,
  lastSeenInBreach,
}: typeof counts extends fc.Arbitrary<infer T> ? T : never) {
  const known = Array.from({ length: fresh }, (_, at) => (at < inBreach ? 'bad' : 'good'));
  const assumed = [...known, ...Array.from({ length: lastSeenInBreach }, () => 'bad')];
  const shareOf = (members: readonly string[]): number =>
    (100 * members.filter((one) => one === 'bad').length) / members.length;
  return LEVELS.map(({ raise, clear }) => {
    if (shareOf(known) > raise && inBreach >= 3) return 'breach';
    const isOver = shareOf(assumed) <= clear || assumed.filter((one) => one === 'bad').length <= 1;
    return isOver ? 'clear' : 'between';
  });
}

it('equals a slow reference', () => {
  fc.assert(
    fc.property(counts, (group) => {
      const judged = judgeShare(group, LIMITS);
      if (group.fresh < 3) expect(judged).toBeUndefined();
      else expect(judged?.evaluations).toEqual(slowly(group));
    }),
  );
});

it('never begins with one, and always ends with one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 20 }), (fresh) => {
      const judged = judgeShare({ fresh, inBreach: 1, lastSeenInBreach: 0 }, LIMITS);
      expect(judged?.evaluations).toEqual(['clear', 'clear']);
    }),
  );
});
