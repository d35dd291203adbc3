import { cpus, totalmem } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prometheusKind } from '../../edge/collectors/prometheus/prometheus.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { freePort } from '../support/free-port.ts';
import { describeWith, requirePart } from '../support/parts.ts';
import { ServerProcess } from '../support/server-process.ts';
import { throughCentral } from '../support/through-central.ts';

describeWith(['prometheus-node-exporter'], 'Debian’s node_exporter on this machine', () => {
  let exporter: ServerProcess;
  let url: string;

  beforeAll(async () => {
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}/metrics`;
    exporter = new ServerProcess({
      program: requirePart('prometheus-node-exporter'),
      args: [`--web.listen-address=${address}`],
      isReady: () =>
        fetch(url).then(
          async (answer) => (await answer.text()).includes('node_memory_MemTotal_bytes'),
          () => false,
        ),
    });
    await exporter.start();
  });
  afterAll(() => exporter.dispose());

  function collectorOfPool(pool: string) {
    const config = prometheusKind.configSchema.parse({
      targets: [{ url, mapping: 'node-exporter', pool, tags: { site: 's-dc' } }],
    });
    return prometheusKind.create(config, { clock: systemClock, log: silentLogger, commonTags: {} });
  }

  it('becomes a pool with this machine’s processors and memory, and processors in use from the second reading on', async () => {
    const collector = collectorOfPool('dc-1');
    const first = await collector.collect(AbortSignal.timeout(20_000));
    const { samples, errors } = await collector.collect(AbortSignal.timeout(20_000));
    expect([...first.errors, ...errors]).toEqual([]);

    const fieldsOf = (resource: string) => samples.find(({ tags }) => tags['resource'] === resource)?.fields;
    expect(fieldsOf('cpu')).toMatchObject({ physical: cpus().length, hosts: 1, hosts_silent: 0 });
    expect(fieldsOf('cpu')?.['used']).toBeGreaterThanOrEqual(0);
    expect(fieldsOf('memory')).toMatchObject({ physical: totalmem(), hosts: 1 });
    expect(fieldsOf('memory')?.['used']).toBeGreaterThan(0);
    expect(fieldsOf('memory')?.['used']).toBeLessThan(totalmem());
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
    await collector.close();
  });

  it('that was killed is an error with its address', async () => {
    const collector = collectorOfPool('dc-2');
    await exporter.kill('SIGKILL');
    const { samples, errors } = await collector.collect(AbortSignal.timeout(20_000));
    expect(samples).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(url)]);
    await collector.close();
  });
});
