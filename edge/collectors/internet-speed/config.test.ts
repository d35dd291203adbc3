import { describe, expect, it } from 'vitest';
import { configSchema, serverEndpoint } from './config.ts';

const contract = { contractedDownloadMbps: 100, contractedUploadMbps: 50 };
const parse = (more: object) =>
  configSchema.parse({ server: 'wss://speed.example.vn', ...contract, ...more });

describe('the configuration', () => {
  it('keeps to the probing budget by itself', () => {
    expect(parse({})).toMatchObject({
      durationMs: 10_000,
      budget: { testsPerDay: 2, bytesPerTest: 100_000_000, bytesPerDay: 200_000_000 },
    });
  });

  it.each([
    ['wss://speed.example.vn', { address: 'speed.example.vn', port: 443 }],
    ['ws://10.1.2.3', { address: '10.1.2.3', port: 80 }],
    ['wss://[fd26::1]:4443', { address: 'fd26::1', port: 4443 }],
  ])('finds the target of %s', (server, target) => expect(serverEndpoint(server)).toEqual(target));

  it('takes witnesses by host and port', () => {
    expect(parse({ witnesses: ['dns.example.vn:53', '[fd26::1]:443'] }).witnesses).toEqual([
      { address: 'dns.example.vn', port: 53 },
      { address: 'fd26::1', port: 443 },
    ]);
  });

  it.each([
    ['a server over https', { server: 'https://speed.example.vn' }],
    ['no contract', { contractedDownloadMbps: undefined }],
    ['a contract of nothing', { contractedUploadMbps: 0 }],
    ['a witness without a port', { witnesses: ['dns.example.vn'] }],
    ['a witness that is an option', { witnesses: ['-f:53'] }],
    ['a line that leaves its directory', { line: '../etc' }],
    ['tests longer than 10 s', { durationMs: 20_000 }],
    ['a test larger than its day', { budget: { bytesPerTest: 300_000_000 } }],
    ['a typo', { budget: { testsPerDya: 2 } }],
  ])('refuses %s', (_what, more) => {
    expect(() => parse(more)).toThrow();
  });
});
