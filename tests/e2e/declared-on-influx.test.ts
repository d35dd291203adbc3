import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { CentralProgram } from '../support/central-program.ts';
import { startInflux, type InfluxServer } from '../support/influx.ts';
import { describeWith } from '../support/parts.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory } from '../support/server-process.ts';

const AGENT = 'gw-26734-01';
const CO2 = { type: 'float', unit: '[ppm]', min: 0 };

describeWith(['influxd'], 'declared measurements in a real InfluxDB', () => {
  const scratch = temporaryDirectory('declared-influx');
  const measurements = join(scratch.path, 'measurements');
  let influx: InfluxServer;
  let central: CentralProgram;
  let agent: RawAgent;

  async function start(): Promise<void> {
    central = await CentralProgram.start({
      directory: join(scratch.path, 'central'),
      agents: [AGENT],
      store: { kind: 'influx', url: influx.url, database: 'declared' },
      settings: { measurementsDirectory: measurements },
    });
    const sent = (agent as RawAgent | undefined)?.sentBatches ?? 0;
    agent = await RawAgent.connect(central.brokerUrl, AGENT);
    agent.continueAfter(sent);
  }

  function declare(tags: object, fields: object): void {
    const custom = [{ measurement: 'custom_air', tags, fields }];
    writeFileSync(join(measurements, 'air.yaml'), JSON.stringify({ custom }));
  }

  async function store(tags: Sample['tags'], fields: Sample['fields']): Promise<void> {
    const sample = { measurement: 'custom_air', tags, fields, timeMs: Date.now() };
    await agent.untilStored(agent.send([sample]));
  }

  /** `room value` of each series, in the order of the rooms. */
  async function values(field: string): Promise<readonly string[]> {
    interface Answer {
      series: { tags: Record<string, string>; points: [number, number][] }[];
    }
    const query = `measurement=custom_air&field=${field}&from=-10m`;
    const { series } = await central.get<Answer>(`/api/v1/series?${query}`);
    return series
      .map(({ tags, points }) => `${tags['room'] ?? '-'} ${points.map(([, value]) => value).join()}`)
      .sort();
  }

  beforeAll(async () => {
    for (const name of ['measurements', 'central']) mkdirSync(join(scratch.path, name));
    declare({}, { co2_ppm: CO2, alarm: { type: 'bool' } });
    influx = await startInflux();
    await start();
  });
  afterAll(async () => {
    agent.end();
    await central.end('SIGKILL');
    await influx.stop();
    scratch.remove();
  });

  it('are stored and asked for, gain a tag and a field while central runs, and are there after a restart', async () => {
    await store({}, { co2_ppm: 812.5, alarm: false });
    expect(await values('co2_ppm')).toEqual(['- 812.5']);
    declare({ room: {} }, { co2_ppm: CO2, dust_ug_per_m3: { ...CO2, unit: 'ug/m3' } });
    central.signal('SIGHUP');
    await vi.waitFor(
      async () => {
        const text = await (await central.fetch('/api/v1/catalogue')).text();
        expect(text).toContain('dust_ug_per_m3');
      },
      { timeout: 30_000, interval: 100 },
    );
    await store({ room: 'north' }, { co2_ppm: 900, dust_ug_per_m3: 12 });
    expect(await values('co2_ppm')).toEqual(['- 812.5', 'north 900']);
    expect(agent.refused).toEqual([]);

    agent.end();
    await central.end('SIGKILL');
    await start();
    await store({ room: 'south' }, { dust_ug_per_m3: 3 });
    expect(await values('dust_ug_per_m3')).toEqual(['north 12', 'south 3']);
    expect(await values('co2_ppm')).toEqual(['- 812.5', 'north 900']);
  });
});
