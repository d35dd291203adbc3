import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';
import { mappingProblems } from './mapping-problems.ts';
import { mappingSchema } from './mapping.ts';
import { readSamples } from './read-samples.ts';
import { RecentSamples } from './recent-samples.ts';
import { ReplayReport } from './replay-report.ts';

interface Read {
  readonly samples: readonly Sample[];
  readonly report: ReplayReport;
}

async function read(text: string, mapping: object): Promise<Read> {
  const report = new ReplayReport();
  const samples: Sample[] = [];
  const source = { file: 'a.csv', open: () => Readable.from([text]) };
  const state = { report, recent: new RecentSamples() };
  for await (const row of readSamples(source, mappingSchema.parse(mapping), CATALOGUE, state))
    samples.push(...row.samples);
  return { samples, report };
}

const SERVER = {
  agent: 'replay-1',
  time: { column: 'time', format: 'unix-s' },
  samples: [
    {
      measurement: 'cpu',
      tags: { host: { column: 'vm' }, cpu: 'cpu-total' },
      fields: { usage_active: { column: 'busy', factor: 100, missing: ['-'] } },
    },
  ],
};

describe('samples of a CSV file', () => {
  it('have the values of the catalogue; an empty or missing cell is no value', async () => {
    const { samples, report } = await read('vm,busy,time\na,0.5,1000\nb,-,1000\nc,,1000\n', SERVER);
    expect(samples).toEqual([
      {
        measurement: 'cpu',
        tags: { host: 'a', cpu: 'cpu-total' },
        fields: { usage_active: 50 },
        timeMs: 1_000_000,
      },
    ]);
    expect(report).toMatchObject({ rows: 3, samples: 1, values: 1, badCells: 0, duplicates: 0 });
  });

  it('are named with line, column and value where they are not as expected, and the others come', async () => {
    const text = 'time,vm,busy\n1000,a,1.5\nlater,a,0.1\n1002,a\n1003,,0.2\n1004,a,much\n1005,a,0.3\n';
    const { samples, report } = await read(text, SERVER);
    expect(samples.map(({ timeMs }) => timeMs)).toEqual([1_005_000]);
    const file = 'a.csv';
    expect(report.namedBadCells).toEqual([
      { file, line: 2, column: 'busy', value: '1.5', expected: 'a number from 0 to 100' },
      { file, line: 3, column: 'time', value: 'later', expected: 'a time as unix-s' },
      { file, line: 4, value: '2 cells', expected: '3 cells, as in the first line' },
      { file, line: 5, column: 'vm', value: '', expected: 'a text' },
      { file, line: 6, column: 'busy', value: 'much', expected: 'a number from 0 to 100' },
    ]);
  });

  it('of one series and time are sent once, and the second is named, also further down', async () => {
    const text = 'time,vm,busy\n1000,a,0.1\n1000,b,0.1\n1000,a,0.1\n1300,a,0.2\n1000,a,0.4\n';
    const { samples, report } = await read(text, SERVER);
    expect(samples.map(({ tags, timeMs }) => [tags['host'], timeMs / 1_000])).toEqual([
      ['a', 1_000],
      ['b', 1_000],
      ['a', 1_300],
    ]);
    expect(report).toMatchObject({ duplicates: 2, differing: 1, backward: 1 });
    const same = { file: 'a.csv', firstFile: 'a.csv', firstLine: 2, timeMs: 1_000_000 };
    expect(report.namedDuplicates).toEqual([
      { ...same, line: 4, differs: false },
      { ...same, line: 6, differs: true },
    ]);
  });

  it('come from each column of a wide table', async () => {
    const { samples } = await read('minute,vm1,vm2,sum\n0,1,2,3\n5,4,,4\n', {
      agent: 'replay-1',
      time: { column: 'minute', format: 'minutes', start: '2011-03-03 00:00', zone: 'Asia/Ho_Chi_Minh' },
      samples: [
        {
          measurement: 'cpu',
          eachColumn: 'vm*',
          tags: { host: { each: 'name' }, cpu: 'cpu-total' },
          fields: { usage_active: { each: 'value' } },
        },
      ],
    });
    const midnightMs = Date.UTC(2011, 2, 2, 17);
    expect(samples.map(({ tags, fields, timeMs }) => [tags['host'], fields, timeMs - midnightMs])).toEqual([
      ['vm1', { usage_active: 1 }, 0],
      ['vm2', { usage_active: 2 }, 0],
      ['vm1', { usage_active: 4 }, 300_000],
    ]);
  });

  it('follow ranges that depend on a tag, and leave out what the mapping leaves out', async () => {
    const mapping = {
      agent: 'replay-1',
      time: { column: 'time', format: 'yyyy.MM.dd_HH.mm.ss' },
      samples: [
        {
          measurement: 'cellular',
          tags: { device: 'm-1', rat: { column: 'mode', values: { '5G': 'nr', LTE: 'lte', UMTS: null } } },
          fields: { rsrp_dbm: { column: 'rsrp' } },
        },
      ],
    };
    const text =
      'time,mode,rsrp\n2019.11.25_07.25.43,5G,-150\n2019.11.25_07.25.44,LTE,-150\n2019.11.25_07.25.45,UMTS,-90\n2019.11.31_07.25.45,5G,-90\n2019.11.25_07.25.46,6G,-90\n';
    const { samples, report } = await read(text, mapping);
    expect(samples.map(({ timeMs }) => timeMs)).toEqual([Date.UTC(2019, 10, 25, 7, 25, 43)]);
    expect(report).toMatchObject({ leftOut: 1, badCells: 3 });
    expect(report.namedBadCells.map(({ expected }) => expected)).toEqual([
      'a number from -141 to -44',
      'a time as yyyy.MM.dd_HH.mm.ss',
      'one of "5G", "LTE", "UMTS"',
    ]);
  });

  it('are not read from a file without the columns of the mapping: all are named, with the nearest', async () => {
    await expect(read('tme,vn,busy\n1,a,2\n', SERVER)).rejects.toThrow(
      'a.csv: time.column: expected a column of the file, got "time", did you mean "tme"?\n' +
        'a.csv: samples[0].tags.host.column: expected a column of the file, got "vm", did you mean "vn"?',
    );
    await expect(read('', SERVER)).rejects.toThrow('expected a first line');
  });
});

