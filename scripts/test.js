// `npm test`: set-up, build, all tests, then what was skipped and a closing line `N passed, N failed, N skipped`.
// `--no-skips` fails when a test was skipped; every other argument goes to vitest. WARDWATCH_NO_BUILD=1 skips the build.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installLine, setUpTests } from './test-setup.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const noSkips = args.includes('--no-skips');
const missing = await setUpTests();

if (!build()) {
  console.log('The build failed; no test was run.');
  finish({ passed: 0, failed: 1, skipped: [] });
} else {
  const outcome = runTests(args.filter((arg) => arg !== '--no-skips'));
  listSkipped(outcome.skipped);
  finish(outcome);
}

function build() {
  if (process.env.WARDWATCH_NO_BUILD !== undefined) return true;
  return run(process.execPath, [join(root, 'scripts/build.js')]) === 0;
}

function runTests(vitestArgs) {
  const folder = mkdtempSync(join(tmpdir(), 'wardwatch-test-'));
  const reportFile = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const vitest = join(root, 'node_modules/.bin/vitest');
    const status = run(vitest, ['run', ...reporters, ...vitestArgs], { WARDWATCH_NO_BUILD: '1' });
    return readOutcome(reportFile, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Vitest can fail without a failed test (an import, a hook, an unhandled error): that counts as one failure too. */
function readOutcome(reportFile, status) {
  const files = readReport(reportFile);
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const failedTests = tests.filter((test) => test.status === 'failed').length;
  const failedFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = failedTests + failedFiles;
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: status === 0 ? failed : Math.max(failed, 1),
    skipped: tests.filter((test) => test.status !== 'passed' && test.status !== 'failed'),
  };
}

/** A run that broke off leaves no report, or half of one. */
function readReport(reportFile) {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')).testResults;
  } catch (error) {
    console.log(`Vitest left no report: ${error.message}`);
    return [];
  }
}

function listSkipped(skipped) {
  if (skipped.length === 0) return;
  console.log('\nSkipped:');
  for (const test of skipped) {
    const title = [...test.ancestorTitles, test.title].filter((part) => part !== '').join(' > ');
    console.log(`  ${relative(root, test.file)}: ${title}`);
  }
  if (missing.length > 0) console.log(`To install what is missing: ${installLine(missing)}`);
}

function finish({ passed, failed, skipped }) {
  if (noSkips && skipped.length > 0) console.log('With --no-skips, a skipped test fails the run.');
  process.exitCode = failed > 0 || (noSkips && skipped.length > 0) ? 1 : 0;
  console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
}

/** Runs a program in the project's root, showing its output; returns its exit code, or null when it was killed. */
function run(program, programArgs, env = {}) {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } };
  const { status, error } = spawnSync(program, programArgs, options);
  if (error !== undefined) console.log(`${program} did not start: ${error.message}`);
  return status;
}
