import { statfsSync } from 'node:fs';
import { lockDirectory } from '../../runtime/directory-lock.ts';
import { codeOf, messageOf, UserError } from '../../runtime/errors.ts';
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

/** By the system's reason: each has another remedy. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free space there, or put dataDirectory on another disk',
  EDQUOT: 'the quota of the agent’s user is used up: raise it, or free space',
  EROFS:
    'it is mounted read-only: mount it writable, or after an error of the disk (dmesg) check the file system first',
  EACCES: 'give the agent’s user write permission there',
  EPERM: 'give the agent’s user write permission there; the directory may be immutable (lsattr)',
  ENOTDIR: 'a part of this path is a file: correct dataDirectory',
  ENOENT: 'no directory can be made there: correct dataDirectory',
  EIO: 'the disk fails (dmesg): replace it, or put dataDirectory on another one',
};

/** Pure. */
export function adviceFor(error: unknown): string {
  if (says(error, 'cannot be locked'))
    return 'install the program flock (package util-linux); a network file system may have no locks';
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const remedy = REMEDIES[codeOf(cause) ?? ''];
    if (remedy !== undefined) return remedy;
  }
  return 'check dataDirectory, and the rights of the agent’s user there';
}

function says(error: unknown, text: string): boolean {
  return error instanceof UserError && error.message.includes(text);
}

function checkSpace({ queue, dataDirectory }: EdgeConfig, free: number): Finding {
  const freeMiB = Math.floor(free / MIB);
  const neededMiB = Math.ceil(queue.maxBytes / MIB);
  const seen = `${freeMiB} MiB free at ${dataDirectory}, the queue may grow to ${neededMiB} MiB`;
  if (free >= queue.maxBytes) return ok('disk', seen);
  if (free < MIB) return fail('disk', seen, `${REMEDIES['ENOSPC'] ?? ''}; samples are being lost`);
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
