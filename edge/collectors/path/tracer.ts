import { messageOf } from '../../../runtime/errors.ts';
import { firstLine } from '../../protocols/ping/ping-output.ts';
import { runProgram } from '../../protocols/system/run-program.ts';
import type { Hop } from './route.ts';
import { MAX_HOPS, parseExpiringPing, parseTracepath, parseTraceroute } from './trace-output.ts';

/** The routers on the route to an IP address; rejects when no program here can find them. */
export type Tracer = (address: string, signal: AbortSignal) => Promise<readonly Hop[]>;

export interface TraceProgram {
  /** For errors. */
  readonly name: string;
  readonly trace: Tracer;
}

/** A trace ends after this, with the hops seen so far. */
export const TRACE_TIMEOUT_MS = 20_000;
const PROBE_TIMEOUT_S = 1;
const MAX_HOPS_TEXT = String(MAX_HOPS);

/** Uses the first program that works. Node has no raw sockets, so that without any of them there is no trace. */
export function firstThatWorks(programs: readonly TraceProgram[]): Tracer {
  return async (address, signal) => {
    const problems: string[] = [];
    for (const { name, trace } of programs) {
      try {
        return await trace(address, signal);
      } catch (error) {
        signal.throwIfAborted();
        problems.push(`${name}: ${messageOf(error)}`);
      }
    }
    throw new Error(`no trace to ${address}; ${problems.join('; ')}`);
  };
}

/** Programs of the system: traceroute by ICMP where permitted, else by UDP; pings with a low TTL; tracepath. */
export function systemTracers(): readonly TraceProgram[] {
  const probes = ['-n', '-q', '2', '-w', String(PROBE_TIMEOUT_S), '-m', MAX_HOPS_TEXT];
  return [
    outputTracer('traceroute -I', 'traceroute', ['-I', ...probes], parseTraceroute),
    outputTracer('traceroute', 'traceroute', probes, parseTraceroute),
    { name: 'ping -t', trace: expiringPings('ping') },
    // Last: it takes three seconds a silent hop and prints nothing before its end.
    outputTracer('tracepath', 'tracepath', ['-n', '-m', MAX_HOPS_TEXT], parseTracepath),
  ];
}

/** Runs a program to its end and parses its output. */
export function outputTracer(
  name: string,
  program: string,
  args: readonly string[],
  parse: (text: string) => readonly Hop[],
): TraceProgram {
  return {
    name,
    trace: async (address, signal) => {
      const { error, stdout, stderr } = await runProgram(program, [...args, address], {
        timeoutMs: TRACE_TIMEOUT_MS,
        signal,
      });
      signal.throwIfAborted();
      if (error?.code === 'ENOENT') throw new Error('not installed', { cause: error });
      const hops = stdout === '' ? [] : parse(stdout);
      if (hops.length > 0) return hops;
      throw new Error(firstLine(stderr) || error?.message || 'printed nothing', { cause: error });
    },
  };
}

/** Hops probed at once: a route of twelve routers takes two rounds. */
const ROUND_HOPS = 6;
const PING_SLACK_MS = 2_000;

/** One ping a hop, whose packet expires there. It yields no round-trip times of routers. */
export function expiringPings(program: string): Tracer {
  return async (address, signal) => {
    const hops: Hop[] = [];
    for (let first = 1; first <= MAX_HOPS; first += ROUND_HOPS) {
      const distances = Array.from(
        { length: Math.min(ROUND_HOPS, MAX_HOPS + 1 - first) },
        (_, at) => first + at,
      );
      const round = await Promise.all(
        distances.map((hop) => expiringPing({ program, hop, address, signal })),
      );
      hops.push(...round);
      const isOver = round.some(
        ({ addresses, refusal }) => refusal !== undefined || addresses.includes(address),
      );
      const isSilent = hops.slice(-2 * ROUND_HOPS).every(({ addresses }) => addresses.length === 0);
      if (isOver || (isSilent && hops.length >= 2 * ROUND_HOPS)) break;
    }
    return hops;
  };
}

async function expiringPing(step: {
  readonly program: string;
  readonly hop: number;
  readonly address: string;
  readonly signal: AbortSignal;
}): Promise<Hop> {
  const { program, hop, address, signal } = step;
  const args = ['-n', '-c', '1', '-W', String(PROBE_TIMEOUT_S), '-t', String(hop), address];
  const timeoutMs = PROBE_TIMEOUT_S * 1_000 + PING_SLACK_MS;
  const { error, stdout, stderr } = await runProgram(program, args, { timeoutMs, signal });
  signal.throwIfAborted();
  if (error?.code === 'ENOENT') throw new Error('not installed', { cause: error });
  if (stdout === '') throw new Error(firstLine(stderr) || 'printed nothing', { cause: error });
  return parseExpiringPing(hop, stdout);
}
