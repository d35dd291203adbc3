import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIcmpProbe, PingMissingError } from './icmp-probe.ts';

const plan = { count: 2, replyTimeoutMs: 1_000 };
const signal = AbortSignal.timeout(9_000);
const recorded = (name: string) => join(import.meta.dirname, 'testdata', `${name}.txt`);
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-ping-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A program that says what a recorded ping said. */
function pingThat(...script: string[]): string {
  const file = join(directory, 'ping');
  writeFileSync(file, ['#!/bin/sh', ...script, ''].join('\n'));
  chmodSync(file, 0o755);
  return file;
}

describe('the ICMP probe', () => {
  it('hands its arguments over in the C locale, without a shell', async () => {
    const seen = join(directory, 'seen');
    const program = pingThat(`echo "$LC_ALL $@" > ${seen}`, `cat ${recorded('iputils')}`);
    const burst = await createIcmpProbe(undefined, program)(
      '10.26.7.1',
      { count: 5, replyTimeoutMs: 1_500 },
      signal,
    );
    expect(burst.received).toBe(5);
    expect(readFileSync(seen, 'utf8')).toBe('C -n -c 5 -W 2 10.26.7.1\n');
  });

  it('takes exit code 1 with statistics for silence of the target', async () => {
    const program = pingThat(`cat ${recorded('iputils-all-lost')}`, 'exit 1');
    expect(await createIcmpProbe(undefined, program)('10.26.7.9', plan, signal)).toMatchObject({
      transmitted: 5,
      received: 0,
    });
  });

  it.each([
    ['iputils', 'echo "ping: nowhere.invalid: Name or service not known" >&2', 'exit 2'],
    ['BusyBox', 'echo "ping: bad address \'nowhere.invalid\': Name or service not known" >&2', 'exit 1'],
  ])('passes on what %s says of a name it cannot look up', async (_which, ...script) => {
    const probing = createIcmpProbe(undefined, pingThat(...script))('nowhere.invalid', plan, signal);
    await expect(probing).rejects.toThrow('Name or service not known');
  });

  it('kills a ping that hangs when the run is aborted', async () => {
    const started = join(directory, 'started');
    const program = pingThat(`echo $$ > ${started}`, 'exec sleep 60');
    const controller = new AbortController();
    const probing = createIcmpProbe(undefined, program)('10.26.7.1', plan, controller.signal);
    const pid = Number(await whenWritten(started));
    controller.abort(new Error('called off'));
    await expect(probing).rejects.toThrow('called off');
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('says when there is no ping', async () => {
    const probing = createIcmpProbe(undefined, join(directory, 'ping'))('10.26.7.1', plan, signal);
    await expect(probing).rejects.toThrow(PingMissingError);
  });
});

async function whenWritten(file: string): Promise<string> {
  const text = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  await expect.poll(text).toMatch(/\n$/);
  return text();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
