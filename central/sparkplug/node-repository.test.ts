import { expect, it } from 'vitest';
import { openStateDatabase } from '../state/database.ts';
import { openNodeRepository } from './node-repository.ts';

const DAY_MS = 86_400_000;
const START_MS = 1_800_000_000_000;
const NODE = { group: 'power', node: 'n1' };

it('a node born long ago that is still seen stays known; one not seen for 30 days is forgotten', () => {
  const database = openStateDatabase(':memory:');
  const nodes = openNodeRepository(database, START_MS);
  nodes.recordBirth(NODE, START_MS);
  nodes.recordBirth({ group: 'power', node: 'gone' }, START_MS);
  for (let hour = 1; hour <= 31 * 24; hour++) nodes.recordHeartbeat(NODE, START_MS + hour * 3_600_000);
  const again = openNodeRepository(database, START_MS + 31 * DAY_MS);
  expect(again.list()).toEqual([{ ...NODE, lastSeenAtMs: START_MS + 31 * DAY_MS }]);
  again.recordHeartbeat(NODE, START_MS + 40 * DAY_MS);
  expect(openNodeRepository(database, START_MS + 65 * DAY_MS).list()).toHaveLength(1);
  expect(openNodeRepository(database, START_MS + 71 * DAY_MS).list()).toEqual([]);
});

it('a heartbeat is written once a day at most', () => {
  const nodes = openNodeRepository(openStateDatabase(':memory:'), START_MS);
  nodes.recordBirth(NODE, START_MS);
  nodes.recordHeartbeat(NODE, START_MS + DAY_MS - 1);
  expect(nodes.list()).toEqual([{ ...NODE, lastSeenAtMs: START_MS }]);
  nodes.recordHeartbeat(NODE, START_MS + DAY_MS);
  expect(nodes.list()).toEqual([{ ...NODE, lastSeenAtMs: START_MS + DAY_MS }]);
});

it('a node that was never born is not saved, and the list is bounded', () => {
  const database = openStateDatabase(':memory:');
  const nodes = openNodeRepository(database, START_MS);
  nodes.recordHeartbeat(NODE, START_MS);
  expect(nodes.list()).toEqual([]);
  database.transaction(() => {
    for (let at = 0; at <= 2_000; at++) nodes.recordBirth({ group: 'g', node: `n${at}` }, START_MS + at);
  });
  expect(openNodeRepository(database, START_MS + 3_000).list()).toHaveLength(2_000);
  expect(nodes.list().at(-1)?.node).toBe('n1');
});
