import { join } from 'node:path';
import { messageOf } from '../../runtime/errors.ts';
import { newestWriteOnDisk } from '../queue/newest-on-disk.ts';
import { checkDeliveries } from './check-deliveries.ts';
import { fail, ok, type Finding } from './finding.ts';

/** The agent itself gives a sample every 30 s, whatever its collectors do. */
const LIMIT_MS = 120_000;

/**
 * Whether an agent that should be running measures, and central acknowledges what it sends. Looks at its queue on disk alone, so that
 * it may be asked often. Changes nothing.
 */
export async function checkRunning(
  dataDirectory: string,
  { agent, nowMs }: { readonly agent: string; readonly nowMs: number },
): Promise<readonly Finding[]> {
  return [
    await checkMeasures(dataDirectory, nowMs),
    await checkDeliveries(dataDirectory, { agent, agentRuns: true, nowMs }),
  ];
}

async function checkMeasures(dataDirectory: string, nowMs: number): Promise<Finding> {
  try {
    return evaluateMeasures(await newestWriteOnDisk(join(dataDirectory, 'queue')), nowMs);
  } catch (error) {
    return fail('measures', messageOf(error), 'let the doctor run as the agent’s user');
  }
}

/** Pure. */
export function evaluateMeasures(newestWriteMs: number | undefined, nowMs: number): Finding {
  const advice = 'the agent does not run, hangs, or cannot write its queue: see its log';
  if (newestWriteMs === undefined) return fail('measures', 'nothing was measured yet', advice);
  const quietMs = nowMs - newestWriteMs;
  const seen = `the newest batch was written ${Math.max(0, Math.round(quietMs / 1_000))} s ago`;
  return quietMs < LIMIT_MS ? ok('measures', seen) : fail('measures', seen, advice);
}
