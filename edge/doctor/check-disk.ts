import { statfsSync } from 'node:fs';
import { lockDirectory } from '../../runtime/directory-lock.ts';
import { messageOf, UserError } from '../../runtime/errors.ts';
import type { EdgeConfig } from '../config/edge-config.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const MIB = 1024 * 1024;

export interface DiskFindings {
  readonly findings: readonly Finding[];
  /** The agent itself runs at this moment: its connection must not be taken from it. */
  readonly agentRuns: boolean;
}

/** Whether the queue's directory can be written and has room for what the queue may grow to. */
export function checkDisk(config: EdgeConfig): DiskFindings {
  const { dataDirectory } = config;
  let agentRuns = false;
  const findings: Finding[] = [];
  try {
    lockDirectory(dataDirectory).release();
    findings.push(ok('data directory', `${dataDirectory} can be written`));
  } catch (error) {
    agentRuns = error instanceof UserError && error.message.includes('already in use');
    findings.push(
      agentRuns
        ? ok('data directory', messageOf(error))
        : fail('data directory', messageOf(error), 'give the agent’s user the right to write there'),
    );
  }
  const room = freeBytes(dataDirectory);
  if (room !== undefined) findings.push(checkRoom(config, room));
  return { findings, agentRuns };
}

function checkRoom({ queue, dataDirectory }: EdgeConfig, free: number): Finding {
  const freeMiB = Math.floor(free / MIB);
  const neededMiB = Math.ceil(queue.maxBytes / MIB);
  const seen = `${freeMiB} MiB free at ${dataDirectory}, the queue may grow to ${neededMiB} MiB`;
  if (free >= queue.maxBytes) return ok('disk', seen);
  return warn(
    'disk',
    seen,
    'in a long outage samples are lost when it is full: free space, or lower queue.maxBytes',
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
