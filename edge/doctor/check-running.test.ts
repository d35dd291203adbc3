import { utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendBatches, QueueDirectory } from '../queue/testing/queue-directory.ts';
import { newestWriteOnDisk } from '../queue/newest-on-disk.ts';
import { checkRunning, evaluateMeasures } from './check-running.ts';

const NOW_MS = 1_800_000_000_000;

describe('an agent that should be running', () => {
  it('measures while its queue is written', () => {
    expect(evaluateMeasures(NOW_MS - 30_000, NOW_MS)).toMatchObject({ level: 'ok' });
    // The clock may have been set back meanwhile.
    expect(evaluateMeasures(NOW_MS + 60_000, NOW_MS)).toMatchObject({
      level: 'ok',
      seen: 'the newest batch was written 0 s ago',
    });
  });

  it('does not where its own sample is missing four times', () => {
    expect(evaluateMeasures(NOW_MS - 120_000, NOW_MS)).toMatchObject({
      level: 'fail',
      seen: 'the newest batch was written 120 s ago',
    });
    expect(evaluateMeasures(undefined, NOW_MS)).toMatchObject({ level: 'fail' });
  });

  describe('by its queue on disk', () => {
    let directory: QueueDirectory;
    beforeEach(async () => {
      directory = await QueueDirectory.create();
    });
    afterEach(() => directory.remove());

    it('is the newest segment, also when all is acknowledged', async () => {
      const queue = await directory.open();
      await appendBatches(queue, 1, 3);
      queue.ack(queue.epoch, [[1, 3]]);
      await queue.close();
      const writtenMs = (await newestWriteOnDisk(directory.path)) ?? 0;
      expect(Math.abs(Date.now() - writtenMs)).toBeLessThan(60_000);
      await writeFile(join(directory.path, 'notes.txt'), 'no segment');
      await utimes(join(directory.path, 'notes.txt'), new Date(), new Date(Date.now() + 3_600_000));
      expect(await newestWriteOnDisk(directory.path)).toBe(writtenMs);
    });

    it('is unknown before the first batch, and where it cannot be read', async () => {
      expect(await newestWriteOnDisk(join(directory.path, 'missing'))).toBeUndefined();
      const file = join(directory.path, 'queue');
      await writeFile(file, 'no directory');
      const found = await checkRunning(dirname(file), { agent: 'gw-1', nowMs: NOW_MS });
      expect(found.map(({ check, level }) => [check, level])).toEqual([
        ['measures', 'fail'],
        ['deliveries', 'warn'],
      ]);
    });
  });
});
