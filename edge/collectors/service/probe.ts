import type { ConnectionContext, ConnectionFindings } from '../../protocols/tcp-tls/connection-context.ts';

/** What a probe has measured so far; it stays valid whatever happens next. */
export interface Findings extends ConnectionFindings {
  /** From the first step to the end of the answer, good or bad. */
  responseMs?: number;
  /** Of HTTP, SMTP or SIP. */
  statusCode?: number;
  /** Rules that the answer breaks, though its users take it. */
  oddity?: string;
  redirects?: number;
  contentBytes?: number;
  textMatches?: boolean;
  statusMatches?: boolean;
  dnsRcode?: number;
  ntpOffsetMs?: number;
  ntpStratum?: number;
}

export interface ProbeContext extends ConnectionContext {
  readonly findings: Findings;
}

/** Fills in `context.findings`. Rejects with a ProbeFailure when the service does not work. */
export type Probe<Check> = (check: Check, context: ProbeContext) => Promise<void>;
