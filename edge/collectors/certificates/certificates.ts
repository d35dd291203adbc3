import { z } from 'zod';
import type { Sample } from '../../../contract/sample.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected, CollectorDeps, CollectorKind } from '../collector.ts';
import { requirePermittedFile } from '../collector-guard.ts';
import { certificateReading } from '../../protocols/tcp-tls/certificate.ts';
import { findFiles } from './find-files.ts';
import { parseCertificates } from './parse-certificates.ts';
import { readCertificateFile } from './read-file.ts';

const configSchema = z.strictObject({
  /** Files with certificates, PEM or DER; `*` and `?` as in a shell. */
  files: z
    .array(z.string().startsWith('/', 'expected an absolute path').max(120))
    .min(1, 'expected at least one file')
    .max(64),
});
export type CertificatesConfig = z.infer<typeof configSchema>;

const MAX_CERTIFICATES = 512;
const MAX_SOURCE_CHARS = 128;

/** Certificates in files of this machine and when they expire: Telegraf's `x509_cert`. */
export const certificatesKind: CollectorKind<CertificatesConfig> = {
  kind: 'certificates',
  configSchema,
  defaultIntervalMs: 3_600_000,
  reaches: ({ files }) => ({
    targets: [],
    files: files.map((path, at) => ({ setting: `files[${at}]`, path })),
  }),
  create: (config, deps) => ({
    name: 'certificates',
    collect: (signal) => collectFiles(config, deps, signal),
    close: async () => undefined,
  }),
};

async function collectFiles(
  { files: paths }: CertificatesConfig,
  { clock, commonTags, guard }: CollectorDeps,
  signal: AbortSignal,
): Promise<Collected> {
  const { files, problems } = await findFiles(paths);
  const errors = problems.map((problem) => new Error(`certificates: ${problem}`));
  const samples = new Map<string, Sample>();
  const timeMs = clock.now();
  for (const file of files) {
    signal.throwIfAborted();
    try {
      requirePermittedFile(guard, file);
      const parsed = parseCertificates(await readCertificateFile(file));
      errors.push(...parsed.problems.map((problem) => new Error(`certificates: ${file}: ${problem}`)));
      for (const certificate of parsed.certificates) {
        const { tags, fields } = certificateReading(file.slice(-MAX_SOURCE_CHARS), certificate, timeMs);
        const sample = { measurement: 'x509_cert', tags: { ...commonTags, ...tags }, fields, timeMs };
        keepSoonest(samples, sample);
      }
    } catch (error) {
      errors.push(new Error(`certificates: ${file}: ${messageOf(error)}`, { cause: error }));
    }
  }
  if (samples.size > MAX_CERTIFICATES) {
    errors.push(new Error(`certificates: ${samples.size} found, only ${MAX_CERTIFICATES} are sent`));
  }
  return { samples: [...samples.values()].slice(0, MAX_CERTIFICATES), errors };
}

/** Certificates of one name in one file are one series: keep the one that expires first. */
function keepSoonest(samples: Map<string, Sample>, sample: Sample): void {
  const series = JSON.stringify(sample.tags);
  const other = samples.get(series);
  if (other === undefined || Number(other.fields['enddate']) > Number(sample.fields['enddate'])) {
    samples.set(series, sample);
  }
}
