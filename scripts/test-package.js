// Packs the project, installs the package as a user would, and runs it in an empty directory. Prints what it weighs.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_MEGABYTES = 150;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'wardwatch-package-'));
const prefix = join(folder, 'prefix');
const empty = join(folder, 'empty');
mkdirSync(empty);

try {
  run(root, 'npm', ['pack', '--silent', '--pack-destination', folder]);
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  const { stderr } = run(empty, 'npm', ['install', '--global', '--prefix', prefix, join(folder, file)]);
  if (stderr.includes('EBADENGINE')) fail(stderr);
  const megabytes = weigh(prefix);
  run(empty, join(prefix, 'bin/wardwatch'), ['start', '--for', '10s', '--port', '0', '--broker-port', '0']);
  console.log(`${file}: installed (${megabytes} MB) and run: passed`);

  // The versions of the lock file, as an image would install them.
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(root, name), join(locked, name));
  run(locked, 'npm', ['ci', '--omit=dev', '--ignore-scripts']);
  console.log(`npm ci --omit=dev: ${weigh(join(locked, 'node_modules'))} MB: passed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function weigh(directory) {
  const megabytes = Number.parseInt(run(folder, 'du', ['-sm', directory]).stdout, 10);
  if (megabytes > MAX_MEGABYTES)
    fail(`${directory} weighs ${megabytes} MB, at most ${MAX_MEGABYTES} are allowed`);
  return megabytes;
}

function run(cwd, program, args) {
  const result = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (result.status !== 0)
    fail(
      `${program} ${args.join(' ')}\n${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`,
    );
  return result;
}

function fail(text) {
  throw new Error(`The package does not work: ${text}`);
}
