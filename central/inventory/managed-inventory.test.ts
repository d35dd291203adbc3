import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { openStateDatabase, type StateDatabase } from '../state/database.ts';
import { givenFrom } from './given.ts';
import { readInventory } from './inventory.ts';
import { ManagedInventory } from './managed-inventory.ts';

const agency = (id: string, name: string) => ({ id, name });
const AUTHOR = { actor: 'an engineer', from: '10.0.0.5' };
const OPTIONS = { prune: false, dryRun: false };

function open(
  database: StateDatabase,
  audit: { append(entry: unknown): void } = { append: () => undefined },
  onInternalError: (error: unknown) => void = (error) => {
    throw error;
  },
) {
  const clock = new ManualClock(1_000);
  return new ManagedInventory({ database, audit, clock, log: silentLogger, onInternalError });
}

describe('the inventory in state.db', () => {
  it('is after a restart what it was before, with its revisions and its history', () => {
    const database = openStateDatabase(':memory:');
    const before = open(database);
    before.put('agencies', 'dost', agency('dost', 'Sở KHCN'), { ...AUTHOR, expectedRevision: 0 });
    const given = givenFrom('test', {
      agencies: [agency('dost', 'Sở Khoa học'), agency('soyte', 'Sở Y tế')],
    });
    before.import(given, OPTIONS, AUTHOR);
    before.remove('agencies', 'soyte', { ...AUTHOR, expectedRevision: 2 });

    const after = open(database);
    expect([...after.live.agencies.values()]).toEqual([agency('dost', 'Sở Khoa học')]);
    expect(after.revision).toBe(3);
    expect(after.find('agencies', 'dost')).toEqual({
      kind: 'agencies',
      id: 'dost',
      entry: agency('dost', 'Sở Khoa học'),
      revision: 2,
      changedAtMs: 1_000,
      changedBy: 'an engineer',
    });
    expect(
      after.changes({ limit: 9 }).map(({ revision, id, before: was, after: is }) => [revision, id, was, is]),
    ).toEqual([
      [3, 'soyte', agency('soyte', 'Sở Y tế'), undefined],
      [2, 'soyte', undefined, agency('soyte', 'Sở Y tế')],
      [2, 'dost', agency('dost', 'Sở KHCN'), agency('dost', 'Sở Khoa học')],
      [1, 'dost', undefined, agency('dost', 'Sở KHCN')],
    ]);
  });

  it('is one with its audit entry: where that cannot be written, nothing has changed, in memory neither', () => {
    const database = openStateDatabase(':memory:');
    const inventory = open(database, {
      append: () => {
        throw new Error('the disk is full');
      },
    });
    const told: unknown[] = [];
    inventory.live.onChange((now) => told.push(now));
    const put = () =>
      inventory.put('agencies', 'dost', agency('dost', 'Sở KHCN'), { ...AUTHOR, expectedRevision: 0 });
    expect(put).toThrow('the disk is full');
    expect([inventory.revision, inventory.live.agencies.size, told]).toEqual([0, 0, []]);
    expect(open(database).live.agencies.size).toBe(0);
  });

  it('is in force for all who listen once it is written, whatever one of them throws', () => {
    const database = openStateDatabase(':memory:');
    const errors: unknown[] = [];
    const inventory = open(database, { append: () => undefined }, (error) => errors.push(error));
    const told: number[] = [];
    const bug = new Error('no such series');
    inventory.live.onChange(() => {
      throw bug;
    });
    inventory.live.onChange((now) => told.push(now.agencies.size));
    const stored = inventory.put('agencies', 'dost', agency('dost', 'Sở KHCN'), {
      ...AUTHOR,
      expectedRevision: 0,
    });
    expect([stored.revision, told]).toEqual([1, [1]]);
    expect(errors).toEqual([new AggregateError([bug])]);
  });

  it('does not forget what was', () => {
    const database = openStateDatabase(':memory:');
    open(database).put('agencies', 'dost', agency('dost', 'Sở KHCN'), { ...AUTHOR, expectedRevision: 0 });
    for (const sql of ['DELETE FROM inventory_change', "UPDATE inventory_change SET actor = 'nobody'"])
      expect(() => database.prepare(sql).run()).toThrow('append-only');
  });

  it('starts without an entry that this version cannot read, and says so', () => {
    const database = openStateDatabase(':memory:');
    open(database).put('agencies', 'dost', agency('dost', 'Sở KHCN'), { ...AUTHOR, expectedRevision: 0 });
    const insert = database.prepare('INSERT INTO inventory_entry VALUES (?, ?, ?, 1, 1, ?)');
    insert.run('agencies', 'later', '{"id":"later","name":"Sau này","colour":"red"}', 'a later version');
    insert.run('drones', 'd-1', '{}', 'a later version');
    insert.run('agencies', 'half', '{"id":', 'a bad disk');
    expect([...open(database).live.agencies.keys()]).toEqual(['dost']);
  });

  it('of a file takes over what the file has, with what changed in the history, and nothing where nothing did', () => {
    const database = openStateDatabase(':memory:');
    const inventory = open(database);
    const file = readInventory('test', { agencies: [agency('dost', 'Sở KHCN')] });
    expect(inventory.replace(file, { actor: 'file inventory.yaml' })).toMatchObject({ revision: 1 });
    expect(inventory.replace(file, { actor: 'file inventory.yaml' })).toEqual({ revision: 1, changes: [] });
    expect(inventory.replace(readInventory('test', {}), AUTHOR).changes).toMatchObject([
      { kind: 'agencies', id: 'dost' },
    ]);
    expect(inventory.live.agencies.size).toBe(0);
  });
});
