import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl, TestAuthority } from './testing/certificates.ts';
import { Anchors, verifiedChain } from './verified-chain.ts';

const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map((text) => new X509Certificate(text));
const namesOf = (chain: readonly X509Certificate[] | undefined) =>
  chain?.map(({ subject }) => subject.replace('CN=', ''));

describe.skipIf(!hasOpenssl)('the chain by which a leaf is trusted [needs openssl]', () => {
  let authority: TestAuthority;
  beforeAll(() => {
    authority = new TestAuthority();
  });
  afterAll(() => authority.remove());

  it('ends at the first trusted authority, whatever else is served', () => {
    const { cert, root } = authority.crossSigned('DNS:dvc.example.vn');
    const served = certificatesIn(cert);
    const chain = verifiedChain(served, new Anchors([`${authority.caCert}\n${root}`]), Date.now());
    expect(namesOf(chain)).toEqual([expect.stringMatching(/^test-/), 'New Authority']);
    expect(chain?.at(-1)?.raw).toEqual(certificatesIn(root)[0]?.raw);
    expect(verifiedChain(served, new Anchors([authority.caCert]), Date.now())).toBeUndefined();
    expect(verifiedChain(served, new Anchors([]), Date.now())).toBeUndefined();
    expect(verifiedChain([], new Anchors([root]), Date.now())).toBeUndefined();
  });

  it('may be a trusted certificate by itself', () => {
    const { cert } = authority.selfSigned('DNS:dvc.example.vn');
    expect(verifiedChain(certificatesIn(cert), new Anchors([cert]), Date.now())).toHaveLength(1);
  });

  it('is found among all authorities that Node knows', () => {
    const anchors = new Anchors(rootCertificates);
    const [root] = rootCertificates.map((pem) => new X509Certificate(pem));
    expect(verifiedChain([root!], anchors, Date.parse(root!.validFrom) + 1)).toEqual([root]);
  });
});

const SCRIPT = fileURLToPath(new URL('../../../../shared/data/reports/certs/make.sh', import.meta.url));
describe.skipIf(!existsSync(SCRIPT) || !hasOpenssl)(
  'a chain of two ways (needs ../shared/data/reports/certs)',
  () => {
    it('is the one that is valid', () => {
      const directory = mkdtempSync(join(tmpdir(), 'wardwatch-chain-'));
      const made = spawnSync('sh', [SCRIPT, directory], { encoding: 'utf8' });
      expect(made.stderr).toBe('');
      const read = (name: string) => readFileSync(join(directory, name), 'utf8');
      const served = certificatesIn(read('served.pem'));
      expect(served).toHaveLength(3);
      const chain = verifiedChain(served, new Anchors([read('old.pem'), read('new.pem')]), Date.now());
      expect(namesOf(chain)).toEqual(['dvc.city.test', 'City CA 1', 'City Root X']);
      for (const { validTo } of chain ?? []) expect(Date.parse(validTo)).toBeGreaterThan(Date.now());
      rmSync(directory, { recursive: true });
    });
  },
);
