import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { ProgramResult } from '../../protocols/system/run-program.ts';
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
class Machine implements Systemctl {
  readonly units = new Map<string, { active: string; sub?: string; restarts?: number }>();
  /** What `show` was asked for, by run. */
  readonly asked: { readonly names: readonly string[]; readonly andAllLoaded: boolean }[] = [];

  async list(): Promise<ProgramResult> {
    const lines = [...this.units].map(
      ([name, { active, sub = active }]) => `${name} loaded ${active} ${sub} A unit`,
    );
    return said(lines.join('\n'));
  }

  async show(names: readonly string[], andAllLoaded: boolean): Promise<ProgramResult> {
    this.asked.push({ names, andAllLoaded });
    const refused = names.find((name) => name.includes('@.') || /^\W/.test(name));
    if (refused !== undefined) {
      return failedWith(
        `Failed to get properties: Unit name ${refused} is neither a valid invocation ID nor unit name.`,
      );
    }
    const shown = new Set([...names, ...(andAllLoaded ? this.units.keys() : [])]);
    return said(
      [...shown]
        .map((name) => {
          const unit = this.units.get(name);
          if (unit === undefined)
            return `Id=${name}\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n`;
          const { active, sub = active, restarts = 0 } = unit;
          return `Id=${name}\nLoadState=loaded\nActiveState=${active}\nSubState=${sub}\nNRestarts=${restarts}\n`;
        })
        .join('\n'),
    );
  }
}

