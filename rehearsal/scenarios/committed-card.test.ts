import { expect, it } from 'vitest';
import { committedCard, fallen, textsHash, toldOtherwise, type CardRun } from './committed-card.ts';
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
  expect(fallen(before, [run('night', 1), run('cut', 1), run('cut', 2)])).toEqual([]);
  expect(fallen(before, [run('cut', 1, 'late')])).toEqual([
    'cut: 1 of 1 runs were met, now 0 of 1',
    'night: was in the card, and was not run',
  ]);
});

it('a further seed or scenario lowers nothing, and one that is left out has fallen', () => {
  const before = card(run('cut', 1), run('cut', 2));
  expect(fallen(before, [run('cut', 1), run('cut', 2), run('cut', 3, 'late'), run('night', 1)])).toEqual([]);
  expect(fallen(before, [run('cut', 1)])).toEqual(['seed 2: was in the card, and was not run']);
  expect(fallen(before, [run('cut', 1), run('night', 2)])).toEqual(['cut: 2 runs were in the card, now 1']);
});

it('a figure that is worse has fallen, even where all is met', () => {
  const of = (change: Partial<ScenarioScore>): CardRun => ({
    ...run('cut', 1),
    score: { ...run('cut', 1).score, ...change },
  });
  const good = { ...{ due: { of: 4, good: 4 }, roots: { of: 2, good: 2 }, toldS: [40, 50] }, incidents: 1 };
  const before = card(of({ ...good, messagesPerIncident: 2, paths: { of: 1, good: 1 } }));
  expect(fallen(before, [of({ ...good, messagesPerIncident: 2, paths: { of: 1, good: 1 } })])).toEqual([]);
  const better = { toldS: [30, 45], messagesPerIncident: 1.5, paths: { of: 2, good: 2 } };
  expect(fallen(before, [of({ ...good, ...better })])).toEqual([]);
  const worse = { due: { of: 4, good: 3 }, toldS: [40, 90], messagesPerIncident: 3, paths: NONE };
  expect(fallen(before, [of({ ...good, ...worse })])).toEqual([
    'recallPct was 100, now 75',
    'pathGroundedPct was 100, now nothing to judge',
    'toldP95S was 50, now 90',
    'messagesPerIncident was 2, now 3',
  ]);
});

it('other alerts than on the card are told, but not where rules, text or seeds are others', () => {
  const before = card(run('night', 1), run('cut', 1));
  const later = card(run('night', 1), { ...run('cut', 1), hashes: { truth: 't1', alerts: 'b1' } });
  expect(toldOtherwise(before, before)).toEqual([]);
  expect(toldOtherwise(before, later)).toEqual(['cut: other alerts than in the card']);
  expect(toldOtherwise(before, card({ ...run('cut', 1), hashes: { truth: 'u', alerts: 'a1' } }))).toEqual([
    'cut: another truth than in the card',
  ]);
  expect(toldOtherwise({ ...before, rules: 'others' }, later)).toEqual([]);
  expect(toldOtherwise(before, card(run('cut', 1), run('cut', 2)))).toEqual([]);
});

it('of scenarios that are run by name only these are compared', () => {
  const before = card(run('night', 1), run('cut', 1));
  expect(fallen(before, [run('cut', 1)], ['cut'])).toEqual([]);
  expect(fallen(before, [run('cut', 1, 'late')], ['cut'])).toEqual(['cut: 1 of 1 runs were met, now 0 of 1']);
  expect(fallen(before, [run('cut', 1)], ['cut', 'night'])).toEqual([
    'night: was in the card, and was not run',
  ]);
});

it('another text has another hash', () => {
  const other = new Map(texts).set('cut', 'happens: [{}]');
  expect(textsHash(texts)).not.toBe(textsHash(other));
  expect(textsHash(texts)).toBe(textsHash(new Map([...texts].reverse())));
});
