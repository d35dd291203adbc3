import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChronyCollector } from '../../edge/collectors/chrony/chrony.ts';
import type { Collector } from '../../edge/collectors/collector.ts';
import { askClock } from '../../edge/collectors/chrony/clock-answers.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { freePort } from '../support/free-port.ts';
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

  const stop = async (daemon: ChildProcess): Promise<void> => {
    if (daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await ended;
  };
  /** -x: leaves the system's clock alone. */
  const start = async (name: string, lines: readonly string[]) => {
    const port = await freePort();
    const file = join(directory, `${name}.conf`);
    const own = [`cmdport ${port}`, 'bindcmdaddress 127.0.0.1', `pidfile ${directory}/${name}.pid`];
    writeFileSync(file, [...lines, ...own, ''].join('\n'));
    const daemon = spawn(requirePart('chronyd'), ['-U', '-x', '-d', '-f', file], { stdio: 'ignore' });
    daemons.push(daemon);
    const options = ['-h', '127.0.0.1', '-p', String(port)];
    return { daemon, collector: createChronyCollector((stop) => askClock(stop, options), deps) };
  };
  /** Asks until the answer fits: chronyd has no event to wait for. */
  const until = async (
    collector: Collector,
    fits: (fields: Readonly<Record<string, unknown>>) => boolean,
  ) => {
    for (;;) {
      signal.throwIfAborted();
      const collected = await collector.collect(signal).catch(() => undefined);
      const [sample] = collected?.samples ?? [];
      if (sample !== undefined && fits(sample.fields)) return sample;
      await systemClock.sleep(50, signal);
    }
  };

  it('is not synchronised before it has a source, and well kept once it follows one', async () => {
    const port = await freePort();
    const { collector } = await start('client', [
      `server 127.0.0.1 port ${port} iburst minpoll -6 maxpoll -4`,
      'port 0',
    ]);
    const lost = await until(collector, ({ synchronised }) => synchronised === false);
    expect(lost.fields).toEqual({ synchronised: false });

    const server = await start('server', [
      'local stratum 5',
      `port ${port}`,
      'bindaddress 127.0.0.1',
      'allow 127.0.0.1',
    ]);
    const kept = await until(collector, ({ synchronised }) => synchronised === true);
    expect(kept.tags).toMatchObject({ reference_id: '127.0.0.1', stratum: '6', leap_status: 'normal' });
    expect(Math.abs(Number(kept.fields['system_time']))).toBeLessThan(0.05);
    expect(throughCentral([lost, kept])).toEqual({ points: 2, refusals: [] });

    const [own] = (await server.collector.collect(signal)).samples;
    expect(own?.fields).toEqual({ synchronised: false });
  });

  it('is an error once the daemon is gone', async () => {
    const { daemon, collector } = await start('gone', ['port 0']);
    await until(collector, () => true);
    await stop(daemon);
    await expect(collector.collect(signal)).rejects.toThrow('Cannot talk to daemon');
  });
});
