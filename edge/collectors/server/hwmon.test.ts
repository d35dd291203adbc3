import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HWMON_FILE, hwmonReadings } from './hwmon.ts';
import { hwmonPart } from './hwmon-part.ts';

const chip = (files: Record<string, string>, name = 'nct6798', device = '/d') => ({
  name,
  device,
  files: new Map(Object.entries(files)),
});
const fieldsOf = (files: Record<string, string>) => hwmonReadings([chip(files)])[0]?.fields;

describe('sensors of the hardware', () => {
  it('turn the kernel’s units into ours', () => {
    expect(fieldsOf({ temp1_input: '47250\n' })).toEqual({ temp: 47.25 });
    expect(fieldsOf({ in0_input: '1032\n' })).toEqual({ in_input: 1.032 });
    expect(fieldsOf({ curr1_input: '620\n' })).toEqual({ curr_input: 0.62 });
    expect(fieldsOf({ power1_input: '143500000\n' })).toEqual({ power_input: 143.5 });
    expect(fieldsOf({ fan1_input: '1012\n', fan1_min: '300' })).toEqual({ fan_input: 1_012, fan_min: 300 });
  });

  it('tell how far it is to the critical limit, where the maker set one that can be true', () => {
    expect(fieldsOf({ temp1_input: '95000', temp1_crit: '100000' })).toMatchObject({
      crit_margin_celsius: 5,
    });
    expect(fieldsOf({ temp1_input: '104100', temp1_crit: '100000' })).toMatchObject({
      crit_margin_celsius: -4.1,
    });
    for (const crit of ['0', '-273150', '65261850']) {
      expect(fieldsOf({ temp1_input: '40000', temp1_crit: crit })).toEqual({ temp: 40 });
    }
  });

  it('say that a sensor is broken, and then nothing of what it shows', () => {
    expect(fieldsOf({ temp1_input: '127000', temp1_fault: '1', temp1_crit: '100000' })).toEqual({
      crit_celsius: 100,
      fault: true,
    });
    expect(fieldsOf({ fan1_input: '0', fan1_fault: '1' })).toEqual({ fan_fault: 1 });
  });

  it('leave out inputs with nothing on them', () => {
    expect(hwmonReadings([chip({ temp1_input: '-128000' }), chip({ temp1_label: 'x' })])).toEqual([]);
    expect(hwmonReadings([chip({ in1_max: '12' })])).toEqual([]);
  });

  it('number chips and labels of one name, in the order of their devices', () => {
    const nvme = (device: string, milli: string) =>
      chip(
        { temp1_input: milli, temp1_label: 'Composite', temp2_input: milli, temp2_label: 'Composite' },
        'nvme',
        device,
      );
    const readings = hwmonReadings([nvme('/sys/pci/02', '2000'), nvme('/sys/pci/01', '1000')]);
    expect(readings.map(({ tags, fields }) => [tags['sensor'], fields['temp']])).toEqual([
      ['nvme_composite', 1],
      ['nvme_composite_2', 1],
      ['nvme_2_composite', 2],
      ['nvme_2_composite_2', 2],
    ]);
  });

  it('take no value from invalid input, and make any name fit for a tag', () => {
    const files = fc.dictionary(
      fc.constantFrom(
        'temp1_input',
        'temp1_crit',
        'temp1_fault',
        'fan1_input',
        'fan1_fault',
        'in1_input',
        'in1_label',
      ),
      fc.oneof(fc.string({ unit: 'binary' }), fc.bigInt().map(String)),
    );
    fc.assert(
      fc.property(files, fc.string({ unit: 'binary' }), (contents, name) => {
        for (const { tags, fields } of hwmonReadings([chip(contents, name)])) {
          for (const tag of Object.values(tags)) expect(tag).toMatch(/^[a-z0-9_]{1,64}$/);
          for (const value of Object.values(fields)) expect(value).toSatisfy(isFiniteOrFlag);
        }
      }),
    );
  });

  it('reads only files that hold sensors', () => {
    const wanted = ['temp1_input', 'fan12_fault', 'in0_lcrit', 'power1_average', 'curr1_label'];
    const other = [
      'pwm1',
      'temp1_crit_alarm',
      'uevent',
      'update_interval',
      'temp1_input_x',
      'intrusion0_alarm',
    ];
    expect([...wanted, ...other].filter((file) => HWMON_FILE.test(file))).toEqual(wanted);
  });
});

const isFiniteOrFlag = (value: unknown) => typeof value === 'boolean' || Number.isFinite(value);

describe('the part that reads them', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wardwatch-hwmon-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const read = () => {
    const paths = { procPath: '/', sysPath: root, utmpPath: '/', containerLogsPath: '/' };
    return hwmonPart(paths).read(AbortSignal.timeout(5_000));
  };

  it('has nothing to say on a machine without sensors', async () => {
    expect(await read()).toEqual({ readings: [], errors: [] });
  });

  it('follows the links that /sys/class is made of', async () => {
    write('devices/chip/hwmon/hwmon7/name', 'k10temp\n');
    write('devices/chip/hwmon/hwmon7/temp1_input', '40000\n');
    mkdirSync(join(root, 'class/hwmon'), { recursive: true });
    symlinkSync(join(root, 'devices/chip/hwmon/hwmon7'), join(root, 'class/hwmon/hwmon7'));
    const { readings } = await read();
    expect(readings).toEqual([
      { measurement: 'temp', tags: { sensor: 'k10temp_temp1' }, fields: { temp: 40 } },
    ]);
  });

  it('names a file that cannot be read, and reads the others', async () => {
    write('class/hwmon/hwmon0/name', 'k10temp\n');
    write('class/hwmon/hwmon0/temp1_input', '40000\n');
    mkdirSync(join(root, 'class/hwmon/hwmon0/temp2_input'));
    const { readings, errors } = await read();
    expect(readings).toHaveLength(1);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining(`sensors: ${root}/class/hwmon/hwmon0/temp2_input: EISDIR`) as string,
    ]);
  });

  it('takes thermal zones only where no chip has a sensor', async () => {
    write('class/thermal/thermal_zone0/type', 'cpu-thermal\n');
    write('class/thermal/thermal_zone0/temp', '51540\n');
    write('class/thermal/thermal_zone0/trip_point_0_type', 'passive\n');
    write('class/thermal/thermal_zone0/trip_point_0_temp', '75000\n');
    write('class/thermal/thermal_zone0/trip_point_1_type', 'critical\n');
    write('class/thermal/thermal_zone0/trip_point_1_temp', '110000\n');
    expect((await read()).readings).toEqual([
      {
        measurement: 'temp',
        tags: { sensor: 'cpu_thermal_temp1' },
        fields: { temp: 51.54, crit_celsius: 110, crit_margin_celsius: 58.46 },
      },
    ]);
    write('class/hwmon/hwmon0/name', 'k10temp\n');
    write('class/hwmon/hwmon0/temp1_input', '40000\n');
    expect((await read()).readings).toMatchObject([{ tags: { sensor: 'k10temp_temp1' } }]);
  });
});
