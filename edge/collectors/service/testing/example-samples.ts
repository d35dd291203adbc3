import type { Sample } from '../../../../contract/sample.ts';
import { ProbeFailure, type FailureKind } from '../../../protocols/probe-failure.ts';
import type { ServedChain } from '../../../protocols/tcp-tls/certificate.ts';
import type { CollectorDeps } from '../../collector.ts';
import type { Check } from '../check.ts';
import type { Findings } from '../probe.ts';
import { checkSamples } from '../samples.ts';
import { serviceKind } from '../service.ts';

const host = 'dvc.example.vn';
const CHECKS = [
  { type: 'http', url: `https://${host}/login?id=1`, bodyContains: 'Login' },
  { type: 'tcp', host, port: 443, tls: true },
  { type: 'smtp', host },
  { type: 'imap', host },
  { type: 'dns', server: '10.0.0.53', domain: host },
  { type: 'sip', host },
  { type: 'ntp', host },
].map((check) => ({ service: 'portal', ...check }));
const FAILURES: readonly FailureKind[] = ['name', 'connection', 'certificate', 'timeout', 'status', 'text'];

function findings(nowMs: number): Findings {
  const chain: ServedChain = {
    source: `https://${host}:443`,
    certificates: [
      {
        commonName: host,
        issuerCommonName: 'CA',
        type: 'leaf',
        validFromMs: nowMs - 86_400_000,
        validToMs: nowMs + 86_400_000,
      },
      { commonName: 'CA', type: 'root', validFromMs: nowMs - 86_400_000, validToMs: nowMs - 1 },
    ],
    nameMatches: true,
    problem: 'expired',
  };
  return {
    step: 'done',
    dnsMs: 1.5,
    connectMs: 2,
    tlsMs: 3,
    firstByteMs: 4,
    responseMs: 10.5,
    statusCode: 200,
    oddity: 'Content-Length twice',
    redirects: 1,
    contentBytes: 1_024,
    textMatches: true,
    statusMatches: true,
    dnsRcode: 0,
    ntpOffsetMs: -1.5,
    ntpStratum: 2,
    chains: [chain],
  };
}

/** Of every type of check: as all is measured, and as nothing is for each kind of failure. */
export async function exampleSamples({ clock, commonTags }: CollectorDeps): Promise<readonly Sample[]> {
  const nowMs = clock.now();
  const { checks } = serviceKind.configSchema.parse({ checks: CHECKS }) as {
    readonly checks: readonly Check[];
  };
  return checks.flatMap((check) => [
    ...checkSamples(check, { findings: findings(nowMs), failure: undefined }, commonTags, nowMs),
    ...FAILURES.flatMap((kind) => {
      const failure = new ProbeFailure(kind, 'does not work');
      return checkSamples(check, { findings: { step: '', chains: [] }, failure }, commonTags, nowMs);
    }),
  ]);
}
