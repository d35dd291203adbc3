import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readCentralConfig } from '../central/config/read-config.ts';
import { selfSigned } from '../central/config/testing/self-signed.ts';
import type { Inventory } from '../central/inventory/inventory.ts';
import { loadEdgeConfig } from '../edge/config/edge-config.ts';
import { UNITS } from '../simulators/city/units.ts';

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));
const ENV = {
  WARDWATCH_INFLUX_PASSWORD: 'only in tests',
  WARDWATCH_TELEGRAM_URL: 'https://api.telegram.org/botonly-in-tests/sendMessage',
  WARDWATCH_SLACK_URL: 'https://hooks.slack.com/services/only/in/tests',
  WARDWATCH_TEAMS_URL: 'https://example.webhook.office.com/only-in-tests',
  WARDWATCH_NTFY_AUTHORIZATION: 'Bearer only-in-tests',
  WARDWATCH_ZALO_TOKEN: 'only-in-tests',
  WARDWATCH_MAIL_PASSWORD: 'only in tests',
  WARDWATCH_DESK_SECRET: 'only in tests',
};

/** The examples as they are deployed: /etc/wardwatch with certificates and a password. */
let etc: string;
beforeAll(() => {
  etc = mkdtempSync(join(tmpdir(), 'wardwatch-examples-'));
  cpSync(EXAMPLES, etc, { recursive: true });
  for (const name of ['api', 'broker', 'central']) {
    const { cert, key } = selfSigned(name);
    writeFileSync(join(etc, `${name}.crt`), cert);
    writeFileSync(join(etc, `${name}.key`), key);
  }
  for (const ca of ['ca.pem', 'agents-ca.pem', 'callers-ca.pem', 'city-ca.pem'])
    writeFileSync(join(etc, ca), selfSigned('CA').cert);
  for (const secret of ['mqtt-password', 'oidc-secret']) writeFileSync(join(etc, secret), 'only in tests\n');
});
afterAll(() => rmSync(etc, { recursive: true }));

function readCentral(text: string): ReturnType<typeof readCentralConfig> {
  const file = join(etc, 'deployed.yaml');
  writeFileSync(file, text.replaceAll('/etc/wardwatch', etc));
  return readCentralConfig(file, ENV);
}

describe('examples/central.yaml', () => {
  const text = readFileSync(join(EXAMPLES, 'central.yaml'), 'utf8');

  it('is valid with the inventory and the rules beside it', () => {
    const { config, resolved } = readCentral(text);
    expect(config).toMatchObject({
      broker: { kind: 'embedded' },
      store: { kind: 'duckdb', memoryLimitMiB: 512 },
    });
    expect(resolved.apiTls).toBeDefined();
    const own = resolved.rules.filter(({ origin }) => origin !== 'shipped');
    expect(own.map(({ id, origin }) => [id, origin])).toEqual([
      ['disk_full', 'replacement'],
      ['mains_voltage_high', 'own'],
      ['trap_link_down', 'own'],
    ]);
  });

  it('is valid with each commented setting instead of, or in addition to, what is there', () => {
    const sections = commentedSections(text);
    expect(sections.map((section) => Object.keys(section)[0])).toEqual([
      'auth',
      'api',
      'broker',
      'store',
      'notify',
      'canary',
      'firstTokenFile',
      'networkSurvey',
      'sparkplug',
    ]);
    for (const section of sections) {
      const { config } = readCentral(stringify({ ...(parse(text) as object), ...section }));
      expect(config).toMatchObject(
        JSON.parse(JSON.stringify(section).replaceAll('/etc/wardwatch', etc)) as object,
      );
    }
    const { config } = readCentral(text.replace(/^( +)# (caFile)/gm, '$1$2'));
    expect(config.api.tls?.caFile).toBe(join(etc, 'callers-ca.pem'));
    expect(config.broker.tls?.caFile).toBe(join(etc, 'agents-ca.pem'));
  });
});

/** Sections whose lines begin with `# `, without their explanations. */
function commentedSections(text: string): object[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('# yaml-language-server'));
  const isCommented = (line: string | undefined): boolean => line?.startsWith('# ') === true;
  return lines
    .flatMap((line, at) => (isCommented(line) && !isCommented(lines[at - 1]) ? [at] : []))
    .map((start) =>
      lines.slice(
        start,
        lines.findIndex((line, at) => at > start && !isCommented(line)),
      ),
    )
    .map((section) => parse(section.map((line) => line.slice(2)).join('\n')) as object);
}

describe('examples/edge.yaml', () => {
  it('is valid with what a config from central may use', async () => {
    const text = readFileSync(join(EXAMPLES, 'edge.yaml'), 'utf8');
    const section = text.slice(text.indexOf('# configFromCentral:')).replace(/^# /gm, '');
    const file = join(etc, 'deployed-edge.yaml');
    writeFileSync(file, stringify({ ...(parse(text) as object), ...(parse(section) as object) }));
    const { configFromCentral } = await loadEdgeConfig(file);
    expect(configFromCentral.secrets.map(({ targets }) => targets.map(({ use }) => use))).toEqual([
      ['snmp', 'snmp'],
    ]);
    expect(configFromCentral.paths).toContain('/etc/letsencrypt');
  });
});

describe('examples/inventory.yaml', () => {
  function inventoryOf(central: string): Inventory {
    const { inventory } = readCentral(central).resolved;
    if (inventory === undefined) throw new Error('no inventory file');
    return inventory;
  }

  it('has real units, with the code, name and position of the National Statistics Office', () => {
    const { units } = inventoryOf(`{ dataDirectory: /, inventoryFile: ${join(etc, 'inventory.yaml')} }`);
    expect(units.size).toBe(3);
    for (const unit of units.values()) expect(UNITS).toContainEqual(unit);
  });

  it('has the agent of examples/edge.yaml, and its devices', async () => {
    const { agents, devices } = inventoryOf(readFileSync(join(EXAMPLES, 'central.yaml'), 'utf8'));
    const text = readFileSync(join(EXAMPLES, 'edge.yaml'), 'utf8');
    const { agent, kind, site, unit } = await loadEdgeConfig(join(EXAMPLES, 'edge.yaml'));
    expect(agents.get(agent)).toEqual({ id: agent, kind, site, unit });
    const named = [...text.matchAll(/device: (\S+)/g)].map(([, device = '']) => device);
    expect(named).not.toEqual([]);
    for (const device of named) expect(devices.get(device)).toMatchObject({ agent });
  });
});
