import type { SecureContext } from 'node:tls';
import type { Clock } from '../../../runtime/clock.ts';
import type { ServedChain } from './certificate.ts';
import type { HostLookup } from './host-lookup.ts';

/** Why a service does not work, as its user would sort it. */
export type FailureKind =
  'name' | 'connection' | 'certificate' | 'protocol' | 'timeout' | 'status' | 'text' | 'body';

/** The service was reached for, and does not work. That is a result, not an error of the collector. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
  readonly kind: FailureKind;
  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** What a probe has found out so far; it stands, whatever happens next. */
export interface Findings {
  /** What the probe is about at the moment, for the message when its time is over. */
  step: string;
  dnsMs?: number;
  connectMs?: number;
  tlsMs?: number;
  firstByteMs?: number;
  /** From the first step to the end of the answer, good or bad. */
  responseMs?: number;
  /** Of HTTP, SMTP or SIP. */
  statusCode?: number;
  redirects?: number;
  contentBytes?: number;
  textMatches?: boolean;
  statusMatches?: boolean;
  dnsRcode?: number;
  ntpOffsetMs?: number;
  ntpStratum?: number;
  readonly chains: ServedChain[];
}

export interface ProbeContext {
  readonly clock: Clock;
  /** Aborts at the deadline, or when the whole run is called off. */
  readonly signal: AbortSignal;
  readonly lookup: HostLookup;
  /** Whom to trust; undefined: the authorities that Node knows. */
  readonly trust: SecureContext | undefined;
  readonly findings: Findings;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Fills in `context.findings`. Rejects with a ProbeFailure when the service does not work. */
export type Probe<Check> = (check: Check, context: ProbeContext) => Promise<void>;

type Phase = 'dnsMs' | 'connectMs' | 'tlsMs' | 'firstByteMs';

/** Does a step and adds the time it took to its phase: phases of several hops add up. A step that fails has no time. */
export async function timed<T>(
  context: ProbeContext,
  phase: Phase,
  step: string,
  work: () => Promise<T>,
): Promise<T> {
  const { clock, findings } = context;
  findings.step = step;
  const startMs = clock.monotonicMs();
  const result = await work();
  findings[phase] = (findings[phase] ?? 0) + clock.monotonicMs() - startMs;
  return result;
}
