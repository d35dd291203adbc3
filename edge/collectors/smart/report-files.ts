import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { CollectorDeps } from '../collector.ts';
import { requirePermittedFile } from '../collector-guard.ts';
import { MAX_DISKS, MAX_REPORT_BYTES, type DiskAnswer, type DiskSource } from './disk-source.ts';

/** The helper writes every five minutes; an older report says nothing about the disk now. */
const MAX_AGE_MS = 3_600_000;

/**
 * Reports that a privileged helper has written to a directory, `*.json`, one a disk (packaging/systemd, wardwatch-smart).
 * A missing directory is an error, because it was configured.
 */
export function createReportFilesSource(
  directory: string,
  deps: Pick<CollectorDeps, 'clock' | 'guard'>,
): DiskSource {
  return {
    async answers() {
      const files = (await listReports(directory)).slice(0, MAX_DISKS);
      return Promise.all(files.map((file) => readReport(join(directory, file), deps)));
    },
  };
}

async function listReports(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((file) => /^[^.].*\.json$/.test(file)).sort();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new Error(`${directory} does not exist: is wardwatch-smart.timer enabled?`, { cause: error });
  }
}

async function readReport(
  name: string,
  { clock, guard }: Pick<CollectorDeps, 'clock' | 'guard'>,
): Promise<DiskAnswer> {
  try {
    requirePermittedFile(guard, name);
    const handle = await open(name, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return { name, problem: 'is not a file' };
      if (stat.size > MAX_REPORT_BYTES) return { name, problem: `has more than ${MAX_REPORT_BYTES} bytes` };
      if (stat.size === 0) return { name, problem: 'is empty: its disk gave no answer' };
      const ageMs = clock.now() - stat.mtimeMs;
      if (ageMs > MAX_AGE_MS) {
        const minutes = Math.floor(ageMs / 60_000);
        return { name, problem: `is ${minutes} min old: does wardwatch-smart.timer run?` };
      }
      const text = await handle.readFile('utf8');
      return { name, text, readAtMs: Math.floor(stat.mtimeMs) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { name, problem: messageOf(error) };
  }
}
