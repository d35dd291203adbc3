import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Wardwatch, type Ended } from '../support/wardwatch.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/wardwatch.js');

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-command-line-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function run(...args: readonly string[]): Promise<Ended> {
  return new Wardwatch(args).end();
}

describe('wardwatch central --check', () => {
  const check = (config: object, ...more: readonly string[]): Promise<Ended> => {
    const file = join(directory, 'central.yaml');
    writeFileSync(file, JSON.stringify(config));
    return run('central', '--check', '--config', file, ...more);
  };

  it('prints what it found and starts nothing', async () => {
    const dataDirectory = join(directory, 'data');
    const inventoryFile = join(import.meta.dirname, '../../examples/inventory.yaml');
    const rulesDirectory = join(import.meta.dirname, '../../examples/rules');
    const config = {
      ...{ dataDirectory, inventoryFile, rulesDirectory },
      broker: { kind: 'external', url: 'mqtts://broker:8883' },
      store: { kind: 'influx', url: 'http://influx:8086' },
    };
    const text = await check(config);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/central\.yaml and the files that it names are valid\.\n\n {2}Broker /);
    expect(text.stdout).toMatch(/3 units, 3 former units, .*5 sites, 4 agents, 7 devices/);
    expect(text.stdout).toMatch(/\d+ shipped, 2 added, 1 replaced: disk_full/);
    const json = await check(config, '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      ...{ event: 'checked', valid: true },
      broker: { kind: 'external', url: 'mqtts://broker:8883' },
      store: { kind: 'influx', location: 'http://influx:8086/wardwatch' },
      api: { url: 'http://127.0.0.1:8080' },
      rules: { shipped: expect.any(Number) as number, added: 2, replaced: ['disk_full'] },
      warnings: [],
      inventory: expect.objectContaining({
        units: 3,
        formerUnits: 3,
        sites: 5,
        agents: 4,
        devices: 7,
        pools: 3,
      }) as object,
      sparkplug: false,
    });
    expect(readdirSync(directory)).toEqual(['central.yaml']);
    const withPassword = JSON.parse(JSON.stringify(config).replaceAll('://', '://user:hunter2@')) as object;
    const refused = await check(withPassword);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/broker\.url: must not hold .*\n.*store\.url: must not hold /);
    expect(refused.stderr).not.toContain('hunter2');
  });

  it('prints all problems, each on a line of stderr, and exits with 2', async () => {
    const config = { dataDirectory: '/data', port: 80, rulesDirectory: join(directory, 'missing') };
    const { code, stderr, stdout } = await check(config, '--json');
    expect(code).toBe(2);
    const problems = [
      expect.stringMatching(/central\.yaml: port: unknown setting$/) as string,
      expect.stringMatching(/missing: cannot be read: ENOENT/) as string,
    ];
    expect(JSON.parse(stdout)).toEqual({ event: 'checked', valid: false, problems });
    expect(stderr.trimEnd().split('\n')).toEqual(problems);
  });
});

describe('wardwatch schema', () => {
  it('prints a whole schema into a pipe, however large', async () => {
    // Two reads: the pipe fills up before the reader's last command starts.
    const script = `"${process.execPath}" "${PROGRAM}" schema edge | { head -c 1; "${process.execPath}" -e 0; cat; }`;
    const { stdout } = await promisify(execFile)('sh', ['-c', script], { maxBuffer: 16 * 1024 * 1024 });
    expect(stdout.length).toBeGreaterThan(100_000);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'Wardwatch edge agent' });
  });

  it('names the known files and the nearest one when it does not know the name', async () => {
    const { code, stdout, stderr } = await run('schema', 'invntory');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      'expected central, edge, profile, measurements, inventory, rule, rule-test, notify, replay; did you mean inventory?',
    );
  });
});

describe('wardwatch dashboards build', () => {
  it('writes all of them, and nothing where it finds other files', async () => {
    const out = join(directory, 'dashboards');
    const first = await run('dashboards', 'build', '--lang', 'vi', '--out', out, '--json');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toMatchObject({
      event: 'built',
      directory: out,
      written: 11,
      unchanged: 0,
    });
    expect(readdirSync(out).sort()).toEqual(['Alerts', 'Datacentre', 'Network', 'Overview', 'Platform']);
    writeFileSync(join(out, 'mine.json'), '{}');
    const second = await run('dashboards', 'build', '--lang', 'vi', '--out', out);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toMatch(
      /dashboards: expected nothing but dashboards of this version, found mine\.json; remove /,
    );
  });

  it('asks for a language that it has', async () => {
    const { code, stderr } = await run('dashboards', 'build', '--lang', 'fr');
    expect(code).toBe(2);
    expect(stderr).toMatch(/'fr' is invalid\. Allowed choices are vi, en\./);
  });
});

it.each(['--help', 'central --help', 'schema --help', 'setup --help', 'dashboards build --help'])(
  'wardwatch %s shows examples and exit codes',
  async (args) => {
    const { code, stdout } = await run(...args.split(' '));
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nExamples:\n[^]*\nExit codes:\n {2}0 /);
  },
);
