import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { fileStanding, InventoryFileWatch } from './inventory-file-watch.ts';
import type { Inventory } from './inventory.ts';

let directory: string;
let file: string;
let names: string[];
let watch: InventoryFileWatch;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-watch-'));
  file = join(directory, 'inventory.yaml');
  names = [];
  write('Một');
  const inventory = {
    replace: ({ agencies }: Inventory) => {
      names.push(agencies.get('a')?.name ?? 'none');
      return { revision: names.length, changes: [] };
    },
  };
  watch = new InventoryFileWatch({ file, standing: fileStanding(file), inventory, log: silentLogger });
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
