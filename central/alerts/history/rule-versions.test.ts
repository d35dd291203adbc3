import { beforeEach, expect, it } from 'vitest';
import { openStateDatabase, type StateDatabase } from '../../state/database.ts';
import { ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { openRuleVersions, type RuleVersions } from './rule-versions.ts';

let database: StateDatabase;
let versions: RuleVersions;
beforeEach(() => {
  database = openStateDatabase(':memory:');
  versions = openRuleVersions(database);
});

const busy = (forText: string) => ruleOf('cpu_busy', ruleFile({ for: forText }));
const versionsOf = (rules: readonly { readonly version?: number }[]) => rules.map(({ version }) => version);

it('a rule gets a new version when its content changes, and only then', () => {
  expect(versionsOf(versions.record([busy('5m')], 1_000))).toEqual([1]);
  expect(versionsOf(versions.record([busy('5m')], 2_000))).toEqual([1]);
  expect(versionsOf(versions.record([busy('10m')], 3_000))).toEqual([2]);
  // Back to what it was is a change, too.
  expect(versionsOf(versions.record([busy('5m')], 4_000))).toEqual([3]);
  expect(
    versions.list('cpu_busy').map(({ version, sinceMs, content }) => [version, sinceMs, content]),
  ).toEqual([
    [3, 4_000, ruleFile({ for: '5m' })],
    [2, 3_000, ruleFile({ for: '10m' })],
    [1, 1_000, ruleFile({ for: '5m' })],
  ]);
});

it('the order of settings in the file is no change', () => {
  versions.record([busy('5m')], 1_000);
  const reversed = Object.fromEntries(Object.entries(ruleFile({ for: '5m' })).reverse());
  expect(versionsOf(versions.record([ruleOf('cpu_busy', reversed)], 2_000))).toEqual([1]);
});

it('a rule that was away goes on with the number it had', () => {
  versions.record([busy('5m')], 1_000);
  versions.record([], 2_000);
  expect(versionsOf(versions.record([busy('5m')], 3_000))).toEqual([1]);
  versions.record([], 4_000);
  expect(versionsOf(versions.record([busy('6m')], 5_000))).toEqual([2]);
});

it('the newest 50 versions of a rule are kept', () => {
  for (let minutes = 1; minutes <= 60; minutes++) versions.record([busy(`${minutes}m`)], minutes);
  const kept = versions.list('cpu_busy');
  expect([kept.length, kept[0]?.version, kept.at(-1)?.version]).toEqual([50, 60, 11]);
});

it('of rules that no longer run 5,000 versions are kept, and all of those that run', () => {
  versions.record([busy('5m')], 1);
  for (let round = 0; round < 6; round++) {
    const many = Array.from({ length: 1_000 }, (_, at) => ruleOf(`r_${round}_${at}`, ruleFile()));
    versions.record([busy('5m'), ...many], 2 + round);
  }
  versions.record([busy('5m')], 10);
  const count = database.prepare('SELECT COUNT(*) AS count FROM rule_version').get();
  expect(count).toEqual({ count: 5_001 });
  expect(versions.list('cpu_busy')).toHaveLength(1);
  expect(versions.list('r_0_0')).toEqual([]);
  expect(versions.list('r_5_999')).toHaveLength(1);
});

it('the own rules of the set that was recorded last are known with their content, and that there never was one', () => {
  expect(versions.lastOwn()).toBeUndefined();
  const shipped = { ...ruleOf('shipped_one', ruleFile()), origin: 'shipped' as const };
  versions.record([shipped], 1_000);
  expect(versions.lastOwn()).toEqual([]);
  versions.record([shipped, busy('5m'), ruleOf('gone', ruleFile())], 2_000);
  versions.record([shipped, busy('10m')], 3_000);
  expect(versions.lastOwn()).toEqual([
    { id: 'cpu_busy', source: busy('10m').source, origin: 'own', content: ruleFile({ for: '10m' }) },
  ]);
});
