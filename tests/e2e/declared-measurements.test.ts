import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { startSnmpAgent, type SnmpAgent } from '../../simulators/devices/snmp/agent.ts';
import { parseRecording } from '../../simulators/devices/snmp/recording.ts';
import { AGENT_PASSWORD, CentralProgram } from '../support/central-program.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const AGENT = 'gw-26734-01';
const example = (name: string): string => join(import.meta.dirname, '../../examples', name);
const scratch = temporaryDirectory('declared');
const measurements = join(scratch.path, 'measurements');
const COLUMN = '1.3.6.1.4.1.99999.8.1.1';
const RECORDING = `1.3.6.1.2.1.1.1.0|4|Acme air monitor
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.8
1.3.6.1.2.1.1.3.0|67|9000000
1.3.6.1.2.1.1.5.0|4|air-1
${COLUMN}.2.1|4|north
${COLUMN}.2.2|4|south
${COLUMN}.3.1|2|812
${COLUMN}.3.2|2|-1
${COLUMN}.4.1|2|123
${COLUMN}.4.2|2|50
${COLUMN}.5.1|2|3
${COLUMN}.5.2|2|4
${COLUMN}.6.1|2|1
${COLUMN}.6.2|2|2`;

let monitor: SnmpAgent;
let brokerPort: number;
let central: CentralProgram;
let edge: Wardwatch;

async function startCentral(): Promise<void> {
  central = await CentralProgram.start({
    directory: join(scratch.path, 'central'),
    agents: [AGENT],
    broker: { kind: 'embedded', host: '127.0.0.1', port: brokerPort },
    settings: { measurementsDirectory: measurements },
  });
}

const until = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 30_000, interval: 100 });

interface CatalogueAnswer {
  readonly measurements: readonly { readonly name: string }[];
  readonly refused?: readonly string[];
}

async function custom(): Promise<readonly string[]> {
  const { measurements: all } = await central.get<CatalogueAnswer>('/api/v1/catalogue');
  return all.map(({ name }) => name).filter((name) => name.startsWith('custom_'));
}

async function readings(): Promise<
  readonly { tags: Record<string, string>; points: readonly (readonly [number, number])[] }[]
> {
  const query = 'measurement=custom_room_air&field=particles_ug_per_m3&from=-10m';
  return (await central.get<{ series: Awaited<ReturnType<typeof readings>> }>(`/api/v1/series?${query}`))
    .series;
}

beforeAll(async () => {
  for (const name of ['measurements', 'profiles', 'central']) mkdirSync(join(scratch.path, name));
  copyFileSync(example('profiles/acme-air-monitor.yaml'), join(scratch.path, 'profiles', 'air.yaml'));
  monitor = await startSnmpAgent({ recording: parseRecording(RECORDING, 'air') });
  brokerPort = await freePort();
  await startCentral();
  const password = join(scratch.path, 'password');
  writeFileSync(password, AGENT_PASSWORD);
  const config = join(scratch.path, 'edge.yaml');
  const snmp = {
    kind: 'snmp',
    intervalMs: 2_000,
    replyTimeoutMs: 900,
    credentials: { room: { version: '2c', community: { value: 'public' } } },
    devices: [{ device: 'air-1', address: '127.0.0.1', port: monitor.port, credentials: 'room' }],
  };
  writeFileSync(
    config,
    JSON.stringify({
      agent: AGENT,
      dataDirectory: join(scratch.path, 'edge'),
      profilesDirectory: join(scratch.path, 'profiles'),
      broker: { url: `mqtt://127.0.0.1:${brokerPort}`, username: AGENT, passwordFile: password },
      collectors: [snmp],
    }),
  );
  edge = new Wardwatch(['edge', '--config', config]);
});

afterAll(async () => {
  await edge.end('SIGKILL');
  await central.end('SIGKILL');
  await monitor.close();
  scratch.remove();
});

it('a measurement that only the agent declares is put aside with what to do, and nothing else is', async () => {
  await until(async () => {
    const found = await central.quarantined(`agent=${AGENT}`);
    expect(found[0]).toMatchObject({ code: 'unknown-measurement' });
    expect(found[0]?.reason).toBe(
      'measurement "custom_room_air" is not in the catalogue: declare it in measurementsDirectory of central.yaml, as the profile of the agent does under custom, or push that profile from central',
    );
  });
  await until(async () => {
    const answer = await central.get<{ rows: readonly object[] }>(
      '/api/v1/latest?measurement=device&tag.device=air-1',
    );
    expect(answer.rows.length).toBeGreaterThan(0);
  });
});

