import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UserError } from '../runtime/errors.ts';
import { runNotifyCheck } from './notify-check.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-notify-check-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

it('says what each file is', () => {
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const noc = write('noc.yaml', 'kind: webhook\nurl: https://noc.example.vn/');
  const routes = write('routes.yaml', 'routes:\n  - { name: all, channels: [noc] }');
  runNotifyCheck([noc, routes], {}, {});
  expect(printed).toEqual([`${noc}: valid: channel webhook\n`, `${routes}: valid: 1 route\n`]);
});

it('says what routes name and the inventory of central.yaml does not have', () => {
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  write('noc.yaml', 'kind: webhook\nurl: https://noc.example.vn/');
  const routes = write('routes.yaml', 'routes:\n  - { name: a, agencies: [dots], channels: [noc] }');
  const inventoryFile = write('inventory.yaml', 'agencies:\n  - { id: dost, name: Science and Technology }');
  const config = write('central.yaml', `dataDirectory: /var/lib/wardwatch\ninventoryFile: ${inventoryFile}`);
  runNotifyCheck([routes], { config }, {});
  expect(printed).toEqual([
    `${routes}: valid: 1 route\n  routes.yaml: routes[0].agencies[0]: the inventory has no agency "dots", did you mean "dost"?\n`,
  ]);
});

it('tells all problems of all files at once, those of central.yaml among them', () => {
  const config = write('central.yml', 'timeZone: 5');
  const routes = write(
    'routes.yaml',
    'routes:\n  - { name: a, channels: [routes, nok] }\n  - { name: b, chanels: [noc] }',
  );
  const missing = join(directory, 'none', 'routes.yaml');
  const problems: string[] = [];
  try {
    runNotifyCheck([routes, missing], { config }, {});
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems.map((problem) => problem.replaceAll(`${directory}/`, '')));
  }
  const expected = [
    'routes.yaml: routes[0].channels[0]: there is no routes.yaml beside it',
    'routes.yaml: routes[0].channels[1]: there is no nok.yaml beside it',
    'routes.yaml: routes[1].chanels: unknown setting',
    'none: cannot be read: ENOENT',
    'central.yml: timeZone: ',
  ];
  for (const each of expected) expect(problems).toContainEqual(expect.stringContaining(each));
});
