import { afterAll, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { createChronyCollector } from '../../edge/collectors/chrony/chrony.ts';
import { askClock } from '../../edge/collectors/chrony/clock-answers.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { startChronyd, type Chronyd } from '../support/chronyd.ts';
import { freeUdpPorts } from '../support/free-udp-ports.ts';
import { describeWith } from '../support/parts.ts';
import { throughCentral } from '../support/through-central.ts';

const deps = {
  clock: systemClock,
  log: silentLogger,
  commonTags: { host: 'h1', site: 's-1', unit: '26734' },
};
const signal = AbortSignal.timeout(100_000);

describeWith(['chronyd'], 'a clock that chrony keeps', () => {
  const running: Chronyd[] = [];
  afterAll(() => Promise.all(running.map((daemon) => daemon.stop())));

  const start = (commandPort: number, lines: readonly string[]) => {
    const daemon = startChronyd(commandPort, lines);
    running.push(daemon);
    const collector = createChronyCollector((stop) => askClock(stop, daemon.chronycOptions), deps);
    /** Asks until the answer fits: chronyd has no event to wait for. */
    const until = async (fits: (fields: Sample['fields']) => boolean): Promise<Sample> => {
      for (;;) {
        signal.throwIfAborted();
        daemon.throwIfEnded();
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
    const client = start(clientPort, [
      `server 127.0.0.1 port ${port} iburst minpoll -4 maxpoll -4`,
      'port 0',
    ]);
    const lost = await client.until(({ synchronised }) => synchronised === false);
    expect(lost.fields).toEqual({ synchronised: false });

    const server = start(serverPort, [
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
    const { daemon, collector, until } = start(port, ['port 0']);
    await until(() => true);
    await daemon.stop();
    await expect(collector.collect(signal)).rejects.toThrow('Cannot talk to daemon');
  });
});
