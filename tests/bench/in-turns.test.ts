import { describe, expect, it } from 'vitest';
import { inTurns, median, Rounds } from './in-turns.ts';

describe('contenders in turn', () => {
  it('alternate, warm up once, and run at least three rounds', async () => {
    const turns: string[] = [];
    const contender = (name: string) => () => {
      turns.push(name);
      return { perS: turns.length };
    };

    const rounds = await inTurns({ a: contender('a'), b: contender('b') }, 0);

    expect(turns.join('')).toBe('abababab');
    expect(rounds.all).toEqual([
      { a: { perS: 3 }, b: { perS: 4 } },
      { a: { perS: 5 }, b: { perS: 6 } },
      { a: { perS: 7 }, b: { perS: 8 } },
    ]);
  });

  it('are compared round by round, so that a slow moment of the machine does not matter', () => {
    const rounds = new Rounds([
      { a: { perS: 50 }, b: { perS: 100 } },
      { a: { perS: 5 }, b: { perS: 10 } },
      { a: { perS: 60 }, b: { perS: 100 } },
    ]);

    expect(rounds.median('a', 'perS')).toBe(50);
    expect(rounds.ratio(['a', 'perS'], ['b', 'perS'])).toBe(0.5);
  });

  it('throw for a figure that was not measured', () => {
    expect(() => new Rounds([{ a: { perS: 1 } }]).median('a', 'perMinute')).toThrow('a perMinute');
  });
});

it('takes the middle value, or the mean of the two in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN]);
});
