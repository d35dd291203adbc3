import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from './logger.ts';
import { systemdNotifier } from './systemd.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-systemd-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A `systemd-notify` on the path that records its arguments, in place of systemd. */
function environment(more: NodeJS.ProcessEnv): { env: NodeJS.ProcessEnv; calls: () => string[] } {
  const program = join(directory, 'systemd-notify');
  const record = join(directory, 'calls');
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${record}\n`);
  chmodSync(program, 0o755);
  return {
    env: { PATH: `${directory}:${process.env['PATH'] ?? ''}`, NOTIFY_SOCKET: '/run/x', ...more },
    calls: () => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []),
  };
}

describe('systemd', () => {
  it('is notified that the program is ready, alive, and stopping', async () => {
    const { env, calls } = environment({ WATCHDOG_USEC: '100000' });
    const notifier = systemdNotifier(env, silentLogger);
    await notifier?.start(new AbortController().signal);
    await vi.waitFor(() => expect(calls().length).toBeGreaterThanOrEqual(3), 5_000);
    await notifier?.stop();
    expect(calls()[0]).toBe('/run/x READY=1');
    expect(calls()[1]).toBe('/run/x WATCHDOG=1');
    expect(calls()).toContain('/run/x STOPPING=1');
  });

  it('is not notified if it did not start the program, and a missing systemd-notify is no failure', async () => {
    expect(systemdNotifier({}, silentLogger)).toBeUndefined();
    const notifier = systemdNotifier({ NOTIFY_SOCKET: '/run/x', PATH: directory }, silentLogger);
    await notifier?.start(new AbortController().signal);
    await notifier?.stop();
  });
});