it('once central declares it, it is stored and asked for as any other', async () => {
  copyFileSync(example('measurements/room-air.yaml'), join(measurements, 'room-air.yaml'));
  await until(async () => expect(await custom()).toEqual(['custom_room_air']));
  await until(async () => {
    const found = await readings();
    const newest = found.map(({ tags, points }) => `${tags['sensor']} ${points.at(-1)?.[1]}`);
    expect(newest).toEqual(['north 12.3', 'south 5']);
  });
  const latest = await central.get<{ rows: readonly { tags: Record<string, string> }[] }>(
    '/api/v1/latest?measurement=custom_room_air',
  );
  expect(latest.rows.map(({ tags }) => `${tags['device']} ${tags['sensor']}`)).toEqual([
    'air-1 north',
    'air-1 south',
  ]);
  const top = await central.fetch('/api/v1/top?measurement=custom_room_air&field=co2_ppm');
  expect(top.status).toBe(200);
});

it('rubbish beside it changes nothing', async () => {
  writeFileSync(join(measurements, 'rubbish.yaml'), 'custom: [{ measurement: cpu, fields: 7 }, 9]');
  await until(async () => {
    const { rows } = await central.get<{ rows: readonly unknown[] }>('/api/v1/latest?measurement=pipeline');
    expect(JSON.stringify(rows)).toMatch(/"rule_problems":[1-9]/);
  });
  expect(await custom()).toEqual(['custom_room_air']);
  rmSync(join(measurements, 'rubbish.yaml'));
});

it('a pushed config that declares it otherwise is refused with both named; one that is new is taken in, and survives a restart', async () => {
  const profile = parse(readFileSync(example('profiles/acme-air-monitor.yaml'), 'utf8')) as Record<
    string,
    unknown
  >;
  const snmp = (custom: unknown, rows: unknown) => ({
    kind: 'snmp',
    intervalMs: 2_000,
    replyTimeoutMs: 900,
    credentials: { room: { version: '2c', community: { env: 'WARDWATCH_SECRET_SNMP' } } },
    devices: [{ device: 'air-1', address: '10.9.9.9', credentials: 'room' }],
    profiles: [{ ...profile, custom, measurements: rows }],
  });
  const put = async (custom: unknown, rows: unknown) => {
    const body = { expectedRevision: 0, config: { collectors: [snmp(custom, rows)] } };
    return central.fetch(`/api/v1/agents/${AGENT}/config`, { method: 'PUT', body });
  };
  const rows = (measurement: string) => [{ measurement, fields: { co2_ppm: `${COLUMN}.3` } }];
  const field = (max: number) => ({ co2_ppm: { type: 'float', unit: '[ppm]', min: 0, max } });
  const refused = await put([{ measurement: 'custom_room_air', fields: field(9) }], rows('custom_room_air'));
  expect(refused.status).toBe(422);
  const text = await refused.text();
  expect(text).toContain(
    `the config of ${AGENT}: custom_room_air: ${join(measurements, 'room-air.yaml')} declares it, too`,
  );
  const undeclared = await put([], rows('custom_other'));
  expect(undeclared.status).toBe(422);
  expect(await undeclared.text()).toContain('expected a declaration of it in custom');
  const taken = await put([{ measurement: 'custom_other', fields: field(9) }], rows('custom_other'));
  expect(taken.status).toBeLessThan(300);
  expect(await custom()).toEqual(['custom_room_air', 'custom_other']);
  await central.end('SIGKILL');
  await startCentral();
  expect([...(await custom())].sort()).toEqual(['custom_other', 'custom_room_air']);
  expect((await readings()).length).toBeGreaterThan(0);
});

it('a kill at night with a file that is broken meanwhile stops nothing, and forgets nothing', async () => {
  writeFileSync(
    join(measurements, 'room-air.yaml'),
    'custom: [{ measurement: custom_room_air, fields: { co2_ppm: 7 } }]',
  );
  await central.end('SIGKILL');
  await startCentral();
  expect([...(await custom())].sort()).toEqual(['custom_other', 'custom_room_air']);
  const { refused } = await central.get<CatalogueAnswer>('/api/v1/catalogue');
  expect(refused).toEqual([
    expect.stringMatching(/room-air\.yaml: custom\[0\]\.fields\.co2_ppm: .*, got 7$/),
  ]);
  const restartedMs = Date.now();
  await until(async () => {
    const newest = (await readings()).flatMap(({ points }) => points.map(([timeMs]) => timeMs));
    expect(Math.max(...newest)).toBeGreaterThan(restartedMs);
  });
  await until(async () => {
    const { items } = await central.get<{ items: readonly { rule: string }[] }>(
      '/api/v1/alerts?rule=central_rules_refused',
    );
    expect(items).toHaveLength(1);
  });
});
