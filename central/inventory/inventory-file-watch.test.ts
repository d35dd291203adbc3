import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileStanding } from '../../runtime/file-standing.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { InventoryFileWatch } from './inventory-file-watch.ts';
import { EMPTY_INVENTORY, type Inventory } from './inventory.ts';

let directory: string;
let file: string;
let names: string[];
let live: Inventory;
let databaseError: Error | undefined;
let clock: ManualClock;
let watch: InventoryFileWatch;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-watch-'));
  file = join(directory, 'inventory.yaml');
  names = [];
  live = EMPTY_INVENTORY;
  databaseError = undefined;
  clock = new ManualClock();
  write('Một');
  const inventory = {
    get live() {
      return live;
    },
    replace: (next: Inventory) => {
      if (databaseError !== undefined) throw databaseError;
      live = next;
      names.push(next.agencies.get('a')?.name ?? 'none');
      return { revision: names.length, changes: [] };
    },
  };
  watch = new InventoryFileWatch({ file, standing: fileStanding(file), inventory, clock, log: silentLogger });
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, to = file): void => writeFileSync(to, `agencies: [{ id: a, name: ${name} }]\n`);

it('a file that did not change is not read again', () => {
  for (let turn = 0; turn < 3; turn++) watch.check();
  expect(names).toEqual([]);
});

it('a changed file is read once it has stayed the same from one look to the next', () => {
  write('Hai hai');
  watch.check();
  write('Hai hai hai');
  watch.check();
  expect(names).toEqual([]);
  watch.check();
  watch.check();
  expect(names).toEqual(['Hai hai hai']);
  write('Ba', `${file}.new`);
  renameSync(`${file}.new`, file);
  watch.check();
  watch.check();
  expect(names).toEqual(['Hai hai hai', 'Ba']);
});

it('a bad file changes nothing and is told of until a good one is there', () => {
  writeFileSync(file, 'agencies: [{ id: a, name: Bốn');
  watch.check();
  watch.check();
  expect(watch.problems[0]).toContain('inventory.yaml: not valid YAML');
  writeFileSync(file, 'sites: [{ id: s }]');
  watch.reread();
  expect(watch.problems.length).toBeGreaterThan(1);
  rmSync(file);
  watch.check();
  watch.check();
  expect(watch.problems).toEqual([expect.stringContaining('cannot be read: ENOENT')]);
  expect(names).toEqual([]);
  write('Năm');
  watch.check();
  watch.check();
  expect([names, watch.problems]).toEqual([['Năm'], []]);
});

it('a good file that the database did not take is tried again, though not at every look', () => {
  databaseError = new Error('database or disk is full');
  write('Hai hai');
  watch.check();
  watch.check();
  expect(watch.problems).toEqual([
    expect.stringMatching(
      /inventory\.yaml: is valid, but state\.db did not take it: database or disk is full$/,
    ),
  ]);
  databaseError = undefined;
  watch.check();
  expect(names).toEqual([]);
  clock.freeze(60_000);
  watch.check();
  expect([names, watch.problems]).toEqual([['Hai hai'], []]);
  clock.freeze(600_000);
  watch.check();
  expect(names).toEqual(['Hai hai']);
});

it('a file with mistakes is not read again before it changes', () => {
  writeFileSync(file, 'sites: [{ id: s }]');
  watch.check();
  watch.check();
  const { problems } = watch;
  clock.freeze(600_000);
  watch.check();
  expect(watch.problems).toBe(problems);
});

it('a file that cannot even be looked at is told of', () => {
  const directoryOfFile = join(directory, 'etc');
  const moved = join(directoryOfFile, 'inventory.yaml');
  mkdirSync(directoryOfFile);
  write('Hai', moved);
  const inventory = { live, replace: () => ({ revision: 1, changes: [] }) };
  const standing = fileStanding(moved);
  const other = new InventoryFileWatch({ file: moved, standing, inventory, clock, log: silentLogger });
  renameSync(directoryOfFile, `${directoryOfFile}.old`);
  writeFileSync(directoryOfFile, 'not a directory');
  other.check();
  other.check();
  expect(other.problems).toEqual([expect.stringContaining('cannot be read: ENOTDIR')]);
  rmSync(directoryOfFile);
  renameSync(`${directoryOfFile}.old`, directoryOfFile);
  other.check();
  other.check();
  expect(other.problems).toEqual([]);
});

it('a file that could not be read is tried again, although nothing of it changed', () => {
  const empty = join(directory, 'empty');
  mkdirSync(empty);
  const inventory = { live, replace: () => ({ revision: 1, changes: [] }) };
  const other = new InventoryFileWatch({ file: empty, standing: '', inventory, clock, log: silentLogger });
  other.check();
  other.check();
  const { problems } = other;
  expect(problems).toEqual([expect.stringContaining('cannot be read: EISDIR')]);
  clock.freeze(60_000);
  other.check();
  expect(other.problems).not.toBe(problems);
});

describe('a file that takes away a large part of a list', () => {
  const writeAgencies = (count: number): void => {
    const lines = Array.from({ length: count }, (_, at) => `  - { id: a${at}, name: Sở ${at} }\n`);
    writeFileSync(file, `agencies:\n${lines.join('')}`);
  };
  const settle = (): void => {
    watch.check();
    watch.check();
  };
  beforeEach(() => {
    writeAgencies(10);
    settle();
    expect(live.agencies.size).toBe(10);
  });

  it.each([
    ['cut at the end of a line', () => writeAgencies(7), 3],
    ['with nothing but {}', () => writeFileSync(file, '{}'), 10],
  ])('%s, is not in force until somebody asks for it', (_, cut, removed) => {
    cut();
    settle();
    settle();
    expect(live.agencies.size).toBe(10);
    expect(watch.problems).toEqual([
      expect.stringMatching(
        new RegExp(`inventory\\.yaml: removes ${removed} of 10 agencies, .*SIGHUP to central$`),
      ),
    ]);
    watch.reread();
    expect([live.agencies.size, watch.problems]).toEqual([10 - removed, []]);
  });

  it('is forgotten once the rest of it has come', () => {
    writeAgencies(3);
    settle();
    writeAgencies(12);
    settle();
    expect([live.agencies.size, watch.problems]).toEqual([12, []]);
  });

  it('is none that takes a fifth away, or what a short list has', () => {
    writeAgencies(8);
    settle();
    expect([live.agencies.size, watch.problems]).toEqual([8, []]);
    writeFileSync(file, '{}');
    settle();
    expect([live.agencies.size, watch.problems]).toEqual([0, []]);
  });
});
