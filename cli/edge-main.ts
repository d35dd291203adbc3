import { isMainThread } from 'node:worker_threads';
import { defineDoctor, defineEdge } from './edge-commands.ts';
import { createProgram, runProgram } from './program.ts';

const EXAMPLES = `  wardwatch-edge --config edge.yaml          run the agent
  wardwatch-edge --config edge.yaml --once   print what it would send
  wardwatch-edge doctor --config edge.yaml   why it does not work`;

/**
 * The agent alone: bundled into one file with its libraries (scripts/build.js), for machines that run nothing else. So this file is the
 * program of its thread, too.
 */
async function run(): Promise<void> {
  const program = createProgram('wardwatch-edge', EXAMPLES);
  defineEdge(program, new URL(import.meta.url));
  defineDoctor(program.command('doctor'));
  await runProgram(program);
}

if (isMainThread) await run();
else await import('../runtime/yaml-worker.ts');
