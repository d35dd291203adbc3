import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../rules/severity.ts';
import {
  fits,
  SilenceIndex,
  silenceMatchSchema,
  takes,
  type Silenceable,
  type SilenceMatch,
} from './silence-match.ts';

const ALERT: Silenceable = {
  ...{ rule: 'port_down', severity: 'minor' },
  ...{ agent: 'gw-1', device: 'n-1', link: 'l-1', unit: '26737', site: 'site-1' },
};

describe('what a silence takes', () => {
  it.each<[SilenceMatch, boolean]>([
    [{ device: ['n-1'] }, true],
    [{ device: ['n-2', 'n-1'] }, true],
    [{ device: ['n-2'] }, false],
    [{ rule: ['port_*'] }, true],
    [{ rule: ['port'] }, false],
    [{ rule: ['disk_full', '*_down'], site: ['site-1'] }, true],
    [{ rule: ['port_*'], unit: ['26734'] }, false],
    [{ severity: ['minor', 'warning'] }, true],
    [{ severity: ['critical'], device: ['n-1'] }, false],
    [{ agent: ['gw-1'] }, true],
    [{ link: ['l-1'] }, true],
    [{ rule: ['*_down'], link: ['l-2'] }, false],
    [{ unit: ['__proto__'] }, false],
    [{ everything: true }, true],
  ])('%j: %s', (match, expected) => {
    expect(silenceMatchSchema.safeParse(match).success).toBe(true);
    expect(takes(match, ALERT)).toBe(expected);
  });

  it('is never all alerts unless it says so', () => {
    const problemOf = (match: unknown): string =>
      silenceMatchSchema.safeParse(match).error?.issues[0]?.message ?? '';
    expect(problemOf({})).toMatch(/^expected at least one of rule/);
    for (const match of [{ rule: ['*'] }, { rule: ['port_*', '**'] }, { severity: [...SEVERITIES] }]) {
      expect(problemOf(match)).toMatch(/^this takes every alert: expected everything: true/);
    }
    expect(problemOf({ rule: ['*'], severity: [...SEVERITIES] })).toMatch(/^this takes every alert/);
    expect(problemOf({ everything: true, rule: ['*'] })).toMatch(/^expected everything: true alone/);
    expect(problemOf({ rule: ['*'], severity: ['minor'] })).toBe('');
    expect(problemOf({ rule: ['*'], unit: ['26737'] })).toBe('');
  });

  it.each([
    [{ rule: [] }],
    [{ rule: ['Port'] }],
    [{ rule: ['x'.repeat(65)] }],
    [{ rule: ['.*'] }],
    [{ device: ['\0'] }],
    [{ device: Array(51).fill('n-1') }],
    [{ severity: ['bad'] }],
    [{ nonsense: ['x'] }],
    [{ everything: false }],
    [null],
    [['device']],
  ])('%j is refused', (match) => expect(silenceMatchSchema.safeParse(match).success).toBe(false));
});

describe('the pattern of a rule', () => {
  it('fits what the same regular expression does', () => {
    const letters = fc.constantFrom('a', 'b', '_');
    const pattern = fc
      .array(fc.oneof(letters, fc.constant('*')), { maxLength: 8 })
      .map((each) => each.join(''));
    const text = fc.array(letters, { maxLength: 8 }).map((each) => each.join(''));
    fc.assert(
      fc.property(pattern, text, (wanted, given) => {
        const expression = new RegExp(`^${wanted.replaceAll('*', '[^]*')}$`);
        expect(fits(wanted, given)).toBe(expression.test(given));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is looked for in linear time, whoever wrote it', () => {
    expect(fits(`${'*a'.repeat(30)}*b`, 'a'.repeat(64))).toBe(false);
  });
});

it('the index finds what looking at all of them finds', () => {
  const value = fc.constantFrom('1', '2', '3');
  const list = fc.option(fc.uniqueArray(value, { minLength: 1 }), { nil: undefined });
  const match = fc
    .record({
      unit: list,
      site: list,
      device: list,
      link: list,
      agent: list,
      rule: fc.constantFrom(undefined, ['port_*'], ['x']),
    })
    .map(
      (lists) =>
        Object.fromEntries(Object.entries(lists).filter(([, each]) => each !== undefined)) as SilenceMatch,
    );
  const place = fc.option(value, { nil: undefined });
  const alert = fc
    .record({ unit: place, site: place, device: place, link: place, agent: value })
    .map((found): Silenceable => ({ ...ALERT, ...found }));
  fc.assert(
    fc.property(fc.array(match, { maxLength: 12 }), alert, (matches, given) => {
      const index = new SilenceIndex(matches, (each) => each);
      const slow = matches.filter((each) => takes(each, given));
      expect(new Set(index.find(given))).toEqual(new Set(slow));
      expect(index.find(given)).toHaveLength(slow.length);
    }),
  );
});
