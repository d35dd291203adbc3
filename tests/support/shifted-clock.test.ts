import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { temporaryDirectory } from './server-process.ts';
import { ShiftedClock } from './shifted-clock.ts';

const HOUR_MS = 3_600_000;
const PROGRAM = `
  process.stdin.on('data', () => {
    const monotonicMs = performance.timeOrigin + performance.now();
    console.log(JSON.stringify([Date.now(), new Date().getTime(), Date.parse(Date()), new Date(5).getTime(), monotonicMs]));
  });`;

it('steps the wall clock of a running program, and nothing else', async () => {
  const directory = temporaryDirectory('shifted-clock');
  const clock = new ShiftedClock(join(directory.path, 'clock'));
  const child = spawn(process.execPath, [...clock.nodeOptions, '-e', PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...clock.env },
  });
  const lines = createInterface({ input: child.stdout });
  try {
    for (const offsetMs of [0, -HOUR_MS, 192 * HOUR_MS]) {
      clock.setOffset(offsetMs);
      await new Promise((resolve) => setTimeout(resolve, 30));
      child.stdin.write('now');
      const [line] = (await once(lines, 'line')) as [string];
      const [now = 0, created = 0, text = 0, fixed, monotonic = 0] = JSON.parse(line) as number[];
      for (const each of [now, created, text]) {
        expect(Math.abs(each - Date.now() - offsetMs)).toBeLessThan(5_000);
      }
      expect(fixed).toBe(5);
      expect(Math.abs(monotonic - Date.now())).toBeLessThan(5_000);
    }
  } finally {
    child.kill();
    directory.remove();
  }
});
