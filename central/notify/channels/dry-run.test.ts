import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRange } from '../../../runtime/ip-range.ts';
import { MailServer } from '../testing/mail-server.ts';
import { AT_MS } from '../testing/messages.ts';
import { UnrulyReceiver } from '../testing/unruly-receiver.ts';
import { alertmanagerKind } from './alertmanager.ts';
import type { Outcome } from './channel.ts';
import type { ChannelKind } from './channel-kind.ts';
import { emailKind } from './email.ts';
import { execKind } from './exec.ts';
import { webhookKind } from './webhook.ts';

const LOOPBACK = [parseRange('127.0.0.0/8')].filter((range) => range !== undefined);

let directory: string;
let receiver: UnrulyReceiver;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-dry-run-'));
  receiver = await UnrulyReceiver.start();
});
afterEach(async () => {
  await receiver.stop();
  rmSync(directory, { recursive: true });
});

/** undefined: the channel has no dry form. */
async function dryRun(
  kind: ChannelKind,
  settings: object,
  allowTargets = LOOPBACK,
): Promise<Outcome | undefined> {
  const context = { id: 'x', env: { PASSWORD: 'hunter2' }, timeZone: 'UTC', allowTargets };
  const channel = kind.read(
    'x.yaml',
    { kind: kind.kind, timeout: '1s', ...settings },
    {
      ...context,
      allowPrograms: undefined,
    },
  );
  return channel.dryRun?.({ nowMs: AT_MS, signal: new AbortController().signal });
}

describe('the dry form of a channel', () => {
  it('is not there unless its file asks for it', async () => {
    const { url } = receiver;
    const mail = { host: '127.0.0.1', tls: 'none', from: 'a@example.vn', to: ['b@example.vn'] };
    const found = [
      await dryRun(webhookKind, { url }),
      await dryRun(alertmanagerKind, { url }),
      await dryRun(emailKind, mail),
      await dryRun(execKind, { program: '/bin/true' }),
    ];
    expect(found).toEqual([undefined, undefined, undefined, undefined]);
    expect(receiver.received).toEqual([]);
  });

  it('of a webhook says that it is the canary, and is asked for the same answer', async () => {
    const settings = { url: receiver.url, canary: true, expect: { field: 'ok', value: true } };
    receiver.answer = (response) => response.end('{"ok":true}');
    expect(await dryRun(webhookKind, settings)).toMatchObject({ kind: 'delivered' });
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({
      ...{ kind: 'canary', status: 'canary', channel: 'x', madeAtMs: AT_MS, alerts: [] },
    });
    receiver.answer = (response) => response.end('{"ok":false}');
    expect(await dryRun(webhookKind, settings)).toMatchObject({ kind: 'failed' });
  });

  it('of a webhook that people read is refused when the file is read', async () => {
    const settings = { url: receiver.url, canary: true, body: { text: '{{message}}' } };
    await expect(dryRun(webhookKind, settings)).rejects.toThrow('x.yaml: canary: expected false beside body');
  });

  it('of Alertmanager is an empty list', async () => {
    const settings = { url: `${receiver.url}/am`, canary: true };
    expect(await dryRun(alertmanagerKind, settings)).toMatchObject({ kind: 'delivered' });
    expect(receiver.received).toMatchObject([{ path: '/am/api/v2/alerts', body: '[]' }]);
  });

  it.each([
    ['webhook', webhookKind],
    ['Alertmanager', alertmanagerKind],
  ])(
    'of %s fails where a message would: 500, no answer, a redirect, an address that is not allowed',
    async (_name, kind) => {
      const settings = { url: receiver.url, canary: true };
      receiver.answer = (response) => response.writeHead(500).end('no');
      expect(await dryRun(kind, settings)).toEqual({ kind: 'failed', answer: 'status 500: no' });
      receiver.answer = () => undefined;
      expect(await dryRun(kind, settings)).toEqual({ kind: 'failed', answer: 'no answer within 1000 ms' });
      receiver.answer = (response) => response.writeHead(307, { location: `${receiver.url}/inner` }).end();
      expect(await dryRun(kind, settings)).toMatchObject({ kind: 'failed' });
      expect(receiver.received).toHaveLength(3);
      expect(await dryRun(kind, settings, [])).toMatchObject({ kind: 'failed' });
      expect(receiver.received).toHaveLength(3);
    },
  );

  it('of e-mail logs in and sends nothing', async () => {
    const server = await MailServer.start({
      allowInsecureAuth: true,
      onAuth: ({ password }, _session, done) =>
        done(password === 'hunter2' ? null : new Error('wrong'), { user: 'ward' }),
    });
    const settings = {
      ...{ host: '127.0.0.1', port: server.port, tls: 'none', timeout: '5s', canary: true },
      ...{ from: 'a@example.vn', to: ['b@example.vn'] },
    };
    const login = (password: object) => ({ ...settings, login: { user: 'ward', password } });
    try {
      expect(await dryRun(emailKind, login({ env: 'PASSWORD' }))).toEqual({
        kind: 'delivered',
        answer: 'logged in',
      });
      expect(await dryRun(emailKind, settings)).toEqual({ kind: 'delivered', answer: 'greeted' });
      const refused = await dryRun(emailKind, login({ value: 'hunter3hunter3' }));
      expect(refused).toMatchObject({ kind: 'failed' });
      expect(refused?.answer).not.toContain('hunter3');
      expect(server.received).toEqual([]);
    } finally {
      await server.stop();
    }
    expect(await dryRun(emailKind, settings)).toMatchObject({ kind: 'failed' });
  });

  it('of a program runs it with arguments of its own, and nothing to send', async () => {
    const program = join(directory, 'send');
    const seen = join(directory, 'seen');
    writeFileSync(
      program,
      `#!/bin/sh\necho "$@" "$WARDWATCH_CANARY" > ${seen}\ncat >> ${seen}\n[ "$1" = --check ]\n`,
    );
    chmodSync(program, 0o755);
    const settings = { program, args: ['+84901234567'] };
    const check = { ...settings, canary: { args: ['--check'] } };
    expect(await dryRun(execKind, check)).toMatchObject({ kind: 'delivered' });
    expect(readFileSync(seen, 'utf8')).toBe('--check 1\n');
    rmSync(seen);
    expect(await dryRun(execKind, { ...settings, canary: { args: ['--other'] } })).toMatchObject({
      kind: 'failed',
    });
    expect(existsSync(seen)).toBe(true);
  });
});
