import { pino } from 'pino';
import { expect, it } from 'vitest';
import { silentLogger, type Logger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { openStateDatabase, type StateDatabase } from '../state/database.ts';
import { givenFrom } from './given.ts';
import { createInventoryPart, type SharedInventory } from './inventory-part.ts';
import { readInventory } from './inventory.ts';

const agency = (id: string) => ({ id, name: id });
const OPTIONS = { prune: false, dryRun: false };

/** As `wardwatch start` does, with agencies as its city. */
function start(
  database: StateDatabase,
  city: readonly string[],
  log: Logger = silentLogger,
): SharedInventory {
  return createInventoryPart({
    first: readInventory('city', { agencies: city.map(agency) }),
    file: undefined,
    database,
    audit: { append: () => undefined },
    countInternalError: () => undefined,
    clock: new ManualClock(1_000),
    log,
  }).shared;
}

const agenciesOf = ({ inventory }: SharedInventory): string[] => [...inventory.agencies.keys()].sort();

it('a start with another city takes its inventory while nobody has changed the first', () => {
  const database = openStateDatabase(':memory:');
  expect(agenciesOf(start(database, ['a', 'b']))).toEqual(['a', 'b']);
  expect(agenciesOf(start(database, ['a', 'c']))).toEqual(['a', 'c']);
});

it('what somebody imported outlives each further start, which says so in one line', () => {
  const database = openStateDatabase(':memory:');
  const first = start(database, ['a']);
  const given = givenFrom('mine.yaml', { agencies: [agency('mine')] });
  first.managedInventory.import(given, OPTIONS, { actor: 'an engineer' });

  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  for (const city of [['a'], ['a', 'b']])
    expect(agenciesOf(start(database, city, log))).toEqual(['a', 'mine']);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject(
    Array(2).fill({ revision: 2, changedBy: 'an engineer', msg: expect.stringMatching(/kept/) as string }),
  );
});

it('an entry that somebody removed does not come back', () => {
  const database = openStateDatabase(':memory:');
  start(database, ['a', 'b']).managedInventory.remove('agencies', 'b', {
    expectedRevision: 1,
    actor: 'an engineer',
  });
  expect(agenciesOf(start(database, ['a', 'b']))).toEqual(['a']);
});
