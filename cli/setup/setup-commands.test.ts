import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defineSetup } from './setup-commands.ts';

let parent: string;
let city: string;
let stdout: string;
let stderr: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'wardwatch-setup-'));
  city = join(parent, 'city');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((stdout += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((stderr += String(text))));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(parent, { recursive: true });
});

async function run(...args: readonly string[]): Promise<void> {
  [stdout, stderr] = ['', ''];
  process.exitCode = undefined;
  const setup = new Command('setup').exitOverride();
  defineSetup(setup);
  await setup.parseAsync([...args], { from: 'user' });
}

it('takes several hosts and agents, and prints what it made and what to do next', async () => {
  await run(city, '--host', 'wardwatch.example.vn', '--host', '::1', '--agent', 'gw-1', '--agent', 'gw-2');
  expect(stdout).toMatch(
    new RegExp(
      `^Made ${city} for wardwatch\\.example\\.vn, ::1 \\(systemd\\), agents: 2: \\d+ files and directories\\.\n\nNext `,
    ),
  );
  expect(stdout).toContain(`  InfluxDB, once:\n    influx < ${city}/influxdb/users.iql\n`);
  expect([stderr, process.exitCode]).toEqual(['', undefined]);

  await run(city, '--agent', 'gw-3');
  expect(stdout).toMatch(/^Changed .*:\n {2}agents\/gw-3\/\n {2}agents\/gw-3\/edge\.yaml\n/);
  expect(stdout).toContain('systemctl reload mosquitto');

  await run(city);
  expect(stdout).toMatch(/agents: 3 is complete; nothing was changed\.\n$/);
});

it('prints each difference on a line of stderr, with --json in one object, and exits with 5', async () => {
  await run(city, '--host', 'localhost', '--for', 'compose', '--demo-units', '1');
  expect(stdout).toContain(`docker compose --env-file ${city}/.env --profile demo up --detach --build\n`);
  expect(stdout).toContain(`docker compose --env-file ${city}/.env --profile demo ps\n`);
  chmodSync(join(city, 'secrets/server.key'), 0o644);
  await run(city, '--check');
  expect(stdout).toMatch(/ differs \(1\); nothing was changed\.\n$/);
  expect(stderr).toBe(
    `${city}/secrets/server.key: expected mode 0640, got 0644: chmod 0640 ${city}/secrets/server.key\n`,
  );
  expect(process.exitCode).toBe(5);
  await run(city, '--check', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ event: 'unchanged', for: 'compose' },
    problems: [expect.stringContaining('expected mode 0640')],
  });
  expect([stderr, process.exitCode]).toEqual(['', 5]);
});

it.each([
  [['--demo-units', '169'], /expected 1 to 168/],
  [['--demo-units', 'all'], /expected 1 to 168/],
  [['--for', 'kubernetes'], /Allowed choices are systemd, compose/],
  [['--bogus'], /unknown option/],
  [['--check', '--renew'], /cannot be used with option/],
])('refuses %j', async (args, problem) => {
  await expect(run(city, '--host', 'a.vn', ...args)).rejects.toThrow(problem);
});
