import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QueueDirectory } from './testing/queue-directory.ts';

let directory: QueueDirectory;
beforeEach(async () => {
  directory = await QueueDirectory.create();
});
afterEach(() => directory.remove());

/** Runs the target until it has printed `lines` facts, kills it with SIGKILL and returns the facts. */
async function runAndKill(program: string, queuePath: string, firstNumber: number, lines: number) {
  const child = spawn(process.execPath, [program, queuePath, String(firstNumber)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const facts: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    facts.push(line);
    if (facts.length === lines) child.kill('SIGKILL');
  }
  await exited;
  expect(child.signalCode).toBe('SIGKILL');
  return facts.map((line) => line.split(' '));
}

describe('kill -9', () => {
  it('at any moment loses no confirmed batch, and no seq is used twice', async () => {
    const program = join(directory.path, 'kill-target.mjs');
    const source = join(import.meta.dirname, 'testing/kill-target.ts');
    await build({
      entryPoints: [source],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    const options = {
      directory: join(directory.path, 'queue'),
      maxBytes: 64 * 1024 * 1024,
      segmentBytes: 64 * 1024,
    };
    const confirmed = new Map<number, number>();
    const acknowledged = new Set<number>();
    let number = 1;
    for (const lines of [5, 400, 77, 1_234, 803, 31, 620]) {
      for (const [kind, seq, batchNumber] of await runAndKill(program, options.directory, number, lines)) {
        if (kind === 'a') {
          acknowledged.add(Number(seq));
          continue;
        }
        expect(confirmed.has(Number(seq))).toBe(false);
        confirmed.set(Number(seq), Number(batchNumber));
        number = Math.max(number, Number(batchNumber) + 1);
      }
      // Numbers of batches in progress at the kill are not used again.
      number += 1_000;
      const queue = await directory.open(options);
      for (const [seq, batchNumber] of confirmed) {
        if (acknowledged.has(seq)) continue;
        expect((await queue.read(seq))?.toString()).toMatch(new RegExp(`^batch ${batchNumber} `));
      }
      expect(queue.stats()).toMatchObject({ damagedSegments: 0, lostBatches: 0 });
      expect(queue.lowest()).toBeLessThanOrEqual(
        Math.min(...[...confirmed.keys()].filter((seq) => !acknowledged.has(seq))),
      );
      await queue.close();
    }
    expect(confirmed.size).toBeGreaterThan(1_000);
  });
});
