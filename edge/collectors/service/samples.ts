import type { FieldValue, Sample } from '../../../contract/sample.ts';
import { certificateReadings } from '../../protocols/tcp-tls/certificate.ts';
import { checkName, shownAddress, type Check, type DnsCheck, type HttpCheck } from './check.ts';
import type { FailureKind } from '../../protocols/probe-failure.ts';
import type { Findings } from './probe.ts';
import type { Outcome } from './run-check.ts';

type Tags = Sample['tags'];
type Fields = Record<string, FieldValue>;

/** All samples of one check: `service`, Telegraf's measurement, and the certificates that were presented. Pure. */
export function checkSamples(check: Check, outcome: Outcome, commonTags: Tags, timeMs: number): Sample[] {
  const tags = { ...commonTags, service: check.service };
  return [
    {
      measurement: 'service',
      tags: { ...tags, check: checkName(check) },
      fields: serviceFields(outcome),
      timeMs,
    },
    ...technicalSamples(check, outcome, tags, timeMs),
    ...outcome.findings.chains.flatMap((chain) =>
      certificateReadings(chain, timeMs).map((reading) => ({
        measurement: 'x509_cert',
        tags: { ...tags, ...reading.tags },
        fields: reading.fields,
        timeMs,
      })),
    ),
  ];
}

function serviceFields({ findings, failure }: Outcome): Fields {
  return {
    up: failure === undefined,
    ...(failure !== undefined && { problem: failure.message.slice(0, 300) }),
    ...(findings.oddity !== undefined && { oddity: findings.oddity.slice(0, 300) }),
    ...present({
      response_ms: findings.responseMs,
      dns_ms: findings.dnsMs,
      connect_ms: findings.connectMs,
      tls_ms: findings.tlsMs,
      first_byte_ms: findings.firstByteMs,
      status_code: findings.statusCode,
      redirects: findings.redirects,
      ntp_offset_ms: findings.ntpOffsetMs,
      ntp_stratum: findings.ntpStratum,
    }),
  };
}

function technicalSamples(check: Check, outcome: Outcome, tags: Tags, timeMs: number): Sample[] {
  switch (check.type) {
    case 'http':
      return [httpSample(check, outcome, tags, timeMs)];
    case 'dns':
      return [dnsSample(check, outcome, tags, timeMs)];
    case 'tcp':
    case 'smtp':
    case 'imap':
    case 'sip':
    case 'ntp':
      return [];
  }
}

function httpSample(check: HttpCheck, { findings, failure }: Outcome, tags: Tags, timeMs: number): Sample {
  return {
    measurement: 'http_response',
    tags: { ...tags, server: shownAddress(check.url), method: check.method },
    fields: {
      result_code: failure === undefined ? 0 : HTTP_RESULT[failure.kind],
      ...present({
        response_time: findings.responseMs === undefined ? undefined : findings.responseMs / 1_000,
        http_response_code: findings.statusCode,
        content_length: findings.contentBytes,
        response_status_code_match: asCode(findings.statusMatches),
        response_string_match: asCode(findings.textMatches),
      }),
    },
    timeMs,
  };
}

function dnsSample(check: DnsCheck, { findings, failure }: Outcome, tags: Tags, timeMs: number): Sample {
  const result = failure?.kind === 'timeout' ? DNS_RESULT.timeout : DNS_RESULT.error;
  return {
    measurement: 'dns_query',
    tags: { ...tags, server: check.server, domain: check.domain, record_type: check.recordType },
    fields: {
      result_code: failure === undefined ? DNS_RESULT.success : result,
      ...present({ query_time_ms: findings.responseMs, rcode_value: findings.dnsRcode }),
    },
    timeMs,
  };
}

/** Telegraf's `result_code`. */
const DNS_RESULT = { success: 0, timeout: 1, error: 2 } as const;

/** Telegraf's `result_code`. */
const HTTP_RESULT: Readonly<Record<FailureKind, number>> = {
  text: 1,
  body: 2,
  connection: 3,
  certificate: 3,
  protocol: 3,
  timeout: 4,
  name: 5,
  status: 6,
};

function asCode(matches: Findings['textMatches']): number | undefined {
  return matches === undefined ? undefined : Number(matches);
}

/** Checks of one service often see the same certificate: each is sent once. Pure. */
export function withoutRepeats(samples: readonly Sample[]): Sample[] {
  const seen = new Set<string>();
  return samples.filter(({ measurement, tags }) => {
    if (measurement !== 'x509_cert') return true;
    const series = JSON.stringify(tags);
    const isNew = !seen.has(series);
    seen.add(series);
    return isNew;
  });
}

/** Not available is absence. */
function present(fields: Readonly<Record<string, FieldValue | undefined>>): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, FieldValue] => entry[1] !== undefined),
  );
}
