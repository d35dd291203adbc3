import { systemClock } from '../../../../runtime/clock.ts';
import { checkSchema } from '../check.ts';
import { createHostLookup } from '../../../protocols/dns/host-lookup.ts';
import { createTrustReader, type Trust } from '../../../protocols/tcp-tls/trust.ts';
import { runCheck } from '../run-check.ts';
import { checkSamples } from '../samples.ts';

export interface Tried {
  /** Fields of measurement `service`. */
  readonly service: Readonly<Record<string, unknown>>;
  /** Fields of `http_response` or `dns_query`. */
  readonly technical: Readonly<Record<string, unknown>> | undefined;
  /** Tags and fields of `x509_cert`, the leaf first. */
  readonly certificates: readonly {
    readonly tags: Readonly<Record<string, string>>;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
}

const HOSTS = '127.0.0.1 dvc.example.vn mail.example.vn';

/** Runs one check as configured, for real, and shows what it would send. `example.vn` is this machine. */
export async function tryCheck(
  check: object,
  options: { readonly deadlineMs?: number; readonly trust?: Trust } = {},
): Promise<Tried> {
  const parsed = checkSchema.parse({ service: 'portal', ...check });
  const outcome = await runCheck(parsed, {
    clock: systemClock,
    signal: new AbortController().signal,
    deadlineMs: options.deadlineMs ?? 5_000,
    guard: undefined,
    lookup: createHostLookup({ hosts: HOSTS, servers: ['127.0.0.1:9'] }),
    trust: options.trust ?? (await createTrustReader(undefined)()),
  });
  const samples = checkSamples(parsed, outcome, { host: 'gw-1' }, systemClock.now());
  return {
    service: samples[0]?.fields ?? {},
    technical: samples.find(({ measurement }) => ['http_response', 'dns_query'].includes(measurement))
      ?.fields,
    certificates: samples.filter(({ measurement }) => measurement === 'x509_cert'),
  };
}
