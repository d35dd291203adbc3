// `npm run check`: unit tests, lint, types, format, circles of imports. Two lanes of about the same length, for two cores; the
// tests print as they go, the other results follow when all have ended.
// --no-tests leaves the tests out.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;
const bin = (path) => [node, `node_modules/${path}`];

const LINT = { name: 'lint', command: [...bin('eslint/bin/eslint.js'), '.'] };
const TYPES = { name: 'types', command: [...bin('typescript/bin/tsc'), '--noEmit'] };
const BOARD_TYPES = {
  name: 'types of the board',
  command: [...bin('typescript/bin/tsc'), '--noEmit', '-p', 'board'],
};
const FORMAT = { name: 'format', command: [...bin('prettier/bin/prettier.cjs'), '--check', '--cache', '.'] };
const CIRCLES = { name: 'circles', command: [node, 'scripts/lint/circles.js'] };
const TESTS = {
  name: 'unit tests',
  command: [...bin('vitest/vitest.mjs'), 'run', '--project', 'unit', '--maxWorkers=1'],
  printsItself: true,
};
const lanes = process.argv.includes('--no-tests')
  ? [[LINT], [TYPES, BOARD_TYPES, FORMAT, CIRCLES]]
  : [
      [TESTS, TYPES, BOARD_TYPES],
      [LINT, FORMAT, CIRCLES],
    ];

const results = (await Promise.all(lanes.map(runInTurn))).flat();
for (const { name, passed, seconds, output } of results) {
  if (!passed) process.stdout.write(output);
  console.log(`${name}: ${passed ? 'ok' : 'FAILED'} (${seconds} s)`);
}
if (results.some(({ passed }) => !passed)) process.exitCode = 1;

async function runInTurn(steps) {
  const ended = [];
  for (const step of steps) ended.push(await run(step));
  return ended;
}

function run({ name, command: [program, ...args], printsItself = false }) {
  const startedAt = Date.now();
  const stdio = printsItself ? 'inherit' : 'pipe';
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', stdio, stdio] });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    // A step ended by a signal has no code.
    child.on('close', (code) => {
      const seconds = Math.round((Date.now() - startedAt) / 1_000);
      resolve({ name, passed: code === 0, seconds, output: Buffer.concat(chunks) });
    });
  });
}
