import { askHttp } from './http-exchange.ts';
import { hasText, isExpectedStatus, evaluateAnswer, redirectTarget } from './evaluate-answer.ts';
import type { HttpCheck } from './check.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import type { Probe } from './probe.ts';
import { requireValidChain } from '../../protocols/tcp-tls/tls-connection.ts';

/** Asks a web address as a browser would, following at most `maxRedirects`. */
export const probeHttp: Probe<HttpCheck> = async (check, context) => {
  const { findings, clock } = context;
  const startMs = clock.monotonicMs();
  let url = new URL(check.url);
  for (let redirects = 0; ; redirects++) {
    const keepsBody = check.bodyContains !== undefined;
    const answer = await askHttp({ url, method: check.method, keepsBody }, context);
    findings.responseMs = clock.monotonicMs() - startMs;
    findings.statusCode = answer.status;
    findings.contentBytes = answer.contentBytes;
    findings.redirects = redirects;
    if (answer.oddities.length > 0) findings.oddity = answer.oddities.join(', ');
    findings.statusMatches = isExpectedStatus(answer.status, check.expectStatus);
    if (check.bodyContains !== undefined) findings.textMatches = hasText(answer, check.bodyContains);
    const target = findings.statusMatches ? undefined : redirectTarget(answer, url);
    if (target === undefined || check.maxRedirects === 0) {
      if (!check.allowInvalidCertificate) requireValidChain(findings.chains);
      const failure = evaluateAnswer(answer, check);
      if (failure !== undefined) throw failure;
      return;
    }
    if (redirects === check.maxRedirects) {
      throw new ProbeFailure(
        'status',
        `more than ${check.maxRedirects} redirects, the last to ${target.origin}`,
      );
    }
    url = target;
  }
};
