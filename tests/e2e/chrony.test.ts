import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { createChronyCollector } from '../../edge/collectors/chrony/chrony.ts';
import { askClock } from '../../edge/collectors/chrony/clock-answers.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { freeUdpPorts } from '../support/free-udp-ports.ts';
import { describeWith, requirePart } from '../support/parts.ts';
import { throughCentral } from '../support/through-central.ts';

const deps = {
  clock: systemClock,
  log: silentLogger,
  commonTags: { host: 'h1', site: 's-1', unit: '26734' },
};
const signal = AbortSignal.timeout(100_000);

describeWith(['chronyd'], 'a clock that chrony keeps', () => {
  let directory: string;
  const daemons: ChildProcess[] = [];
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-chrony-'));
  });
  afterAll(async () => {
    await Promise.all(daemons.map((daemon) => stop(daemon)));
    rmSync(directory, { recursive: true, force: true });
  });

  const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;
  const stop = async (daemon: ChildProcess): Promise<void> => {
    if (hasEnded(daemon)) return;
    const ended = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await ended;
  };
  /** -x: leaves the system's clock alone. */
  const start = (name: string, commandPort: number, lines: readonly string[]) => {
    const file = join(directory, `${name}.conf`);
    const own = [`cmdport ${commandPort}`, 'bindcmdaddress 127.0.0.1', `pidfile ${directory}/${name}.pid`];
    writeFileSync(file, [...lines, ...own, ''].join('\n'));
    const daemon = spawn(requirePart('chronyd'), ['-U', '-x', '-d', '-f', file]);
    daemons.push(daemon);
    let said = '';
    daemon.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const options = ['-h', '127.0.0.1', '-p', String(commandPort)];
    const collector = createChronyCollector((stop) => askClock(stop, options), deps);
    /** Asks until the answer fits: chronyd has no event to wait for. */
    const until = async (fits: (fields: Sample['fields']) => boolean): Promise<Sample> => {
      for (;;) {
        signal.throwIfAborted();
        if (hasEnded(daemon)) throw new Error(`chronyd ended: ${said}`);
        const collected = await collector.collect(signal).catch(() => undefined);
        const [sample] = collected?.samples ?? [];
        if (sample !== undefined && fits(sample.fields)) return sample;
        await systemClock.sleep(50, signal);
      }
    };
    return { daemon, collector, until };
  };

  it('is not synchronised before it has a source, and well kept once it follows one', async () => {
    const [port = 0, clientPort = 0, serverPort = 0] = await freeUdpPorts(3);
    const client = start('client', clientPort, [
      `server 127.0.0.1 port ${port} iburst minpoll -4 maxpoll -4`,
      'port 0',
    ]);
    const lost = await client.until(({ synchronised }) => synchronised === false);
    expect(lost.fields).toEqual({ synchronised: false });

    const server = start('server', serverPort, [
      ...['local stratum 5', `port ${port}`, 'bindaddress 127.0.0.1', 'allow 127.0.0.1'],
    ]);
    expect((await server.until(() => true)).fields).toEqual({ synchronised: false });
    const kept = await client.until(({ synchronised }) => synchronised === true);
    expect(kept.tags).toMatchObject({ reference_id: '127.0.0.1', stratum: '6', leap_status: 'normal' });
    expect(Math.abs(Number(kept.fields['system_time']))).toBeLessThan(0.05);
    expect(throughCentral([lost, kept])).toEqual({ points: 2, refusals: [] });
  });

  it('is an error once the daemon is gone', async () => {
    const [port = 0] = await freeUdpPorts(1);
    const { daemon, collector, until } = start('gone', port, ['port 0']);
    await until(() => true);
    await stop(daemon);
    await expect(collector.collect(signal)).rejects.toThrow('Cannot talk to daemon');
  });
});
