import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { ProgramResult } from '../run-program.ts';
import { createSystemctl, type Systemctl } from './systemctl.ts';
import { createSystemdCollector, systemdKind, type SystemdConfig } from './systemd.ts';

const MINUTE_MS = 60_000;
const signal = new AbortController().signal;
const said = (stdout: string, stderr = ''): ProgramResult => ({ error: null, stdout, stderr });
const failedWith = (stderr: string, code: string | number = 1): ProgramResult => ({
  error: Object.assign(new Error('failed'), { code }),
  stdout: '',
  stderr,
});

/** A machine whose units a test sets; names that are asked for and not loaded are answered as systemd does. */
class Machine {
  readonly units = new Map<string, { active: string; restarts?: number }>();
  asked: readonly string[] = [];

  readonly systemctl: Systemctl = async (names) => {
    this.asked = names;
    const missing = names.filter((name) => !this.units.has(name));
    return said(
      [
        ...[...this.units].map(
          ([name, { active, restarts = 0 }]) =>
            `Id=${name}\nLoadState=loaded\nActiveState=${active}\nSubState=${active}\nNRestarts=${restarts}\n`,
        ),
        ...missing.map((name) => `Id=${name}\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n`),
      ].join('\n'),
    );
  };
}

describe('the systemd collector', () => {
  let directory: string;
  let machine: Machine;
  let clock: ManualClock;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-systemd-'));
    clock = new ManualClock();
    machine = new Machine();
    machine.units.set('ssh.service', { active: 'active' }).set('web.service', { active: 'active' });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const open = (config: Partial<SystemdConfig> = {}, systemctl = machine.systemctl, isTrial = false) => {
    const deps = {
      ...{ clock, log: silentLogger, commonTags: { host: 'h1' } },
      ...{ dataDirectory: directory, isTrial },
    };
    const collector = createSystemdCollector(systemdKind.configSchema.parse(config), systemctl, deps);
    return async () => {
      const { samples, errors } = await collector.collect(signal);
      await clock.advance(MINUTE_MS);
      const units = samples.filter(({ measurement }) => measurement === 'systemd_units');
      return {
        errors: errors.map(({ message }) => message),
        counts: samples.find(({ measurement }) => measurement === 'systemd_manager')?.fields,
        units: Object.fromEntries(units.map(({ tags, fields }) => [tags['name'] ?? '', fields] as const)),
      };
    };
  };

  it('counts units that are well and names none of them', async () => {
    const { units, counts, errors } = await open()();
    expect({ units, errors }).toEqual({ units: {}, errors: [] });
    expect(counts).toMatchObject({ units_loaded_count: 2, units_active_count: 2, units_failed_count: 0 });
  });

  it('names a unit that failed, and says that it is well again, through a restart of the agent', async () => {
    machine.units.set('web.service', { active: 'failed' });
    expect((await open()()).units).toMatchObject({ 'web.service': { active_code: 3 } });
    machine.units.set('web.service', { active: 'active' });
    const restarted = open();
    expect((await restarted()).units).toMatchObject({ 'web.service': { active_code: 0 } });
    await clock.advance(25 * 3_600_000);
    expect((await restarted()).units).toEqual({});
  });

  it('asks after a unit that was unloaded since it failed', async () => {
    const collect = open();
    machine.units.set('job.service', { active: 'failed' });
    await collect();
    machine.units.delete('job.service');
    expect((await collect()).units).toMatchObject({ 'job.service': { active_code: 2, load_code: 2 } });
    expect(machine.asked).toEqual(['job.service']);
  });

  it('counts restarts of the last five minutes, and names who restarts', async () => {
    const collect = open();
    const seen: unknown[] = [];
    for (const restarts of [4, 5, 8, 8, 8, 8, 8, 8]) {
      machine.units.set('web.service', { active: 'active', restarts });
      seen.push((await collect()).units['web.service']?.['restarts_5min']);
    }
    expect(seen).toEqual([undefined, 1, 4, 4, 4, 4, 3, 0]);
  });

  it('always names units of the settings, also when they are not even loaded, and never those to ignore', async () => {
    machine.units.set('user@0.service', { active: 'failed' });
    const collect = open({ units: ['ss?.service', 'gone.service', 'user@*'], ignore: ['user@*'] });
    const { units, counts } = await collect();
    expect(Object.keys(units).sort()).toEqual(['gone.service', 'ssh.service']);
    expect(units['gone.service']).toMatchObject({ load_code: 2 });
    expect(counts).toMatchObject({ units_failed_count: 1 });
  });

  it('tells of 64 units in trouble, always the same, and says how many there are', async () => {
    for (let index = 0; index < 100; index++) machine.units.set(`w${index}.service`, { active: 'failed' });
    const collect = open();
    const first = await collect();
    expect(first.errors).toEqual(['systemd: 100 units are in trouble, only 64 of them are told of']);
    expect(Object.keys(first.units)).toHaveLength(64);
    expect(Object.keys((await collect()).units).sort()).toEqual(Object.keys(first.units).sort());
  });

  it('starts anew when its file is damaged', async () => {
    writeFileSync(join(directory, 'systemd-trouble.json'), '{"v":1,"units":[["x",');
    machine.units.set('web.service', { active: 'failed' });
    expect((await open()()).units).toMatchObject({ 'web.service': { active_code: 3 } });
    expect(readFileSync(join(directory, 'systemd-trouble.json'), 'utf8')).toContain('web.service');
  });

  it.each([
    ['no systemctl', failedWith('', 'ENOENT')],
    [
      'another init',
      failedWith("System has not been booted with systemd as init system (PID 1). Can't operate."),
    ],
  ])('has nothing to collect with %s', async (_, answer) => {
    expect(await open({}, async () => answer)()).toEqual({ errors: [], counts: undefined, units: {} });
  });

  it('says what it got instead of units', async () => {
    const denied = open({}, async () => failedWith('Failed to get properties: Access denied\n'));
    await expect(denied()).rejects.toThrow(
      'systemctl show: expected units, got "Failed to get properties: Access denied"',
    );
  });

  it('gives up a systemctl that hangs', async () => {
    const program = join(directory, 'systemctl');
    writeFileSync(program, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const collect = open({}, createSystemctl(100, program));
    await expect(collect()).rejects.toThrow('systemctl show: no answer');
  });

  it('reads what the program prints, however long, and leaves it no room for tricks', async () => {
    const program = join(directory, 'systemctl');
    const script = `#!/usr/bin/env node
const names = Array.from({ length: 2000 }, (_, n) => 'Id=unit-' + n + '.service\\nLoadState=loaded\\nActiveState=active\\nSubState=running\\n');
process.stdout.write(names.join('\\n') + '\\nId=' + process.argv.at(-1) + '\\nLoadState=loaded\\nActiveState=failed\\nSubState=failed\\n');
`;
    writeFileSync(program, script, { mode: 0o755 });
    const { counts, units } = await open({ units: ['--version;reboot'] }, createSystemctl(10_000, program))();
    expect(counts).toMatchObject({ units_loaded_count: 2_001 });
    expect(Object.keys(units)).toEqual(['--version;reboot']);
  });

  it.each([
    ['killed', { killed: true }, 'no answer within 10000 ms'],
    [
      'longer than is read',
      { code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER', killed: true },
      'it prints too much',
    ],
  ])('has no sums of output that was %s, and forgets no unit beyond its end', async (_, how, problem) => {
    let isCut = false;
    const collect = open({}, async (names, signal) => {
      const whole = await machine.systemctl(names, signal);
      if (!isCut) return whole;
      const stdout = whole.stdout.slice(
        0,
        whole.stdout.indexOf('ActiveState', whole.stdout.indexOf('web')) + 14,
      );
      return { error: Object.assign(new Error('cut'), how), stdout, stderr: '' };
    });
    machine.units.set('ssh.service', { active: 'failed' });
    await collect();
    isCut = true;
    const { units, counts, errors } = await collect();
    expect({ names: Object.keys(units), counts }).toEqual({ names: ['ssh.service'], counts: undefined });
    expect(errors).toEqual([`systemctl show: only part of the units, no sums: ${problem}`]);
    isCut = false;
    machine.units.set('web.service', { active: 'active', restarts: 2 });
    expect((await collect()).units['web.service']).toMatchObject({ restarts_5min: 2 });
  });

  it('that is only tried writes nothing', async () => {
    machine.units.set('web.service', { active: 'failed' });
    expect((await open({}, machine.systemctl, true)()).units).toMatchObject({ 'web.service': {} });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('refuses settings that it does not know', () => {
    expect(() => systemdKind.configSchema.parse({ unit: ['a'] })).toThrow(/unit/);
    expect(() => systemdKind.configSchema.parse({ units: [''] })).toThrow(/units/);
  });
});
