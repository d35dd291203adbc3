import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { createAuthority, createServerIdentity, type Identity } from './certificates.ts';
import { parseHost } from './hosts.ts';

const NOW_MS = Date.now();
const DAY_MS = 86_400_000;
const HOSTS = ['wardwatch.example.vn', '127.0.0.1', '2001:db8::26'].map(parseHost);

const daysLeft = (pem: string): number =>
  Math.round((Date.parse(new X509Certificate(pem).validTo) - NOW_MS) / DAY_MS);

/** The name that the server's certificate is checked for, over a real handshake. */
async function handshake(server: Identity, ca: string, servername: string): Promise<string> {
  const listener = createServer(server, (socket) => socket.end());
  onTestFinished(() => void listener.close());
  listener.on('tlsClientError', () => undefined);
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const { port } = listener.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ca, servername });
  return new Promise<string>((resolve) => {
    socket.once('secureConnect', () => resolve('trusted'));
    socket.once('error', (error: Error) => resolve(error.message));
  }).then((outcome) => {
    socket.destroy();
    return outcome;
  });
}

it('an authority signs servers that clients trust under every host, and under no other', async () => {
  const authority = await createAuthority('Wardwatch of wardwatch.example.vn', NOW_MS);
  const server = await createServerIdentity(authority, HOSTS, NOW_MS, 'ca');
  const [ca, cert] = [new X509Certificate(authority.cert), new X509Certificate(server.cert)];
  expect(ca.ca).toBe(true);
  expect(cert.ca).toBe(false);
  expect(cert.verify(ca.publicKey)).toBe(true);
  expect(cert.checkIssued(ca)).toBe(true);
  expect(cert.checkHost('wardwatch.example.vn')).toBe('wardwatch.example.vn');
  expect(cert.checkIP('2001:db8::26')).toBe('2001:db8::26');
  expect(cert.checkHost('other.example.vn')).toBeUndefined();
  expect(daysLeft(authority.cert)).toBe(3_650);
  expect(daysLeft(server.cert)).toBe(820);

  expect(await handshake(server, authority.cert, 'wardwatch.example.vn')).toBe('trusted');
  expect(await handshake(server, authority.cert, 'other.example.vn')).toMatch(/does not match/);
  const stranger = await createAuthority('Wardwatch of wardwatch.example.vn', NOW_MS);
  expect(await handshake(server, stranger.cert, 'wardwatch.example.vn')).toMatch(/certificate/);
});

it('is good one day back, for gateways whose clocks are behind', async () => {
  const authority = await createAuthority('A', NOW_MS);
  expect(Date.parse(new X509Certificate(authority.cert).validFrom)).toBeLessThan(NOW_MS - 0.99 * DAY_MS);
});

it('a server ends with its authority, and an authority that has ended signs nothing', async () => {
  const authority = await createAuthority('A', NOW_MS - 3_600 * DAY_MS);
  expect(daysLeft((await createServerIdentity(authority, HOSTS, NOW_MS, 'ca')).cert)).toBe(50);
  const ended = await createAuthority('A', NOW_MS - 3_651 * DAY_MS);
  await expect(createServerIdentity(ended, HOSTS, NOW_MS, 'ca.crt')).rejects.toThrow(
    /^ca\.crt: the authority ended on 20/,
  );
});

it('an authority whose files are rubbish or do not belong together is refused by name', async () => {
  const [a, b] = [await createAuthority('A', NOW_MS), await createAuthority('B', NOW_MS)];
  for (const [identity, problem] of [
    [{ cert: a.cert, key: b.key }, /^ca: the key is not that of the certificate/],
    [{ cert: 'rubbish', key: a.key }, /^ca: /],
    [{ cert: a.cert, key: '' }, /^ca: /],
  ] as const)
    await expect(createServerIdentity(identity, HOSTS, NOW_MS, 'ca')).rejects.toThrow(problem);
});

it('takes names longer than a common name may be', async () => {
  const name = `${'a'.repeat(60)}.${'b'.repeat(60)}.example.vn`;
  const authority = await createAuthority(`Wardwatch of ${name}`, NOW_MS);
  const server = await createServerIdentity(authority, [parseHost(name)], NOW_MS, 'ca');
  expect(new X509Certificate(server.cert).checkHost(name)).toBe(name);
});
