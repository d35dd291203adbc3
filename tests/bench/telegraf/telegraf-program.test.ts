import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '../../support/server-process.ts';
import { probeTelegraf } from './telegraf-program.ts';

let scratch: TemporaryDirectory;
beforeEach(() => (scratch = temporaryDirectory('probe')));
afterEach(() => scratch.remove());

function program(text: string, mode = 0o755): string {
  const path = join(scratch.path, 'telegraf');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, mode);
  return path;
}

it('reads the version', async () => {
  const path = program('[ "$1" = --version ] && echo "Telegraf 1.40.0 (git: HEAD@abc)"');

  expect(await probeTelegraf(path)).toEqual({ path, version: '1.40.0' });
});

it.each([
  [
    'another program',
    () => program('echo "mosquitto version 2.0.11"'),
    'is no Telegraf: .*mosquitto version',
  ],
  ['a program that says nothing', () => program(':'), 'is no Telegraf'],
  ['a program that fails', () => program('exit 3'), 'does not run'],
  ['a file that is not executable', () => program('echo Telegraf 1.40.0', 0o644), 'does not run: .*EACCES'],
  ['no file', () => join(scratch.path, 'nothing'), 'does not run: .*ENOENT'],
  ['a folder', () => scratch.path, 'does not run: .*EACCES'],
])('names the path of %s', async (_what, make, problem) => {
  const path = make();

  await expect(probeTelegraf(path)).rejects.toThrow(new RegExp(`^--telegraf: ${path} ${problem}`));
});