const answering = (answer: ProgramResult): Systemctl => ({
  list: async () => answer,
  show: async () => answer,
});

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

  const open = (
    config: Partial<SystemdConfig> = {},
    systemctl: Systemctl = machine,
    { isTrial = false, intervalMs = MINUTE_MS } = {},
  ) => {
    const deps = {
      ...{ clock, log: silentLogger, commonTags: { host: 'h1' } },
      ...{ dataDirectory: directory, isTrial },
    };
    const collector = createSystemdCollector(systemdKind.configSchema.parse(config), systemctl, deps);
    return async () => {
      const { samples, errors } = await collector.collect(signal);
      await clock.advance(intervalMs);
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

  it('names a template in its settings, and what is no name, and tells of all other units', async () => {
    machine.units.set('web.service', { active: 'failed' });
    const collect = open({ units: ['getty@.service', '!.service', 'ssh.service'] });
    for (const { units, errors } of [await collect(), await collect()]) {
      expect(units).toMatchObject({ 'web.service': { active_code: 3 }, 'ssh.service': { active_code: 0 } });
      expect(errors.sort()).toEqual([
        'systemd: units: expected the name of a unit, such as nginx.service, got "!.service"',
        'systemd: units: getty@.service is a template; expected an instance of it, or getty@*.service for all',
      ]);
    }
  });

  it('asks after a unit that was unloaded since it failed', async () => {
    const collect = open();
    machine.units.set('job.service', { active: 'failed' });
    await collect();
    machine.units.delete('job.service');
    expect((await collect()).units).toMatchObject({ 'job.service': { active_code: 2, load_code: 2 } });
    expect(machine.asked.at(-1)?.names).toEqual(['job.service']);
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

  it('reports 64 failed units, always the same, and how many there are', async () => {
    for (let index = 0; index < 100; index++) machine.units.set(`w${index}.service`, { active: 'failed' });
    const collect = open({}, machine, { intervalMs: 10_000 });
    const first = await collect();
    expect(first.errors).toEqual(['systemd: 100 units failed or restarted, only 64 of them are sent']);
    expect(Object.keys(first.units)).toHaveLength(64);
    for (let run = 0; run < 8; run++) {
      expect(Object.keys((await collect()).units).sort()).toEqual(Object.keys(first.units).sort());
    }
  });

  it('starts empty when its file is damaged', async () => {
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
    expect(await open({}, answering(answer))()).toEqual({ errors: [], counts: undefined, units: {} });
  });

  it('says what it got instead of units', async () => {
    const denied = open({}, answering(failedWith('Failed to list units: Access denied\n')));
    await expect(denied()).rejects.toThrow(
      'systemctl list-units: expected units, got "Failed to list units: Access denied"',
    );
  });

  it('gives up a systemctl that hangs', async () => {
    const program = join(directory, 'systemctl');
    writeFileSync(program, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const collect = open({}, createSystemctl(100, program));
    await expect(collect()).rejects.toThrow('systemctl list-units: no answer in time');
  });

  it('reads what the program prints, however long, and leaves it no room for tricks', async () => {
    const program = join(directory, 'systemctl');
    const script = `#!/usr/bin/env node
const block = (name, active) => 'Id=' + name + '\\nLoadState=loaded\\nActiveState=' + active + '\\nSubState=' + active + '\\n';
const names = Array.from({ length: 2000 }, (_, n) => 'unit-' + n + '.service');
const lines = process.argv[2] === 'list-units' ? names.map((name) => name + ' loaded active running A unit') : names.map((name) => block(name, 'active'));
process.stdout.write(lines.join('\\n') + '\\n');
if (process.argv[2] === 'show') process.stdout.write('\\n' + block(process.argv.at(-1), 'failed'));
`;
    writeFileSync(program, script, { mode: 0o755 });
    const { counts, units } = await open({ units: ['--version;reboot'] }, createSystemctl(10_000, program))();
    expect(counts).toMatchObject({ units_loaded_count: 2_000 });
    expect(Object.keys(units)).toEqual(['--version;reboot']);
  });

  it.each([
    ['killed', { killed: true }, 'no answer in time'],
    [
      'longer than is read',
      { code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER', killed: true },
      'it prints too much',
    ],
  ])(
    'tells of what it heard before systemctl was %s, and forgets no unit beyond its end',
    async (_, how, problem) => {
      let isCut = false;
      const collect = open(
        {},
        {
          list: () => machine.list(),
          async show(names, andAllLoaded) {
            const whole = await machine.show(names, andAllLoaded);
            if (!isCut) return whole;
            const cutAt = whole.stdout.indexOf('ActiveState', whole.stdout.indexOf('web')) + 14;
            return {
              error: Object.assign(new Error('cut'), how),
              stdout: whole.stdout.slice(0, cutAt),
              stderr: '',
            };
          },
        },
      );
      machine.units.set('ssh.service', { active: 'failed' });
      await collect();
      isCut = true;
      const { units, counts, errors } = await collect();
      expect(Object.keys(units)).toEqual(['ssh.service']);
      expect(counts).toMatchObject({ units_loaded_count: 2, units_failed_count: 1 });
      expect(errors).toEqual([`systemctl show: only 1 units: ${problem}`]);
      isCut = false;
      machine.units.set('web.service', { active: 'active', restarts: 2 });
      expect((await collect()).units['web.service']).toMatchObject({ restarts_5min: 2 });
    },
  );

  it('has no sums of a list that was cut short', async () => {
    const cut = { ...said('ssh.service loaded active running'), error: new Error('cut') };
    const collect = open({}, { list: async () => cut, show: async () => said('') });
    await expect(collect()).rejects.toThrow('systemctl list-units');
  });

  it('run every ten seconds, shows all units once a minute, and else only those that strike', async () => {
    const collect = open({ units: ['ssh*'] }, machine, { intervalMs: 10_000 });
    await collect();
    machine.units.set('web.service', { active: 'failed' });
    const { units, counts } = await collect();
    expect(Object.keys(units).sort()).toEqual(['ssh.service', 'web.service']);
    expect(counts).toMatchObject({ units_active_count: 1, units_failed_count: 1 });
    for (let run = 0; run < 5; run++) await collect();
    expect(machine.asked.map(({ andAllLoaded }) => andAllLoaded)).toEqual([
      ...[true, false, false, false, false, false, true],
    ]);
    expect(machine.asked[3]?.names).toEqual(['web.service', 'ssh.service']);
  });

  it('run every ten seconds, sees a unit restart while it waits to be restarted, and any other within a minute', async () => {
    const collect = open({}, machine, { intervalMs: 10_000 });
    await collect();
    machine.units.set('web.service', { active: 'activating', sub: 'auto-restart', restarts: 3 });
    machine.units.set('ssh.service', { active: 'active', restarts: 1 });
    expect((await collect()).units).toMatchObject({ 'web.service': { restarts_5min: 3 } });
    for (let run = 0; run < 4; run++) expect((await collect()).units).not.toHaveProperty(['ssh.service']);
    expect((await collect()).units).toMatchObject({ 'ssh.service': { restarts_5min: 1 } });
  });

  it('uses the list when all units cannot be shown before the run ends', async () => {
    let shows = 0;
    const aborted: ProgramResult = {
      ...failedWith('', 'ABORT_ERR'),
      stdout: 'Id=web.service\nLoadState=loaded\nActiveState=fai',
    };
    const collect = open(
      {},
      { list: () => machine.list(), show: async () => (shows++, aborted) },
      { intervalMs: 10_000 },
    );
    const { counts, errors } = await collect();
    expect(counts).toMatchObject({ units_loaded_count: 2 });
    expect(errors).toEqual(['systemctl show: only 0 units: no answer in time']);
    for (let run = 0; run < 5; run++) expect(await collect()).toMatchObject({ counts, errors: [] });
    expect(shows).toBe(1);
  });

  it('shows all units when more of them are suspicious than are sent', async () => {
    const collect = open({}, machine, { intervalMs: 10_000 });
    await collect();
    for (let index = 0; index < 300; index++) machine.units.set(`w${index}.service`, { active: 'failed' });
    const { errors, units } = await collect();
    expect(errors).toEqual(['systemd: 300 units failed or restarted, only 64 of them are sent']);
    expect(Object.keys(units)).toHaveLength(64);
    expect(machine.asked.at(-1)).toMatchObject({ andAllLoaded: true });
    expect(machine.asked.at(-1)?.names).toHaveLength(256);
  });

  it('that is only tried writes nothing', async () => {
    machine.units.set('web.service', { active: 'failed' });
    expect((await open({}, machine, { isTrial: true })()).units).toMatchObject({ 'web.service': {} });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('refuses settings that it does not know', () => {
    expect(() => systemdKind.configSchema.parse({ unit: ['a'] })).toThrow(/unit/);
    expect(() => systemdKind.configSchema.parse({ units: [''] })).toThrow(/units/);
  });
});
