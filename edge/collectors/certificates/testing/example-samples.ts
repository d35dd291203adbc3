import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import { certificatesKind } from '../certificates.ts';

/** Of a file with the authorities that Node knows. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const directory = mkdtempSync(join(tmpdir(), 'wardwatch-certificates-'));
  try {
    writeFileSync(join(directory, 'ca.pem'), rootCertificates.join('\n'));
    const config = certificatesKind.configSchema.parse({ files: [join(directory, '*.pem')] });
    return (await certificatesKind.create(config, deps).collect(new AbortController().signal)).samples;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
