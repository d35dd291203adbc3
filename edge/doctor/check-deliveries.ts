import { join } from 'node:path';
import { messageOf } from '../../runtime/errors.ts';
import { oldestOnDisk, type OldestOnDisk } from '../queue/oldest-on-disk.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** An agent at work sends each batch within seconds. */
const LIMIT_MS = 60_000;

/** Whether central acknowledges what the agent sends, as the queue on disk shows it. */
export async function checkDeliveries(
  dataDirectory: string,
  options: { readonly agent: string; readonly agentRuns: boolean; readonly nowMs: number },
): Promise<Finding> {
  try {
    return evaluateDeliveries(await oldestOnDisk(join(dataDirectory, 'queue')), options);
  } catch (error) {
    return warn('deliveries', messageOf(error), 'let the doctor run as the agent’s user');
  }
}

/** Pure. */
export function evaluateDeliveries(
  oldest: OldestOnDisk | undefined,
  {
    agent,
    agentRuns,
    nowMs,
  }: { readonly agent: string; readonly agentRuns: boolean; readonly nowMs: number },
): Finding {
  if (oldest === undefined) return ok('deliveries', 'no batch waits in the queue');
  const waitsMs = nowMs - oldest.appendedAtMs;
  const waits = `the oldest queued batch waits for ${seconds(waitsMs)}`;
  if (!agentRuns) return ok('deliveries', `${waits}; the agent is not running`);
  const silentMs = oldest.lastAckAtMs === undefined ? waitsMs : nowMs - oldest.lastAckAtMs;
  if (Math.min(waitsMs, silentMs) < LIMIT_MS) return ok('deliveries', waits);
  const never = oldest.lastAckAtMs === undefined ? ', or ever' : '';
  return fail(
    'deliveries',
    `nothing acknowledged for ${seconds(silentMs)}${never}; ${waits}`,
    `if the agent’s log says "connected": the broker may drop what it publishes without a word (Mosquitto does; ${agent} needs write access to its topics "up" and "state"), or central does not run or may not read them`,
  );
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
