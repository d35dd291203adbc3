import { expect, it } from 'vitest';
import { factsOf } from '../testing/messages.ts';
import { groupTellings } from './group.ts';
import type { Telling } from './telling.ts';

function telling(id: string, rule: string, site?: string): Telling {
  const { site: _site, ...facts } = factsOf({ id, rule });
  return {
    channel: 'noc',
    facts: { ...facts, ...(site !== undefined && { site }) },
    told: 'nothing',
    owed: 'begin',
    owedSinceMs: 0,
    notBeforeMs: 0,
  };
}

function groups(...tellings: readonly Telling[]): string[] {
  return groupTellings(tellings).map((group) => group.map(({ facts }) => facts.id).join(' '));
}

it('joins alerts of one rule or of one site, also by way of a third, and nothing else', () => {
  expect(groups()).toEqual([]);
  expect(groups(telling('1', 'a', 's1'), telling('2', 'b', 's2'), telling('3', 'c'))).toEqual([
    '1',
    '2',
    '3',
  ]);
  expect(groups(telling('1', 'a', 's1'), telling('2', 'a', 's2'))).toEqual(['1 2']);
  expect(groups(telling('1', 'a', 's1'), telling('2', 'b', 's1'))).toEqual(['1 2']);
  // The third has the rule of the first and the site of the second.
  expect(groups(telling('1', 'a', 's1'), telling('2', 'b', 's2'), telling('3', 'a', 's2'))).toEqual([
    '1 2 3',
  ]);
  expect(groups(telling('1', 'a'), telling('2', 'b'), telling('3', 'a'))).toEqual(['1 3', '2']);
});

it('keeps an incident of several alerts or sites together, and apart from others of its rule', () => {
  const incident = {
    ...{ id: 'i-1', root: 'site:hub-03', rootName: undefined, headAlertId: '1', severity: 'major' as const },
    ...{ openAlerts: 2, suppressedAlerts: 0, counts: undefined, beganAtMs: 0 },
  };
  const incidents = new Map([
    ['1', incident],
    ['2', incident],
    // Of one alert, as most are.
    ['3', { ...incident, id: 'i-2', openAlerts: 1 }],
  ]);
  const tellings = [telling('1', 'a', 's1'), telling('2', 'b', 's2'), telling('3', 'a'), telling('4', 'a')];
  const found = groupTellings(tellings, (id) => incidents.get(id));
  expect(found.map((group) => group.map(({ facts }) => facts.id).join(' '))).toEqual(['1 2', '3 4']);
});
