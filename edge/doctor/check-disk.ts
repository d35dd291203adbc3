import { statfsSync } from 'node:fs';
import { lockDirectory } from '../../runtime/directory-lock.ts';
import { messageOf, UserError } from '../../runtime/errors.ts';
import type { EdgeConfig } from '../config/edge-config.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const MIB = 1024 * 1024;

export interface DiskFindings {
  readonly findings: readonly Finding[];
  /** The agent itself is running: a second connection with its client id would end its own. */
  readonly agentRuns: boolean;
}

/** Whether the data directory is writable and has space for the queue at its maximum. */
export function checkDisk(config: EdgeConfig): DiskFindings {
  const { dataDirectory } = config;
  let agentRuns = false;
  const findings: Finding[] = [];
  try {
    lockDirectory(dataDirectory).release();
    findings.push(ok('data directory', `${dataDirectory} can be written`));
  } catch (error) {
    agentRuns = says(error, 'already in use');
    findings.push(
      agentRuns
        ? ok('data directory', messageOf(error))
        : fail('data directory', messageOf(error), adviceFor(error)),
    );
  }
  const free = freeBytes(dataDirectory);
  if (free !== undefined) findings.push(checkSpace(config, free));
  return { findings, agentRuns };
}

function adviceFor(error: unknown): string {
  return says(error, 'cannot be locked')
    ? 'install the program flock (package util-linux); a network file system may have no locks'
    : 'give the agent’s user write permission there';
}

function says(error: unknown, text: string): boolean {
  return error instanceof UserError && error.message.includes(text);
}

function checkSpace({ queue, dataDirectory }: EdgeConfig, free: number): Finding {
  const freeMiB = Math.floor(free / MIB);
  const neededMiB = Math.ceil(queue.maxBytes / MIB);
  const seen = `${freeMiB} MiB free at ${dataDirectory}, the queue may grow to ${neededMiB} MiB`;
  if (free >= queue.maxBytes) return ok('disk', seen);
  return warn(
    'disk',
    seen,
    'a full disk loses samples in a long outage: free space, or lower queue.maxBytes',
  );
}

function freeBytes(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