describe('a mapping', () => {
  const problemsOf = (mapping: object): readonly string[] =>
    mappingProblems(mappingSchema.parse(mapping), CATALOGUE);

  it('names what the catalogue lacks, and what it says half', () => {
    const [sample] = SERVER.samples;
    expect(problemsOf(SERVER)).toEqual([]);
    expect(problemsOf({ ...SERVER, samples: [{ ...sample, measurement: 'cpus' }] })).toEqual([
      'samples[0].measurement: expected a measurement, got "cpus", did you mean "cpu"?',
    ]);
    expect(
      problemsOf({
        ...SERVER,
        time: { column: 'time', format: 'minutes' },
        samples: [
          {
            measurement: 'cpu',
            tags: { hostt: 'a' },
            fields: { usage_activ: { each: 'value' } },
          },
        ],
      }),
    ).toEqual([
      'time.start: expected the time from which minutes are counted, got nothing',
      'samples[0].eachColumn: expected the columns that `each` stands for',
      'samples[0].tags.hostt: expected a tag of the measurement, got "hostt", did you mean "host"?',
      'samples[0].tags.cpu: expected where its value comes from, got nothing',
      'samples[0].fields.usage_activ: expected a field, got "usage_activ", did you mean "usage_active"?',
    ]);
    expect(problemsOf({ ...SERVER, samples: [{ measurement: 'pipeline', fields: {} }] })[0]).toMatch(
      'expected one that agents may send',
    );
  });

  it('refuses times that are none', () => {
    expect(mappingSchema.safeParse({ ...SERVER, time: { column: 'time', format: 'HH:mm' } }).success).toBe(
      false,
    );
    expect(
      mappingSchema.safeParse({ ...SERVER, time: { ...SERVER.time, zone: 'Asia/Saigoon' } }).success,
    ).toBe(false);
  });
});
