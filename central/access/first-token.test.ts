import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStateDatabase, type StateDatabase } from '../state/database.ts';
import { openAuditLog } from './audit.ts';
import { takeFirstToken, type FirstTokenDeps } from './first-token.ts';
import { openTokenStore } from './tokens.ts';

const NOW_MS = Date.UTC(2026, 10, 30);
const GIVEN = `wwt_${'a'.repeat(32)}`;

let directory: string;
let file: string;
let database: StateDatabase;
let deps: FirstTokenDeps;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-first-token-'));
  file = join(directory, 'first-token');
  database = openStateDatabase(join(directory, 'state.db'));
  deps = { tokens: openTokenStore(database), audit: openAuditLog(database), nowMs: NOW_MS };
});
afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

it('is that of an administrator, for a year, and in the audit log without its text', () => {
  writeFileSync(file, `${GIVEN}\n`);
  takeFirstToken(file, deps);
  expect(deps.tokens.use(GIVEN, NOW_MS)).toMatchObject({ role: 'admin', name: 'first start' });
  expect(deps.tokens.use(GIVEN, NOW_MS + 366 * 86_400_000)).toBe('expired');
  const entries = deps.audit.list(10);
  expect(entries).toMatchObject([{ actor: 'first start', action: 'token.create' }]);
  expect(JSON.stringify(entries)).not.toContain(GIVEN);
});

it('is not read once there is any token, and need not be there', () => {
  deps.tokens.create('noc', 'viewer', NOW_MS);
  takeFirstToken(file, deps);
  writeFileSync(file, GIVEN);
  takeFirstToken(file, deps);
  expect(deps.tokens.use(GIVEN, NOW_MS)).toBe('unknown');
});

it.each([
  ['is missing', undefined, /^firstTokenFile: .*first-token cannot be read: ENOENT/],
  ['is empty', '', /^firstTokenFile: .*first-token: expected wwt_ and 32 letters/],
  ['holds what can be guessed', 'wwt_admin\n', /expected wwt_ and 32 letters/],
  ['holds two tokens', `${GIVEN}\n${GIVEN}\n`, /expected wwt_ and 32 letters/],
])('is refused by name where the file %s', (_what, text, problem) => {
  if (text !== undefined) writeFileSync(file, text);
  expect(() => takeFirstToken(file, deps)).toThrow(problem);
  expect(deps.tokens.list()).toEqual([]);
});
