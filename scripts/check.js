// `npm run check`: format, circles of imports, types, lint, unit tests. The first four run beside each other, since lint alone
// takes a minute of one core; the tests follow alone, since some of them measure time. What a failing step said is printed.
// --no-tests leaves the tests out.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;
const bin = (path) => [node, `node_modules/${path}`];

const STATIC_STEPS = [
  { name: 'lint', command: [...bin('eslint/bin/eslint.js'), '.'] },
  { name: 'types', command: [...bin('typescript/bin/tsc'), '--noEmit'] },
  { name: 'circles', command: [node, 'scripts/lint/circles.js'] },
  { name: 'format', command: [...bin('prettier/bin/prettier.cjs'), '--check', '--cache', '.'] },
];
const TESTS = { name: 'unit tests', command: [...bin('vitest/vitest.mjs'), 'run', '--project', 'unit'] };

const passed = (await Promise.all(STATIC_STEPS.map(runQuietly))).every(Boolean);
if (!passed) process.exitCode = 1;
else if (!process.argv.includes('--no-tests')) process.exitCode = (await run(TESTS, 'inherit')).status;

/** What steps print would mix: a step's output is shown once it has ended, and only when it failed. */
async function runQuietly(step) {
  const { status, output, seconds } = await run(step, 'pipe');
  console.log(`${step.name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  if (status !== 0) process.stdout.write(output);
  return status === 0;
}

function run({ command: [program, ...args] }, stdio) {
  const startedAt = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['inherit', stdio, stdio] });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    // A step ended by a signal has no code.
    child.on('close', (code) => {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
      resolve({ status: code ?? 1, output: Buffer.concat(chunks), seconds });
    });
  });
}
