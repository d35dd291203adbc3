import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MailServer } from '../../central/notify/testing/mail-server.ts';
import { NotifyCity } from '../support/notify-city.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

const WAIT = { timeout: 20_000, interval: 50 };

let directory: TemporaryDirectory;
let server: MailServer;
let city: NotifyCity;
beforeEach(async () => {
  directory = temporaryDirectory('email');
  server = await MailServer.start();
  city = new NotifyCity(directory.path, {
    kind: 'email',
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    from: 'wardwatch@example.vn',
    to: ['noc@example.vn'],
    language: 'vi',
  });
  await city.start();
});
afterEach(async () => {
  await city.stop();
  await server.stop();
  directory.remove();
});

function header(name: string, content = ''): string | undefined {
  const head = content.slice(0, content.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  return head
    .split('\r\n')
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
}

it('the end of an alert stands under its beginning in the mailbox, though central was killed in between', async () => {
  await city.measure({ 'line-1': 50 });
  await vi.waitFor(() => expect(server.received).toHaveLength(1), WAIT);
  await city.kill();
  await city.start();
  await city.measure({ 'line-1': 0 });
  await vi.waitFor(() => {
    const [begin, ...more] = server.received;
    const end = more.find(({ content }) => header('In-Reply-To', content) !== undefined);
    expect(header('In-Reply-To', end?.content)).toBe(header('Message-ID', begin?.content));
    expect(header('Message-ID', begin?.content)).toMatch(/^<n-[0-9a-f]{32}@example\.vn>$/);
  }, WAIT);
});
