import type { Check } from './check.ts';
import { probeDns } from './dns-probe.ts';
import { probeHttp } from './http-probe.ts';
import { probeImap } from './imap-probe.ts';
import { probeNtp } from './ntp-probe.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import type { Findings, ProbeContext } from './probe.ts';
import { probeSip } from './sip-probe.ts';
import { probeSmtp } from './smtp-probe.ts';
import { probeTcp } from './tcp-probe.ts';

export interface Outcome {
  readonly findings: Findings;
  /** undefined: the service works. */
  readonly failure: ProbeFailure | undefined;
}

export interface RunOptions extends Omit<ProbeContext, 'findings'> {
  readonly deadlineMs: number;
}

/** One check within its deadline. Rejects when `signal` aborts or on a fault of this machine: nothing is known then. */
export async function runCheck(check: Check, options: RunOptions): Promise<Outcome> {
  const { clock, deadlineMs, signal } = options;
  const findings: Findings = { step: 'beginning', chains: [] };
  const own = new AbortController();
  const done = new AbortController();
  const onRunAbort = (): void => own.abort(signal.reason);
  signal.addEventListener('abort', onRunAbort, { once: true });
  const onDeadline = (): void => {
    const message = `no answer within ${deadlineMs} ms, while ${findings.step}`;
    own.abort(new ProbeFailure('timeout', message));
  };
  clock.sleep(deadlineMs, done.signal).then(onDeadline, () => undefined);
  try {
    signal.throwIfAborted();
    await probe(check, { ...options, signal: own.signal, findings });
    return { findings, failure: undefined };
  } catch (error) {
    signal.throwIfAborted();
    const reason: unknown = own.signal.aborted ? own.signal.reason : error;
    if (!(reason instanceof ProbeFailure)) throw reason;
    return { findings, failure: reason };
  } finally {
    done.abort();
    signal.removeEventListener('abort', onRunAbort);
  }
}

function probe(check: Check, context: ProbeContext): Promise<void> {
  switch (check.type) {
    case 'http':
      return probeHttp(check, context);
    case 'tcp':
      return probeTcp(check, context);
    case 'smtp':
      return probeSmtp(check, context);
    case 'imap':
      return probeImap(check, context);
    case 'dns':
      return probeDns(check, context);
    case 'sip':
      return probeSip(check, context);
    case 'ntp':
      return probeNtp(check, context);
  }
}
