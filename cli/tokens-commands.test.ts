import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openTokenStore, type TokenInfo } from '../central/access/tokens.ts';
import { openStateDatabase } from '../central/state/database.ts';
import { defineTokens } from './tokens-commands.ts';

const DAY_MS = 86_400_000;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-tokens-'));
  openStateDatabase(join(directory, 'state.db')).close();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

/** What `wardwatch tokens add me` makes with these options. */
async function added(...options: readonly string[]): Promise<TokenInfo | undefined> {
  const tokens = new Command('tokens').exitOverride();
  defineTokens(tokens);
  await tokens.parseAsync(['add', 'me', '--data-dir', directory, ...options], { from: 'user' });
  const database = openStateDatabase(join(directory, 'state.db'));
  try {
    return openTokenStore(database).list()[0];
  } finally {
    database.close();
  }
}

it.each([
  [[], 365 * DAY_MS],
  [['--expires-in', '12h'], DAY_MS / 2],
  [['--expires-in', 'never'], undefined],
])('tokens add %j is valid for so long', async (options, lifetimeMs) => {
  const token = await added(...options);
  const validForMs = token?.expiresAtMs === undefined ? undefined : token.expiresAtMs - token.createdAtMs;
  expect([token?.name, validForMs]).toEqual(['me', lifetimeMs]);
});

it.each(['0s', 'soon', '-1d', '99999d', ''])('tokens add --expires-in "%s" is refused', async (text) => {
  await expect(added('--expires-in', text)).rejects.toThrow(/expected a time such as 12h or 90d/);
});
