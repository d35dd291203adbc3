import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FLOORS, FOLDERS, importProblem, OWN_TSCONFIG, root } from './layout.js';

const read = (file) => readFileSync(join(root, file), 'utf8');

describe('an import', () => {
  it.each([
    ['central/alerts/engine/engine.ts', '../../liveness/heartbeats.ts'],
    ['central/alerts/engine/engine.ts', '../rules/rule.ts'],
    ['central/alerts/engine/engine.test.ts', '../../api/app.ts'],
    ['central/main.ts', './api/app.ts'],
    ['edge/main.ts', '../contract/topics.ts'],
    ['simulators/fleet/fleet.ts', '../../edge/queue/queue.ts'],
    ['central/state/database.ts', 'libsql'],
    ['tests/e2e/fleet.test.ts', 'mqtt'],
  ])('%s may have: %s', (file, specifier) => expect(importProblem(file, specifier)).toBeUndefined());

  it.each([
    ['central/liveness/heartbeats.ts', '../alerts/engine/engine.ts', 'floor 3'],
    ['central/store/create-store.ts', '../ledger/ledger.ts', 'floor 2'],
    ['central/jobs/jobs.ts', '../parts.ts', 'above all floors'],
    ['central/no-such-folder/new.ts', '../state/database.ts', 'central/no-such-folder has no floor'],
    ['central/main.ts', '../edge/main.ts', 'central/ may import contract, runtime'],
    ['simulators/main.ts', '../edge/scheduler/scheduler.ts', 'simulators/ may import'],
    ['rehearsal/rehearse.ts', '../central/main.ts', 'rehearsal/ may import'],
    ['contract/topics.ts', '../runtime/clock.ts', 'nothing of ours'],
    ['central/alerts/history/alert-repository.ts', 'libsql', 'in central/state only'],
    ['edge/queue/disk.ts', 'mqtt/dist/mqtt.js', "'mqtt/dist/mqtt.js' is imported in"],
    ['edge/collectors/path/path.ts', '../ping/ping.ts', 'edge/collectors'],
  ])('%s may not have: %s', (file, specifier, why) => expect(importProblem(file, specifier)).toContain(why));
});

describe('the list of folders', () => {
  it('is what tsconfig.json includes', () => {
    expect(JSON.parse(read('tsconfig.json')).include).toEqual(
      Object.keys(FOLDERS).filter((folder) => !OWN_TSCONFIG.includes(folder)),
    );
  });

  it('is the table of docs/architecture.md', () => {
    const rows = [...read('docs/architecture.md').matchAll(/^\| `(\w+)\/` \|.*\| ([^|]+) \|$/gm)];
    const table = Object.fromEntries(
      rows.map(([, folder, imports]) => [
        folder,
        [...imports.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
      ]),
    );
    expect(table).toEqual(FOLDERS);
  });

  it.each(Object.entries(FLOORS))(
    'has a floor for every folder of %s, and each floor in the docs',
    (folder, floors) => {
      const rooms = readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
        .map(({ name }) => name);
      expect(floors.flat()).toEqual(expect.arrayContaining(rooms));
      const docs = read('docs/architecture.md');
      for (const room of rooms) expect(docs).toContain(`\`${room}/\``);
    },
  );

  it('names no file of the project that is not there, but folders whose place waits', () => {
    const waiting = new Set(['dashboards']);
    const missing = Object.keys(FOLDERS).filter(
      (folder) => !existsSync(join(root, folder)) && !waiting.has(folder),
    );
    expect(missing).toEqual([]);
  });
});
