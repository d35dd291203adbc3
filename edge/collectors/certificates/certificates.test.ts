import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { hasOpenssl, TestAuthority } from '../../protocols/tcp-tls/testing/certificates.ts';
import { certificatesKind } from './certificates.ts';
import { parseCertificates } from './parse-certificates.ts';

const DAY_S = 86_400;

/** Debian's user without rights. */
const NOBODY = 65_534;

describe.skipIf(!hasOpenssl)('certificates on disk [needs openssl]', () => {
  let authority: TestAuthority;
  let directory: string;
  beforeAll(() => {
    authority = new TestAuthority();
  });
  afterAll(() => authority.remove());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-certs-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  const collect = async (...files: string[]) => {
    const config = certificatesKind.configSchema.parse({ files });
    const deps = { clock: systemClock, log: silentLogger, commonTags: { host: 'h1' } };
    const { samples, errors } = await certificatesKind
      .create(config, deps)
      .collect(AbortSignal.timeout(9_000));
    return { samples, errors: errors.map(({ message }) => message.replaceAll(directory, '')) };
  };

  it('of a bundle are sent one by one, without the key between them', async () => {
    const { cert, key } = authority.issue('DNS:dvc.example.vn', { from: -10, to: 20 });
    const file = write('bundle.pem', key + cert);
    const { samples, errors } = await collect(file);
    expect(errors).toEqual([]);
    expect(samples.map(({ tags }) => [tags['type'], tags['issuer_common_name']])).toEqual([
      ['leaf', 'Test Authority'],
      ['root', 'Test Authority'],
    ]);
    const [leaf] = samples;
    expect(leaf?.tags).toMatchObject({ host: 'h1', source: file });
    expect(Number(leaf?.fields['expiry'])).toBeGreaterThan(18 * DAY_S);
    expect(Number(leaf?.fields['lifetime_left_pct'])).toBeCloseTo(65, -1);
    expect(JSON.stringify(samples)).not.toContain(key.split('\n')[1]);
  });

  it('that have expired say since when, in DER as in PEM', async () => {
    const { cert } = authority.issue('DNS:old.example.vn', { from: -30, to: -3 });
    const der = execFileSync('openssl', ['x509', '-outform', 'der'], { input: cert });
    const { samples, errors } = await collect(write('old.der', der), write('old.pem', cert));
    expect(errors).toEqual([]);
    const leaves = samples.filter(({ tags }) => tags['type'] === 'leaf');
    expect(leaves).toHaveLength(2);
    for (const { fields } of leaves) {
      expect(Number(fields['expiry'])).toBeLessThan(-2 * DAY_S);
      expect(fields['lifetime_left_pct']).toBe(0);
    }
  });

  it('are found by patterns and through links', async () => {
    const { cert } = authority.selfSigned('DNS:a.example.vn');
    mkdirSync(join(directory, 'live/a.example.vn'), { recursive: true });
    mkdirSync(join(directory, 'live/b.example.vn'));
    write('archive.pem', cert);
    symlinkSync('../../archive.pem', join(directory, 'live/a.example.vn/cert.pem'));
    write('live/b.example.vn/cert.pem', cert);
    write('live/b.example.vn/privkey.pem', 'not looked at');
    write('live/.hidden', 'not looked at');
    const { samples, errors } = await collect(
      join(directory, 'live/*/cert.pem'),
      join(directory, 'none/*.pem'),
    );
    expect(errors).toEqual([]);
    expect(samples.map(({ tags }) => tags['source'])).toEqual([
      join(directory, 'live/a.example.vn/cert.pem'),
      join(directory, 'live/b.example.vn/cert.pem'),
    ]);
  });

  it('of one name in one file are one series: the one that expires first', async () => {
    const [late, soon] = [20, 5].map((days) => {
      const command = `req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -days ${days} -subj /CN=twice`;
      return execFileSync('openssl', command.split(' '), { stdio: 'pipe' }).toString();
    });
    const { samples } = await collect(write('twice.pem', `${late ?? ''}${soon ?? ''}`));
    expect(samples).toHaveLength(1);
    expect(Number(samples[0]?.fields['expiry'])).toBeLessThan(6 * DAY_S);
  });

  it('that cannot be read are an error with the file, and the others are sent', async () => {
    const { cert } = authority.selfSigned('DNS:a.example.vn');
    write('good.pem', cert);
    write('empty.pem', '');
    write('torn.pem', cert.slice(0, cert.length / 2));
    write('torn-first.pem', cert.slice(0, cert.length / 2) + cert);
    write('garbled.pem', cert.replace(/\n.{10}/, '\nAAAAAAAAAA') + cert);
    write('key.pem', '-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n');
    write('noise.der', Buffer.from([0x30, 0x82, 1, 2, 3]));
    write('huge.pem', '');
    truncateSync(join(directory, 'huge.pem'), 5 * 1024 * 1024);
    mkdirSync(join(directory, 'dir.pem'));
    symlinkSync('loop.pem', join(directory, 'loop.pem'));
    execFileSync('mkfifo', [join(directory, 'pipe.pem')]);
    const { samples, errors } = await collect(
      ...[join(directory, '*.pem'), join(directory, 'noise.der'), join(directory, 'missing.crt')],
    );
    expect(samples.map(({ tags }) => tags['source'])).toEqual([
      join(directory, 'garbled.pem'),
      join(directory, 'good.pem'),
      join(directory, 'torn-first.pem'),
    ]);
    expect(errors).toEqual([
      'certificates: /dir.pem: expected a file',
      'certificates: /empty.pem: expected a certificate in PEM or DER, found none',
      expect.stringMatching(/^certificates: \/garbled.pem: certificate 1 cannot be read: /),
      'certificates: /huge.pem: expected at most 4194304 bytes, got 5242880',
      'certificates: /key.pem: expected a certificate in PEM or DER, found none',
      expect.stringMatching(/^certificates: \/loop.pem: ELOOP/),
      'certificates: /pipe.pem: expected a file',
      'certificates: /torn-first.pem: a certificate has a beginning and no end',
      'certificates: /torn.pem: a certificate has a beginning and no end',
      expect.stringMatching(/^certificates: \/noise.der: expected a certificate in PEM or DER: /),
      expect.stringMatching(/^certificates: \/missing.crt: ENOENT/),
    ]);
  });

  it('in a directory that may not be read are an error', async () => {
    mkdirSync(join(directory, 'private'));
    chmodSync(join(directory, 'private'), 0);
    chmodSync(directory, 0o755);
    // Root may read everything: it is somebody else meanwhile.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      const { errors } = await collect(join(directory, 'private/*.pem'));
      expect(errors).toEqual([expect.stringContaining('EACCES')]);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(join(directory, 'private'), 0o700);
    }
  });

  it('are bounded in number', async () => {
    const { cert } = authority.selfSigned('DNS:a.example.vn');
    for (let index = 0; index < 300; index++) write(`${index}.pem`, cert);
    const { samples, errors } = await collect(join(directory, '*.pem'));
    expect(samples).toHaveLength(256);
    expect(errors).toEqual([expect.stringContaining('only 256 are read')]);
  });
});

it('anything else is no certificate and no crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const { certificates, problems } = parseCertificates(Buffer.from(bytes));
      expect(certificates).toEqual([]);
      expect(problems).not.toEqual([]);
    }),
  );
});

it('beginnings without an end, as many as a file may hold, are one problem, found at once', () => {
  const begin = '-----BEGIN CERTIFICATE-----\n';
  const content = Buffer.from(begin.repeat((4 * 1024 * 1024) / begin.length));
  // Looking through the rest of the file for each would take minutes.
  expect(parseCertificates(content)).toEqual({
    certificates: [],
    problems: ['a certificate has a beginning and no end'],
  });
});

it('settings name absolute files', () => {
  const messages = (config: unknown) =>
    certificatesKind.configSchema.safeParse(config).error?.issues.map(({ message }) => message);
  expect(messages({ files: ['etc/x.pem'] })).toEqual(['expected an absolute path']);
  expect(messages({ files: [] })).toEqual(['expected at least one file']);
});
