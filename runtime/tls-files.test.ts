import { generateKeyPairSync } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { expect, it } from 'vitest';
import { checkTlsFiles } from './tls-files.ts';

const [certificate = ''] = rootCertificates;
const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

it('accepts no files, and an authority alone', () => {
  expect(() => checkTlsFiles('broker.tls', {})).not.toThrow();
  expect(() => checkTlsFiles('broker.tls', { ca: certificate })).not.toThrow();
});

it.each([
  ['an authority that is not a certificate', { ca: 'not PEM' }, /^broker\.tls\.caFile: expected PEM/],
  ['a certificate that is not one', { cert: '', key: privateKey }, /^broker\.tls\.certFile: expected PEM/],
  ['a key that is not one', { cert: certificate, key: 'not PEM' }, /^broker\.tls\.keyFile: expected PEM/],
  ["another certificate's key", { cert: certificate, key: privateKey }, /keyFile: expected the key of/],
  ['all of them at once', { ca: '', cert: '', key: '' }, /caFile: .*\n.*certFile: .*\n.*keyFile: /],
])('refuses %s and names the setting', (_what, files, problem) => {
  expect(() => checkTlsFiles('broker.tls', files)).toThrow(problem);
});
