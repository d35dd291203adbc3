// Brings what tests need beyond Node and the project's own libraries. Programs (tests/support/parts.json): installs what is missing when run as
// root on Debian or Ubuntu, elsewhere prints the line that would. Runs by itself, or from scripts/test.js.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PARTS = JSON.parse(readFileSync(new URL('../tests/support/parts.json', import.meta.url), 'utf8'));
const GRAFANA = fileURLToPath(new URL('../tests/grafana', import.meta.url));
const POLICY_FILE = '/usr/sbin/policy-rc.d';

/** Installs missing parts where it may; resolves to the names of those still missing. */
export async function setUpTests() {
  setUpGrafana();
  const missing = missingParts();
  if (missing.length === 0) return [];
  for (const part of missing) console.log(`${part} is missing (${PARTS[part].purpose}).`);
  if (!mayInstall()) {
    console.log(`To install: ${installLine(missing)}`);
    return missing;
  }
  console.log(`Installing, as root on a Debian-like system: ${installLine(missing)}`);
  await withoutServiceStarts(() => install(missing));
  const left = missingParts();
  if (left.length > 0) console.log(`Still missing: ${left.join(', ')}; to install: ${installLine(left)}`);
  return left;
}

/** Libraries of Grafana, which tests of the dashboards alone need: too large for everybody's `npm ci`. Without them those are skipped. */
function setUpGrafana() {
  const { devDependencies } = readJson(join(GRAFANA, 'package.json'));
  const isCurrent = Object.entries(devDependencies).every(
    ([name, version]) => installedVersion(name) === version,
  );
  if (isCurrent) return;
  console.log('Installing what the tests of the dashboards need: npm ci in tests/grafana');
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts'];
  const { status } = spawnSync('npm', args, { cwd: GRAFANA, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) console.log('That failed: the tests of the dashboards will be skipped.');
}

function installedVersion(name) {
  const file = join(GRAFANA, 'node_modules', name, 'package.json');
  return existsSync(file) ? readJson(file).version : undefined;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The shell line that installs these parts on Debian or Ubuntu. */
export function installLine(parts) {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const packages = parts.map((part) => PARTS[part].package).join(' ');
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages}`;
}

function missingParts() {
  return Object.keys(PARTS).filter((part) => !isInstalled(part));
}

/** Looks where tests/support/find-program.ts does, which Node 20 cannot import without a build. */
function isInstalled(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && isInstalled('apt-get');
}

/** One package at a time: a release that lacks one of them still gets the others. */
function install(parts) {
  aptGet('update');
  for (const part of parts) aptGet('install', '-y', '--no-install-recommends', PARTS[part].package);
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error } = spawnSync('apt-get', args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) console.log(`apt-get ${args.join(' ')} failed (${error?.message ?? `exit ${status}`})`);
}

/** A package's own server would hold the default ports; a policy that is there already is left alone. */
async function withoutServiceStarts(work) {
  // With handlers, a signal waits until the policy file is gone again.
  const stop = () => process.exit(130);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const isOurs = !existsSync(POLICY_FILE);
  try {
    if (isOurs) writeFileSync(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
    work();
  } finally {
    if (isOurs) rmSync(POLICY_FILE, { force: true });
    // The event loop reads signals between these two turns.
    await setImmediate();
    await setImmediate();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = await setUpTests();
  if (missing.length === 0) console.log('Everything the tests need is installed.');
  else process.exitCode = 1;
}
