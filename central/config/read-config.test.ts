import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../runtime/errors.ts';
import { readCentralConfig } from './read-config.ts';
import { selfSigned } from './testing/self-signed.ts';

const RULE = `
kind: threshold
name: { en: Mains voltage high, vi: Điện áp lưới cao }
action: { en: Call the power company., vi: Báo điện lực. }
eventType: equipment
probableCause: power_problem
measurement: power
field: input_voltage_v
entity: [device, line]
op: above
levels: [{ severity: minor, raise: 231, clear: 228 }]
for: 5m
clearFor: 10m
`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const path = (name: string): string => join(directory, name);

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    // As in a deployment, paths are absolute.
    writeFileSync(path(name), text.replaceAll('DIR', directory));
  }
}

function problemsOf(env: NodeJS.ProcessEnv = {}): readonly string[] {
  try {
    readCentralConfig(path('central.yaml'), env);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.problems.map((problem) => problem.replaceAll(`${directory}/`, ''));
  }
  return [];
}

describe('the configuration of central', () => {
  it('is read with the rules, inventory, certificates and secrets that it names', () => {
    const broker = selfSigned('broker.example.vn');
    write({
      'central.yaml': `
        dataDirectory: DIR/data
        broker: { kind: embedded, tls: { certFile: DIR/broker.crt, keyFile: DIR/broker.key } }
        store: { kind: influx, url: 'http://influx:8086', username: wardwatch, password: { env: INFLUX_PASSWORD } }
        inventoryFile: DIR/inventory.yaml
        rulesDirectory: DIR/rules`,
      'broker.crt': broker.cert,
      'broker.key': broker.key,
      'inventory.yaml': `units: [{ code: '26737', name: Tân Định, nameEn: Tan Dinh, kind: ward, longitude: 106.69, latitude: 10.79, areaKm2: 1.23 }]`,
      'rules/mains_voltage_high.yaml': RULE,
      'rules/disk_full.yaml': RULE,
    });
    const { config, resolved } = readCentralConfig(path('central.yaml'), {
      INFLUX_PASSWORD: 'from the environment',
    });
    expect(config.api).toEqual({ host: '127.0.0.1', port: 8080, exemptAddresses: [] });
    expect(resolved.brokerSecrets.tls).toEqual(broker);
    expect(resolved.storeChoice).toMatchObject({ password: 'from the environment' });
    expect([...(resolved.inventory?.units.keys() ?? [])]).toEqual(['26737']);
    const own = resolved.rules.filter(({ origin }) => origin !== 'shipped');
    expect(own.map(({ id, origin }) => [id, origin])).toEqual([
      ['disk_full', 'replacement'],
      ['mains_voltage_high', 'own'],
    ]);
    expect(resolved.rules).toHaveLength(resolved.shippedRules.length + 1);
    const override = resolved.rules.find(({ id }) => id === 'disk_full');
    expect(override).toMatchObject({ settings: { measurement: 'power' } });
  });

  it('with mistakes in many files is refused with all of them, each with file, field, expectation and value', () => {
    const [one, other] = [selfSigned('one'), selfSigned('other')];
    write({
      'central.yaml': `
        dataDirectory: DIR/data
        api: { port: 8443, tls: { certFile: DIR/one.crt, keyFile: DIR/other.key } }
        broker:
          kind: external
          url: mqtts://broker:8883
          username: central
          password: { env: MQTT_PASSWORD }
          tls: { caFile: DIR/ca.pem, certFile: DIR/missing.crt, keyFile: DIR/other.key }
        store: { kind: influx, url: 'http://influx:8086', password: { file: DIR/missing-password } }
        inventoryFile: DIR/inventory.yaml
        rulesDirectory: DIR/rules`,
      'one.crt': one.cert,
      'other.key': other.key,
      'ca.pem': 'not a certificate',
      'inventory.yaml': `
        sites: [{ id: site-1, unit: '26737', name: UBND, kind: site, parents: [hub-1], longitude: 106.69, latitude: 10.79 }]
        agents: [{ id: gw-1, kind: gateway, site: site-2, unit: '26737' }]`,
      'rules/Mains.yaml': RULE,
      'rules/mains_a.yaml': RULE.replace('input_voltage_v', 'input_volts').replace(
        '[device, line]',
        '[device, line, phase]',
      ),
      'rules/mains_b.yaml': RULE.replace('above', 'over'),
      'rules/mains_c.yaml': RULE.replace('for: 5m', 'for: 300'),
      'rules/mains_d.yaml': `${RULE}\n  : [`,
      'rules/mains_e.yaml': RULE.replace('clear: 228', 'clear: 240'),
    });
    expect(problemsOf()).toEqual([
      'rules/Mains.yaml: file name: expected <id>.yaml, the id of a-z 0-9 _, got "Mains.yaml"',
      'rules/mains_a.yaml: entity[2]: not a tag of power, got "phase"',
      'rules/mains_a.yaml: field: not a field of power, got "input_volts"',
      expect.stringMatching(/^rules\/mains_b\.yaml: op: .*, got "over"$/),
      'rules/mains_c.yaml: for: expected a duration such as 30s, 15m, 1h or 7d, got 300',
      expect.stringMatching(/^rules\/mains_d\.yaml: not valid YAML: /),
      'rules/mains_e.yaml: levels[0].clear: expected at most the raise level 231, got 240',
      'inventory.yaml: sites[0].unit: no such entry, got "26737"',
      'inventory.yaml: sites[0].parents: no such entry, got "hub-1"',
      'inventory.yaml: agents[0].site: no such entry, got "site-2", did you mean "site-1"?',
      'inventory.yaml: agents[0].unit: no such entry, got "26737"',
      'central.yaml: api.tls.keyFile: expected the key of the certificate in certFile',
      expect.stringMatching(/^central\.yaml: store\.password: missing-password cannot be read: ENOENT/),
      expect.stringMatching(/^central\.yaml: broker\.tls\.certFile: missing\.crt cannot be read: ENOENT/),
      'central.yaml: broker.password: environment variable MQTT_PASSWORD is not set',
    ]);
  });

  it('that is wrong itself does not hide what is wrong in the files that its valid sections name', () => {
    write({
      'central.yaml': `
        api: { port: 80443 }
        broker: { kind: embeded }
        store: { kind: influx, url: 'influx:8086', password: hunter2 }
        retention: { rawDays: 0 }
        inventory: DIR/inventory.yaml
        rulesDirectory: DIR/rules
        inventoryFile: DIR/missing.yaml`,
      'rules/mains.yaml': RULE.replace('minor', 'grave'),
    });
    const problems = problemsOf();
    expect(problems).toEqual([
      expect.stringMatching(/^central\.yaml: dataDirectory: .*string/),
      expect.stringMatching(/^central\.yaml: api\.port: .*65535.*, got 80443$/),
      expect.stringMatching(/^central\.yaml: broker\.kind: .*, got "embeded"$/),
      'central.yaml: store.url: expected http://host:port or https://host:port, got "influx:8086"',
      expect.stringMatching(/^central\.yaml: store\.password: /),
      expect.stringMatching(/^central\.yaml: retention\.rawDays: .*, got 0$/),
      'central.yaml: inventory: unknown setting',
      expect.stringMatching(/^rules\/mains\.yaml: levels\[0\]\.severity: .*, got "grave"$/),
      expect.stringMatching(/^missing\.yaml: cannot be read: ENOENT/),
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each([
    ['is not YAML', 'dataDirectory: [', /^central\.yaml: not valid YAML: /],
    ['is empty', '', /^central\.yaml: the file: .*object/],
    ['is a list', '- dataDirectory', /^central\.yaml: the file: .*object/],
    ['is too large', `# ${'x'.repeat(1024 * 1024)}`, /^central\.yaml: larger than 1048576 bytes$/],
  ])('that %s is refused', (_what, text, problem) => {
    write({ 'central.yaml': text });
    expect(problemsOf()).toEqual([expect.stringMatching(problem)]);
  });

  it('that does not exist is refused', () => {
    expect(problemsOf()).toEqual([expect.stringMatching(/^central\.yaml: cannot be read: ENOENT/)]);
  });

  it('with a client certificate but no key is refused', () => {
    write({
      'central.yaml': 'dataDirectory: DIR\nbroker: { kind: external, url: mqtts://b, tls: { certFile: a } }',
    });
    expect(problemsOf()).toEqual([
      'central.yaml: broker.tls: expected both certFile and keyFile, or neither, got {"certFile":"a"}',
    ]);
  });

  it('is refused when the authority of API callers cannot be read', () => {
    const { cert, key } = selfSigned('api');
    write({
      'central.yaml':
        'dataDirectory: DIR\napi: { tls: { certFile: DIR/c, keyFile: DIR/k, caFile: DIR/missing } }',
      c: cert,
      k: key,
    });
    expect(problemsOf()).toEqual([
      expect.stringMatching(/^central\.yaml: api\.tls\.caFile: \S*missing cannot be read: ENOENT/),
    ]);
  });
});
