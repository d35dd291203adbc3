import { expect, it } from 'vitest';
import { committedCard, fallen, textsHash, type CardRun } from './committed-card.ts';
import type { ScenarioScore } from './score-scenario.ts';

const NONE = { of: 0, good: 0 };
const QUIET: Omit<ScenarioScore, 'scenario' | 'seed' | 'failures'> = {
  ...{ due: NONE, toldS: [], roots: NONE, paths: NONE, symptoms: NONE, alerts: 0, falseAlerts: 0, pages: 0 },
  ...{ falsePages: 0, duplicates: 0, falseResolves: 0, orphans: 0, incidents: 0, messagesPerIncident: 0 },
  ...{ suppressedMinutes: 0, pagesPerOperator: 0 },
};
const texts = new Map([
  ['night', 'start: 22:00'],
  ['cut', 'happens: []'],
]);
const run = (scenario: string, seed: number, ...failures: readonly string[]): CardRun => ({
  score: { ...QUIET, scenario, seed, failures },
  hashes: { truth: `t${seed}`, alerts: `a${seed}` },
});
const card = (...runs: readonly CardRun[]) =>
  committedCard(runs, { rules: textsHash(new Map()), scenarios: texts });

it('the order in which runs end changes nothing', () => {
  const runs = [run('night', 1), run('cut', 2, 'late'), run('cut', 1)];
  expect(card(...runs)).toEqual(card(...runs.toReversed()));
  expect(card(...runs).seeds).toEqual([1, 2]);
  expect(card(...runs).scenarios['cut']).toMatchObject({ met: 1, runs: 2 });
});

it('a scenario that is met more seldom, or is not run any more, has fallen', () => {
  const before = card(run('night', 1), run('cut', 1));
  expect(fallen(before, card(run('night', 1), run('cut', 1), run('cut', 2)))).toEqual([]);
  expect(fallen(before, card(run('cut', 1), run('cut', 2, 'late')))).toEqual([
    'cut: 1 of 1 runs were met, now 1 of 2',
    'night: was in the card, and was not run',
  ]);
});

it('of scenarios that are run by name only these are compared', () => {
  const before = card(run('night', 1), run('cut', 1));
  expect(fallen(before, card(run('cut', 1)), ['cut'])).toEqual([]);
  expect(fallen(before, card(run('cut', 1, 'late')), ['cut'])).toEqual([
    'cut: 1 of 1 runs were met, now 0 of 1',
  ]);
  expect(fallen(before, card(run('cut', 1)), ['cut', 'night'])).toEqual([
    'night: was in the card, and was not run',
  ]);
});

it('another text has another hash', () => {
  const other = new Map(texts).set('cut', 'happens: [{}]');
  expect(textsHash(texts)).not.toBe(textsHash(other));
  expect(textsHash(texts)).toBe(textsHash(new Map([...texts].reverse())));
});
