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

/** A `systemd-notify` on the path that writes down what it is asked to say: there is no systemd in a test. */
function environment(more: NodeJS.ProcessEnv): { env: NodeJS.ProcessEnv; said: () => string[] } {
  const program = join(directory, 'systemd-notify');
  const record = join(directory, 'said');
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${record}\n`);
  chmodSync(program, 0o755);
  return {
    env: { PATH: `${directory}:${process.env['PATH'] ?? ''}`, NOTIFY_SOCKET: '/run/x', ...more },
    said: () => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []),
  };
}

describe('systemd', () => {
  it('is told when the program is ready, that it lives, and that it stops', async () => {
    const { env, said } = environment({ WATCHDOG_USEC: '100000' });
    const notifier = systemdNotifier(env, silentLogger);
    await notifier?.start(new AbortController().signal);
    await vi.waitFor(() => expect(said().length).toBeGreaterThanOrEqual(3), 5_000);
    await notifier?.stop();
    expect(said()[0]).toBe('/run/x READY=1');
    expect(said()[1]).toBe('/run/x WATCHDOG=1');
    expect(said()).toContain('/run/x STOPPING=1');
  });

  it('is left alone where it did not start the program, and without it nothing fails', async () => {
    expect(systemdNotifier({}, silentLogger)).toBeUndefined();
    const notifier = systemdNotifier({ NOTIFY_SOCKET: '/run/x', PATH: directory }, silentLogger);
    await notifier?.start(new AbortController().signal);
    await notifier?.stop();
  });
});
