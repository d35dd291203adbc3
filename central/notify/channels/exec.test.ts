import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertOf, AT_MS, messageOf } from '../testing/messages.ts';
import type { Outcome } from './channel.ts';
import { execKind } from './exec.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-exec-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const path = (name: string): string => join(directory, name);

function program(script: string): string {
  writeFileSync(path('send'), `#!/bin/sh\n${script}\n`);
  chmodSync(path('send'), 0o755);
  return path('send');
}

function send(
  script: string,
  settings: object = {},
  signal = new AbortController().signal,
): Promise<Outcome> {
  const file = program(script);
  const context = { id: 'sms', env: {}, timeZone: 'UTC', allowTargets: [], allowPrograms: [file] };
  const content = { kind: 'exec', program: file, timeout: '1s', ...settings };
  const channel = execKind.read('sms.yaml', content, context);
  return channel.send(messageOf(alertOf('begin')), { nowMs: AT_MS, signal });
}

describe('a program', () => {
  it('gets the message on its stdin, its arguments as they are, and the key', async () => {
    const script = `cat > ${path('in')}; printf '%s|' "$@" > ${path('args')}; echo "$WARDWATCH_KEY" "$HOME"`;
    const args = ['+84901234567', '; touch x $(id) `id`', '*'];
    expect(await send(script, { args, language: 'vi' })).toEqual({
      kind: 'delivered',
      answer: 'exit code 0: n-1',
    });
    expect(readFileSync(path('args'), 'utf8')).toBe(`${args.join('|')}|`);
    expect(readFileSync(path('in'), 'utf8')).toMatch(
      /^\[NGHIÊM TRỌNG\] Có khói .*\nGọi cứu hoả \(114\)\.\n$/,
    );
  });

  it('that fails is told with what it printed', async () => {
    expect(await send('echo no credit >&2; exit 3')).toEqual({
      kind: 'failed',
      answer: 'exit code 3: no credit',
    });
    expect(await send('kill -9 $$')).toEqual({ kind: 'failed', answer: 'ended by SIGKILL' });
  });

  it('that does not read its stdin, or prints without end, does no harm', async () => {
    expect(await send('exec <&-; exit 0')).toMatchObject({ kind: 'delivered' });
    const outcome = await send('while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done');
    expect(outcome).toEqual({ kind: 'failed', answer: 'did not end within 1000 ms' });
  });

  it('that hangs is killed with what it has started', async () => {
    const outcome = await send(`(sleep 2; touch ${path('alive')}) & sleep 60`);
    expect(outcome).toEqual({ kind: 'failed', answer: 'did not end within 1000 ms' });
    // Longer than its child would have needed.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(existsSync(path('alive'))).toBe(false);
  });

  it('that leaves something running in the background has ended all the same', async () => {
    expect(await send('sleep 5 & echo sent')).toEqual({ kind: 'delivered', answer: 'exit code 0: sent' });
  });

  it('is killed when central stops', async () => {
    const stop = new AbortController();
    const outcome = send('sleep 60', { timeout: '20s' }, stop.signal);
    stop.abort(new Error('central stops'));
    expect(await outcome).toEqual({ kind: 'failed', answer: 'central stops' });
  });

  it('that is not there, or is none, is told', async () => {
    const file = path('none');
    const context = { id: 'sms', env: {}, timeZone: 'UTC', allowTargets: [], allowPrograms: [file] };
    const channel = execKind.read('sms.yaml', { kind: 'exec', program: file }, context);
    const outcome = await channel.send(messageOf(), { nowMs: AT_MS, signal: new AbortController().signal });
    expect(outcome).toMatchObject({ kind: 'failed', answer: expect.stringContaining('ENOENT') as string });
  });

  it('that central.yaml does not allow is refused when the file is read', () => {
    const context = {
      id: 'sms',
      env: {},
      timeZone: 'UTC',
      allowTargets: [],
      allowPrograms: ['/usr/bin/sms'],
    };
    const read = (program: string) => () => execKind.read('sms.yaml', { kind: 'exec', program }, context);
    expect(read('/bin/sh')).toThrow(
      "sms.yaml: program: /bin/sh may not be run; to allow it, in central.yaml: notify: { allowPrograms: ['/bin/sh'] }",
    );
    expect(read('/usr/bin/../bin/sms')).toThrow('may not be run');
    expect(read('sms')).toThrow('expected an absolute path');
  });
});
