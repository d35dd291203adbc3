import { permittedAddress } from '../../../runtime/dial/permitted-address.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { lookUpAddresses } from '../dns/look-up-address.ts';
import { runProgram } from '../system/run-program.ts';
import type { Burst } from './burst.ts';
import { firstLine, parsePingOutput } from './ping-output.ts';

export interface BurstPlan {
  readonly count: number;
  readonly replyTimeoutMs: number;
}

/** Sends one burst to an address. Rejects when it could not be sent or read: nothing is known of the target then. */
export type Probe = (address: string, plan: BurstPlan, signal: AbortSignal) => Promise<Burst>;

/** Between probes of a burst; both ping programs use it by default. */
export const PROBE_SPACING_MS = 1_000;
/** For the name lookup and the start of the program. */
const SLACK_MS = 5_000;

export class PingMissingError extends Error {
  override readonly name = 'PingMissingError';
}

/** How long a burst takes at most, when nothing answers. */
export function burstMs(plan: BurstPlan): number {
  return (plan.count - 1) * PROBE_SPACING_MS + plan.replyTimeoutMs;
}

/** ICMP echo by the system's `ping` (Node has no raw sockets). PingMissingError: there is no such program. */
export function createIcmpProbe(guard: TargetGuard | undefined, program = 'ping'): Probe {
  return async (host, plan, signal) => {
    const address = await permittedAddress(host, guard, signal, lookUpAddresses);
    const replyTimeoutS = Math.ceil(plan.replyTimeoutMs / 1_000);
    const { error, stdout, stderr } = await runProgram(
      program,
      ['-n', '-c', String(plan.count), '-W', String(replyTimeoutS), address],
      { timeoutMs: burstMs(plan) + SLACK_MS, signal },
    );
    signal.throwIfAborted();
    if (error?.code === 'ENOENT' || error?.code === 'EACCES') {
      throw new PingMissingError(`${program} cannot be run: ${error.code}`, { cause: error });
    }
    if (error?.killed === true) throw new Error(`${program} did not end in time`, { cause: error });
    // Exit code 1 with statistics: no answer. Without statistics, or with another code: ping itself failed.
    if (error !== null && error.code !== 1)
      throw new Error(firstLine(stderr) || error.message, { cause: error });
    if (error !== null && stdout.trim() === '') throw new Error(firstLine(stderr) || error.message);
    return parsePingOutput(stdout);
  };
}
