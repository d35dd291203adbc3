import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prometheusKind } from '../../edge/collectors/prometheus/prometheus.ts';
import { READY_MAPPINGS } from '../../edge/collectors/prometheus/mappings/index.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { throughCentral } from '../support/through-central.ts';

const testdata = new URL('../../edge/collectors/prometheus/testdata/', import.meta.url);

describe('exporters of a datacentre', () => {
  const server = createServer((request, response) => {
    response.end(readFileSync(new URL(`./${request.url?.slice(1) ?? ''}.prom`, testdata)));
  });
  let origin: string;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  it('become pools that central stores', async () => {
    const names = [...READY_MAPPINGS.keys()];
    const config = prometheusKind.configSchema.parse({
      targets: names.map((name) => ({ url: `${origin}/${name}`, mapping: name, pool: `dc-1-${name}` })),
    });
    const deps = { clock: systemClock, log: silentLogger, commonTags: { host: 'gw-1', site: 's-dc' } };
    const { samples, errors } = await prometheusKind.create(config, deps).collect(AbortSignal.timeout(9_000));
    expect(errors).toEqual([]);
    const pools = new Set(samples.map(({ tags }) => tags['pool']?.split('/')[0]));
    expect([...pools].sort()).toEqual(names.map((name) => `dc-1-${name}`).sort());
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
  });
});
