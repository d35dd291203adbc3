import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readCentralConfig } from '../../central/config/read-config.ts';
import { loadEdgeConfig } from '../../edge/config/edge-config.ts';
import { writeFileSync } from 'node:fs';
import { ALERTMANAGER_YML } from './alertmanager-yml.ts';
import { composeEdgeYaml, edgeYaml } from './edge-yaml.ts';
import { parseHost } from './hosts.ts';
import { MOSQUITTO_ACL, mosquittoConf } from './mosquitto-files.ts';
import { setUp } from './setup.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const example = (name: string): string => readFileSync(join(EXAMPLES, name), 'utf8');
/** What has an effect: neither comments nor empty lines. */
const linesOf = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));

let directory: string;
beforeAll(async () => {
  directory = join(mkdtempSync(join(tmpdir(), 'wardwatch-setup-')), 'city');
  await setUp(directory, { host: ['wardwatch.example.vn'], agent: ['gw-26737-01'] }, Date.now());
});
afterAll(() => rmSync(join(directory, '..'), { recursive: true }));

describe('central.yaml', () => {
  it('is valid with every file that it names', () => {
    const { config, resolved } = readCentralConfig(join(directory, 'central.yaml'), {});
    expect(config).toMatchObject({
      broker: { kind: 'external', url: 'mqtts://localhost:8883', username: 'central' },
      store: { kind: 'influx', url: 'http://localhost:8086', username: 'central' },
      firstTokenFile: join(directory, 'secrets/first-token'),
    });
    expect(resolved.apiTls).toBeDefined();
    expect(resolved.notify).toBeUndefined();
  });

  it('is valid with broker and store inside central and with notify, as its comments offer', () => {
    const text = readFileSync(join(directory, 'central.yaml'), 'utf8');
    const commented = [...text.matchAll(/^# (broker|store|notify):\n(# .*\n)+/gm)].map(
      ([section]) => parse(section.replace(/^# /gm, '')) as object,
    );
    expect(commented.map((section) => Object.keys(section))).toEqual([['broker'], ['store'], ['notify']]);
    const file = join(directory, '..', 'embedded.yaml');
    writeFileSync(file, stringify(Object.assign(parse(text) as object, ...commented)));
    const { config, resolved } = readCentralConfig(file, {});
    expect([config.broker.kind, config.store.kind]).toEqual(['embedded', 'duckdb']);
    expect(resolved.notify?.channels.map(({ id }) => id)).toEqual(['alertmanager']);
  });
});

it('an agent may connect to the broker with what is in its folder', async () => {
  const config = await loadEdgeConfig(join(directory, 'agents/gw-26737-01/edge.yaml'));
  expect(config).toMatchObject({
    agent: 'gw-26737-01',
    broker: { url: 'mqtts://wardwatch.example.vn:8883', username: 'gw-26737-01' },
  });
});

it.each([
  ['over IPv6', edgeYaml('gw-1', parseHost('2001:db8::1')), 'mqtts://[2001:db8::1]:8883'],
  ['in a container', composeEdgeYaml(), 'mqtts://localhost:8883'],
])('edge.yaml is valid %s', async (_where, text, url) => {
  const file = join(directory, '..', 'edge.yaml');
  writeFileSync(file, text);
  expect((await loadEdgeConfig(file)).broker.url).toBe(url);
});

it('Mosquitto and Alertmanager get what the examples explain', () => {
  expect(linesOf(MOSQUITTO_ACL)).toEqual(linesOf(example('mosquitto.acl')));
  const conf = mosquittoConf('/etc/wardwatch')
    .replaceAll('/etc/wardwatch/secrets/server.', '/etc/mosquitto/certs/broker.')
    .replace('/etc/wardwatch/secrets/mosquitto.passwords', '/etc/mosquitto/wardwatch.passwords')
    .replace('/etc/wardwatch/mosquitto/acl', '/etc/mosquitto/wardwatch.acl');
  expect(linesOf(conf)).toEqual(linesOf(example('mosquitto.conf')));
  expect(parse(ALERTMANAGER_YML)).toEqual(parse(example('alertmanager/alertmanager.yml')));
});
