import type { Clock } from '../../../runtime/clock.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import type { HostLookup } from '../dns/host-lookup.ts';
import type { ServedChain } from './certificate.ts';
import type { Trust } from './trust.ts';

/** What is known of a connection so far; it stays valid whatever happens next. */
export interface ConnectionFindings {
  /** The step under way, for the message when the deadline passes. */
  step: string;
  dnsMs?: number;
  connectMs?: number;
  tlsMs?: number;
  firstByteMs?: number;
  readonly chains: ServedChain[];
}

export interface ConnectionContext {
  readonly clock: Clock;
  /** Aborts at the deadline, or with the whole run. */
  readonly signal: AbortSignal;
  readonly lookup: HostLookup;
  readonly guard: TargetGuard | undefined;
  readonly trust: Trust;
  readonly findings: ConnectionFindings;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

type Phase = 'dnsMs' | 'connectMs' | 'tlsMs' | 'firstByteMs';

/** Runs a step and adds its time to its phase: phases of several connections add up. A step that fails adds none. */
export async function timed<T>(
  { clock, findings }: Pick<ConnectionContext, 'clock' | 'findings'>,
  phase: Phase,
  step: string,
  work: () => Promise<T>,
): Promise<T> {
  findings.step = step;
  const startMs = clock.monotonicMs();
  const result = await work();
  findings[phase] = (findings[phase] ?? 0) + clock.monotonicMs() - startMs;
  return result;
}
