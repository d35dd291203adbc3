// `npm run test:abuse [-- [--long] [NAME …]]`: the attacks and faults in tests/abuse/, all or those whose file names begin
// so. `--long` is the full form, which takes hours; other options (`--name=value`) go to vitest.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const isLong = args.includes('--long');
const options = args.filter((arg) => arg.startsWith('-') && arg !== '--long');
const names = args.filter((arg) => !arg.startsWith('-'));
const files = (names.length === 0 ? [''] : names).map((name) => `tests/abuse/${name}`);
const { status, error } = spawnSync(
  join(root, 'node_modules/.bin/vitest'),
  ['run', '--project', 'e2e*', ...options, ...files],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...(isLong && { WARDWATCH_ABUSE_LONG: '1' }) } },
);
if (error !== undefined) console.log(`vitest did not start: ${error.message}`);
process.exitCode = status ?? 1;
