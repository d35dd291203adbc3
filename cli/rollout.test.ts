import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXIT } from '../runtime/errors.ts';
import { runRollout, type RolloutOptions } from './rollout.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-rollout-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it.each<Partial<RolloutOptions>>([
  { all: true, reason: 'new interval' },
  { preview: true },
  { units: '26734' },
  { sites: 'site-1' },
  { agents: 'gw-1' },
  { watch: 600_000 },
  { leastShare: 90 },
  { rollBackOnStop: true },
])('is not taken for a list where somebody wanted to begin one: %j', async (options) => {
  const tokenFile = join(directory, 'token');
  writeFileSync(tokenFile, 'only-in-tests');
  // Nobody listens there: whoever asks central ends with another error.
  const url = 'http://127.0.0.1:1';
  const running = new AbortController();
  await expect(runRollout(undefined, { url, tokenFile, ...options }, running.signal)).rejects.toMatchObject({
    exitCode: EXIT.badConfig,
    problems: ['agents rollout: expected --file or --patch: what changes'],
  });
});
