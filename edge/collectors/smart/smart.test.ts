import { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { diskReadings } from './disk-readings.ts';
import type { DiskAnswer } from './disk-source.ts';
import { createReportFilesSource } from './report-files.ts';
import { evaluateReport, Report } from './report.ts';
import { collectDisks, smartKind } from './smart.ts';
import { createSmartctlSource } from './smartctl.ts';

const testdata = join(import.meta.dirname, 'testdata');
const recorded = (name: string) => readFileSync(join(testdata, `${name}.json`), 'utf8');
const clock = new ManualClock();
const deps = { clock, log: silentLogger, commonTags: { host: 'h1' } };
const signal = AbortSignal.timeout(60_000);
const readingsOf = (name: string) => diskReadings(Report.parse(recorded(name)));

describe('the report of a disk', () => {
  it('of ATA has its counters, and the attributes that foretell failure', () => {
    const [disk, ...attributes] = readingsOf('ata');
    expect(disk).toEqual({
      measurement: 'smart_device',
      tags: {
        device: 'sda',
        model: 'ST4000NM0035-1V4107',
        serial_no: 'ZC1TEST0',
        wwn: '5000c500a1f2cb6a',
        capacity: '4000787030016',
        enabled: 'Enabled',
      },
      fields: {
        exit_status: 0,
        health_ok: true,
        temp_c: 31,
        power_on_hours: 41_829,
        power_cycle_count: 58,
        read_error_rate: 211_544_112,
        seek_error_rate: 1_032_904_817,
        reallocated_sectors_count: 0,
        uncorrectable_errors: 0,
        pending_sector_count: 0,
        uncorrectable_sector_count: 0,
        udma_crc_errors: 2,
      },
    });
    expect(attributes.map(({ tags }) => tags['id'])).toEqual(['5', '187', '188', '197', '198']);
    expect(attributes[2]).toMatchObject({
      measurement: 'smart_attribute',
      tags: { device: 'sda', name: 'Command_Timeout', flags: '-O--CK', fail: '-' },
      fields: { raw_value: 4_295_032_833, value: 100, worst: 98, threshold: 0, exit_status: 0 },
    });
  });

  it('of a failing disk says so', () => {
    const [disk, reallocated] = readingsOf('ata-failing');
    expect(disk?.fields).toMatchObject({ health_ok: false, exit_status: 88, pending_sector_count: 164 });
    expect(reallocated).toMatchObject({
      tags: { fail: 'now' },
      fields: { raw_value: 1_998, threshold: 140 },
    });
  });

  it('of NVMe keeps counters exact, up to what a store can hold', () => {
    const [disk, ...attributes] = readingsOf('nvme');
    expect(attributes).toEqual([]);
    expect(disk?.fields).toMatchObject({
      health_ok: true,
      temp_c: 41,
      critical_warning: 0,
      available_spare: 100,
      available_spare_threshold: 10,
      percentage_used: 3,
      unsafe_shutdowns: 9_007_199_254_740_993n,
      media_errors: 9_223_372_036_854_775_807n,
      error_log_entries: 12,
    });
  });

  it('of SAS has defects and uncorrected errors', () => {
    const [disk] = readingsOf('sas');
    expect(disk).toMatchObject({
      tags: { device: 'sdc', model: 'TOSHIBA AL13SXB60EN' },
      fields: { reallocated_sectors_count: 4, uncorrectable_errors: 4, power_on_hours: 64_579 },
    });
  });

  it('tells disks behind a controller apart', () => {
    const report = recorded('ata').replace('"type": "sat"', '"type": "megaraid,4"');
    expect(diskReadings(Report.parse(report))[0]?.tags).toMatchObject({ device_type: 'megaraid,4' });
  });

  it.each([
    [0, 'read'],
    [2, 'failed'],
    [3, 'asleep'],
    [1, 'failed'],
    [4, 'read'],
    [8 + 16 + 64, 'read'],
    [128, 'read'],
  ])('with exit status %i is %s', (status, kind) => {
    const report = Report.parse(`{"smartctl":{"exit_status":${status}}}`);
    expect(evaluateReport(report).kind).toBe(kind);
  });

  it('takes any other JSON as no report, and odd values as none', () => {
    expect(() => Report.parse('[]')).toThrow('expected JSON of smartctl with smartctl.exit_status');
    expect(() => Report.parse('smartctl 7.3')).toThrow('expected JSON of smartctl');
    const shape = fc.record(
      {
        smartctl: fc.constant({ exit_status: 0 }),
        device: fc.jsonValue(),
        smart_status: fc.jsonValue(),
        temperature: fc.record({ current: fc.jsonValue() }),
        ata_smart_attributes: fc.oneof(
          fc.jsonValue(),
          fc.record({
            table: fc.array(
              fc.record({ id: fc.constantFrom(5, 197, '5'), name: fc.jsonValue(), raw: fc.jsonValue() }),
            ),
          }),
        ),
        nvme_smart_health_information_log: fc.jsonValue(),
        wwn: fc.jsonValue(),
        scsi_error_counter_log: fc.jsonValue(),
      },
      { requiredKeys: ['smartctl'] },
    );
    fc.assert(
      fc.property(shape, (report) => {
        for (const { tags, fields } of diskReadings(Report.parse(JSON.stringify(report)))) {
          for (const tag of Object.values(tags)) expect(tag.length).toBeLessThanOrEqual(128);
          for (const [name, value] of Object.entries(fields)) {
            if (name !== 'temp_c' && typeof value !== 'boolean')
              expect(Number(value)).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });
});

const collect = (answers: readonly DiskAnswer[], ignore: string[] = []) =>
  collectDisks({ answers: async () => answers }, { ignore }, deps, signal);
const answer = (name: string): DiskAnswer => ({ name: `/dev/${name}`, text: recorded(name), readAtMs: 5 });

describe('the smart collector', () => {
  it('names what cannot be asked, leaves a sleeping disk alone, and reads the others', async () => {
    const { samples, errors } = await collect([answer('refused'), answer('standby'), answer('sas')]);
    expect(samples).toMatchObject([{ tags: { host: 'h1', device: 'sdc' }, timeMs: 5 }]);
    expect(errors.map(({ message }) => message)).toEqual([
      'smart /dev/refused: Smartctl open device: /dev/sde failed: Permission denied (reading a disk needs rights that the ' +
        'agent should not have: use wardwatch-smart, see the README)',
    ]);
  });

  it('leaves out disks that are to be ignored', async () => {
    expect(await collect([answer('refused'), answer('sas')], ['/dev/ref*', '*sas'])).toEqual({
      samples: [],
      errors: [],
    });
  });

  it('refuses settings that contradict each other or name no device', () => {
    const parse = (config: unknown) =>
      smartKind.configSchema.safeParse(config).error?.issues.map(({ message }) => message);
    expect(parse({ devices: ['/dev/sda'], reportsDirectory: '/run/x' })).toEqual([
      'expected either devices or reportsDirectory: the helper finds disks itself',
    ]);
    expect(parse({ devices: ['sda'] })).toBeDefined();
    expect(parse({ devices: [{ device: '/dev/sda', type: '-x; reboot' }] })).toBeDefined();
    expect(parse({ devices: ['/dev/sda', { device: '/dev/bus/0', type: 'megaraid,0' }] })).toBeUndefined();
  });
});

describe('reports from elsewhere', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-smart-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const program = (script: string): string => {
    const file = join(directory, 'smartctl');
    writeFileSync(file, `#!/bin/sh\n${script}`, { mode: 0o755 });
    return file;
  };

  it('come from smartctl, for each disk that it finds, whatever its exit status', async () => {
    const source = createSmartctlSource(undefined, {
      clock,
      program: program(`
echo "$*" >> ${directory}/calls
case "$*" in
  *--scan) echo '{"smartctl":{"exit_status":0},"devices":[{"name":"/dev/sdb","type":"sat"},{"name":"/dev/sde","type":"scsi"},{"name":"bad"}]}';;
  */dev/sdb) cat ${testdata}/ata-failing.json; exit 88;;
  *) cat ${testdata}/refused.json; exit 2;;
esac`),
    });
    const { samples, errors } = await collectDisks(source, { ignore: [] }, deps, signal);
    expect(samples.map(({ tags }) => tags['device'])).toEqual(['sdb', 'sdb', 'sdb', 'sdb']);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('/dev/sde failed') as string,
    ]);
    expect(readFileSync(join(directory, 'calls'), 'utf8')).toBe(
      '--json=c --scan\n' +
        '--json=c --info --health --attributes --nocheck=standby,3 -d sat /dev/sdb\n' +
        '--json=c --info --health --attributes --nocheck=standby,3 /dev/sde\n',
    );
  });

  it('are none where smartctl is not installed', async () => {
    const missing = { clock, program: join(directory, 'none') };
    expect(await createSmartctlSource(undefined, missing).answers(signal)).toEqual([]);
    expect(await createSmartctlSource([{ device: '/dev/sda' }], missing).answers(signal)).toEqual([]);
  });

  it('that are invalid are an error with the disk', async () => {
    const source = createSmartctlSource([{ device: '/dev/sda' }], {
      clock,
      program: program('echo Segfault; exit 139'),
    });
    const { errors } = await collectDisks(source, { ignore: [] }, deps, signal);
    expect(errors.map(({ message }) => message)).toEqual(['smart /dev/sda: smartctl: "Segfault"']);
  });

  it('that never end are cut off', async () => {
    const source = createSmartctlSource([{ device: '/dev/sda' }], {
      clock,
      program: program('exec yes 0123456789'),
    });
    const { errors } = await collectDisks(source, { ignore: [] }, deps, signal);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/^smart \/dev\/sda: smartctl/);
  });

  it('are kept when a disk hangs, which is not asked again while it does', async () => {
    const source = createSmartctlSource(
      [{ device: '/dev/sda' }, { device: '/dev/sdb' }, { device: '/dev/sdc' }],
      {
        clock,
        program: program(`
echo "$*" >> ${directory}/calls
case "$*" in
  */dev/sdb) exec sleep 60;;
  *) cat ${testdata}/sas.json;;
esac`),
      },
    );
    const calls = () => readFileSync(join(directory, 'calls'), 'utf8').match(/sd[abc]/g);
    const collect = (until: AbortSignal) => collectDisks(source, { ignore: [] }, deps, until);
    // A disk that is dead lets no signal through to its smartctl; here none is sent.
    const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true);
    const run = new AbortController();
    const cut = collect(run.signal);
    await vi.waitFor(() => expect(calls()).toEqual(['sda', 'sdb']), 20_000);
    run.abort();
    const first = await cut;
    expect(first.samples).toHaveLength(1);
    expect(first.errors.map(({ message }) => message)).toEqual([
      'smart /dev/sdb: smartctl gave no answer before the time of the run was over',
      'smart /dev/sdc: no time was left to read it',
    ]);
    const child = kill.mock.contexts[0] as ChildProcess;
    kill.mockRestore();

    const second = await collect(signal);
    expect(second.samples).toHaveLength(2);
    expect(second.errors.map(({ message }) => message)).toEqual([
      'smart /dev/sdb: smartctl: "an earlier smartctl for it still hangs"',
    ]);
    expect(calls()).toEqual(['sda', 'sdb', 'sda', 'sdc']);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('come from the helper’s directory, fresh ones only', async () => {
    const files = createReportFilesSource(directory, { clock });
    const write = (name: string, text: string, ageMs: number): void => {
      writeFileSync(join(directory, name), text);
      const at = new Date(clock.now() - ageMs);
      utimesSync(join(directory, name), at, at);
    };
    write('sdc.json', recorded('sas'), 60_000);
    write('old.json', recorded('sas'), 7_200_000);
    write('torn.json', recorded('nvme').slice(0, 100), 0);
    write('.sdd.json.tmp', 'x', 0);
    mkdirSync(join(directory, 'dir.json'));
    symlinkSync('loop.json', join(directory, 'loop.json'));
    const { samples, errors } = await collectDisks(files, { ignore: [] }, deps, signal);
    expect(samples).toMatchObject([{ tags: { device: 'sdc' }, timeMs: clock.now() - 60_000 }]);
    const at = (name: string) => `smart ${directory}/${name}`;
    expect(errors.map(({ message }) => message)).toEqual([
      `${at('dir.json')}: is not a file`,
      expect.stringContaining(`${at('loop.json')}: ELOOP`) as string,
      `${at('old.json')}: is 120 min old: does wardwatch-smart.timer run?`,
      expect.stringContaining(`${at('torn.json')}: expected JSON of smartctl`) as string,
    ]);
  });

  it.each(['{"password":"hunter2"}', 'hunter2', '{"smartctl":{"exit_status":"hunter2"}}'])(
    'that are none are never quoted: %s',
    async (text) => {
      const file = join(directory, 'secret.json');
      writeFileSync(file, text);
      utimesSync(file, new Date(clock.now()), new Date(clock.now()));
      const files = createReportFilesSource(directory, { clock });
      const { samples, errors } = await collectDisks(files, { ignore: [] }, deps, signal);
      expect(samples).toEqual([]);
      expect(errors.map(({ message }) => message)).toEqual([
        expect.stringContaining('expected JSON of smartctl'),
      ]);
      expect(inspect(errors)).not.toContain('hunter2');
    },
  );

  it('from a directory that is not there are an error that says what to do', async () => {
    const files = createReportFilesSource(join(directory, 'none'), { clock });
    await expect(files.answers(signal)).rejects.toThrow('does not exist: is wardwatch-smart.timer enabled?');
  });
});
