import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../lifecycle/alert-state.ts';
import { judgeConditions } from './judge-conditions.ts';

type Found = Evaluation | undefined;

const found = fc.array(fc.constantFrom<Found>('breach', 'between', 'clear', undefined), {
  minLength: 2,
  maxLength: 6,
});

/** All that the unknown ones may be. */
function completions([first, ...rest]: readonly Found[]): Evaluation[][] {
  const tails = rest.length === 0 ? [[]] : completions(rest);
  const heads: readonly Evaluation[] = first === undefined ? ['breach', 'between', 'clear'] : [first];
  return heads.flatMap((head) => tails.map((tail) => [head, ...tail]));
}

/** With everything known: in breach, over, or neither. */
function plain(all: readonly Evaluation[], need: number): Evaluation {
  if (all.filter((one) => one === 'breach').length >= need) return 'breach';
  return all.filter((one) => one !== 'clear').length < need ? 'clear' : 'between';
}

describe('at least n of several conditions', () => {
  it('is said only where it holds whatever the unknown ones are', () => {
    fc.assert(
      fc.property(found, fc.nat(), (conditions, draw) => {
        const need = 1 + (draw % conditions.length);
        const possible = new Set(completions(conditions).map((all) => plain(all, need)));
        const judged = judgeConditions(conditions, [need]);
        const [certain] = possible;
        if (possible.size > 1) expect(judged).toBeUndefined();
        else expect(judged).toEqual([certain]);
      }),
    );
  });

  it('says of a milder level what is certain, though a graver one is not', () => {
    expect(judgeConditions(['breach', undefined], [1, 2])).toEqual(['breach', 'between']);
    expect(judgeConditions(['clear', undefined], [1, 2])).toBeUndefined();
    expect(judgeConditions(['clear', 'clear', undefined], [2, 3])).toEqual(['clear', 'clear']);
  });
});
