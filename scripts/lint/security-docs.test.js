import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './layout.js';

const FILE =
  /`((?:tests|central|edge|contract|runtime|cli|simulators|packaging|docs)\/[\w./-]+\.(?:ts|md|service))`/g;
const named = [...readFileSync(join(root, 'docs/security.md'), 'utf8').matchAll(FILE)].map(
  ([, file]) => file,
);

it('every file that docs/security.md names exists', () => {
  expect(named.length).toBeGreaterThan(20);
  expect([...new Set(named)].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it('docs/security.md names every test in tests/abuse', () => {
  const tests = readdirSync(join(root, 'tests/abuse')).filter((file) => file.endsWith('.test.ts'));
  expect(tests.map((file) => `tests/abuse/${file}`).filter((file) => !named.includes(file))).toEqual([]);
});
