import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import type { CollectorDeps } from '../collector.ts';
import { createIcmpProbe, PingMissingError } from './icmp-probe.ts';
import { icmpOrTcp, pingAll, pingKind } from './ping.ts';
import { isTargetAddress } from './target.ts';
import { createTcpProbe } from './tcp-probe.ts';

const deps: CollectorDeps = { clock: systemClock, log: silentLogger, commonTags: { host: 'gw-1' } };
const plan = { count: 2, replyTimeoutMs: 1_000 };
const quick = { count: 1, replyTimeoutMs: 1_000 };
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

describe('targets', () => {
  it.each(['10.1.2.3', '::1', 'fe80::1%eth0', 'gw-26734-01', 'dns.example.vn.', '_sip.example.vn'])(
    'takes %s',
    (text) => expect(isTargetAddress(text)).toBe(true),
  );
  it.each(['-f', '--help', '', 'a b', 'x;reboot', '$(id)', 'a..b', 'http://x', 'a'.repeat(300), 'ok\n-f'])(
    'refuses %j',
    (text) => expect(isTargetAddress(text)).toBe(false),
  );
});

describe('the ICMP probe', () => {
  it('hands its arguments over in the C locale, without a shell', async () => {
    const seen = join(directory, 'seen');
    const program = pingThat(`echo "$LC_ALL $@" > ${seen}`, `cat ${recorded('iputils')}`);
    const burst = await createIcmpProbe(program)('10.26.7.1', { count: 5, replyTimeoutMs: 1_500 }, signal);
    expect(burst.received).toBe(5);
    expect(readFileSync(seen, 'utf8')).toBe('C -n -c 5 -W 2 10.26.7.1\n');
  });

  it('takes exit code 1 with statistics for silence of the target', async () => {
    const program = pingThat(`cat ${recorded('iputils-all-lost')}`, 'exit 1');
    expect(await createIcmpProbe(program)('10.26.7.9', plan, signal)).toMatchObject({
      transmitted: 5,
      received: 0,
    });
  });

  it.each([
    ['iputils', 'echo "ping: nowhere.invalid: Name or service not known" >&2', 'exit 2'],
    ['BusyBox', 'echo "ping: bad address \'nowhere.invalid\': Name or service not known" >&2', 'exit 1'],
  ])('passes on what %s says of a name it cannot look up', async (_which, ...script) => {
    const probing = createIcmpProbe(pingThat(...script))('nowhere.invalid', plan, signal);
    await expect(probing).rejects.toThrow('Name or service not known');
  });

  it('kills a ping that hangs when the run is called off', async () => {
    const started = join(directory, 'started');
    const program = pingThat(`echo $$ > ${started}`, 'exec sleep 60');
    const controller = new AbortController();
    const probing = createIcmpProbe(program)('10.26.7.1', plan, controller.signal);
    const pid = Number(await whenWritten(started));
    controller.abort(new Error('called off'));
    await expect(probing).rejects.toThrow('called off');
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('says when there is no ping', async () => {
    const probing = createIcmpProbe(join(directory, 'ping'))('10.26.7.1', plan, signal);
    await expect(probing).rejects.toThrow(PingMissingError);
  });
});

describe('the TCP probe', () => {
  let server: Server;
  let port: number;
  beforeEach(async () => {
    server = createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => void server.close());

  it('measures connections one after the other', async () => {
    const hasty = { ...systemClock, sleep: async () => undefined };
    const burst = await createTcpProbe({ clock: hasty, port })('127.0.0.1', plan, signal);
    expect(burst).toMatchObject({ transmitted: 2, received: 2 });
    for (const rttMs of burst.rttsMs) expect(rttMs).toBeGreaterThan(0);
  });

  it('counts a refusal as an answer', async () => {
    server.close();
    await once(server, 'close');
    expect(await createTcpProbe({ clock: systemClock, port })('127.0.0.1', quick, signal)).toMatchObject({
      received: 1,
    });
  });

  it('rejects when the name cannot be looked up, and when the run is called off', async () => {
    const probe = createTcpProbe({ clock: systemClock, port });
    await expect(probe('nowhere.invalid', quick, signal)).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    const controller = new AbortController();
    const probing = probe('127.0.0.1', { count: 60, replyTimeoutMs: 1_000 }, controller.signal);
    controller.abort(new Error('called off'));
    await expect(probing).rejects.toThrow('called off');
  });
});

describe('a run over all targets', () => {
  const configOf = (more: object) =>
    pingKind.configSchema.parse({
      targets: ['10.0.0.1', { address: '10.0.0.2', device: 'n-26734-01' }],
      ...more,
    });

  it('gives a sample for each target, and result code 2 with an error for one that could not be judged', async () => {
    const probe = async (address: string) => {
      if (address === '10.0.0.2') throw new Error('Network is unreachable');
      return { transmitted: 1, received: 1, rttsMs: [7] };
    };
    const { samples, errors } = await pingAll(probe, configOf({}), deps, signal);
    expect(samples).toMatchObject([
      {
        measurement: 'ping',
        tags: { host: 'gw-1', url: '10.0.0.1' },
        fields: { average_response_ms: 7, result_code: 0 },
      },
      { tags: { host: 'gw-1', url: '10.0.0.2', device: 'n-26734-01' }, fields: { result_code: 2 } },
    ]);
    expect(errors.map((error) => error.message)).toEqual(['ping 10.0.0.2: Network is unreachable']);
  });

  it('keeps what is done when it is called off, and claims nothing of the rest', async () => {
    const controller = new AbortController();
    const probe = async (address: string) => {
      if (address === '10.0.0.1') return { transmitted: 1, received: 1, rttsMs: [7] };
      controller.abort(new Error('took longer than 30000 ms'));
      throw controller.signal.reason;
    };
    const { samples, errors } = await pingAll(probe, configOf({}), deps, controller.signal);
    expect(samples.map((sample) => sample.tags['url'])).toEqual(['10.0.0.1']);
    expect(errors).toHaveLength(1);
  });

  it('turns to TCP where there is no ping, but does not take a silent port for a dead host', async () => {
    let icmpTries = 0;
    const probe = icmpOrTcp({
      icmp: async () => {
        icmpTries++;
        throw new PingMissingError('ping cannot be run: ENOENT');
      },
      tcp: async (address) => ({
        transmitted: 1,
        received: address === '10.0.0.1' ? 1 : 0,
        rttsMs: [address === '10.0.0.1' ? 3 : undefined],
      }),
      config: configOf({ port: 443 }),
      deps,
    });
    for (let run = 0; run < 2; run++) {
      const { samples, errors } = await pingAll(probe, configOf({ port: 443 }), deps, signal);
      expect(samples.map((sample) => sample.fields['result_code'])).toEqual([0, 2]);
      expect(samples[1]?.fields).not.toHaveProperty('percent_packet_loss');
      expect(errors[0]?.message).toBe(
        'ping 10.0.0.2: no ping program here, and TCP port 443 does not answer',
      );
    }
    expect(icmpTries).toBe(2); // both targets of the first run, none of the second
  });

  it('knows how long a run takes at the longest', () => {
    const targets = Array.from({ length: 65 }, (_unused, index) => `10.0.1.${index}`);
    expect(pingKind.minimumIntervalMs?.(configOf({ targets }))).toBe(2 * 5_000);
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
