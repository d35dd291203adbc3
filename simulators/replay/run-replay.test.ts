import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { mappingSchema } from './mapping.ts';
import { checkReplay } from './run-replay.ts';

const mapping = mappingSchema.parse({
  agent: 'replay-1',
  time: { column: 'time', format: 'unix-s' },
  samples: [
    {
      measurement: 'cpu',
      tags: { host: { column: 'vm' }, cpu: 'cpu-total' },
      fields: { usage_active: { column: 'busy' } },
    },
  ],
});

it('a sample that a second file has as well is sent once, and both places are named', async () => {
  const sources = [
    { file: 'monday.csv', open: () => Readable.from(['time,vm,busy\n1000,a,10\n1300,a,20\n']) },
    { file: 'tuesday.csv', open: () => Readable.from(['time,vm,busy\n1300,a,20\n1600,a,30\n']) },
  ];
  const report = await checkReplay(
    { sources, mapping, catalogue: CATALOGUE, times: 'original', speed: undefined },
    new AbortController().signal,
  );
  const second = { file: 'tuesday.csv', line: 2, timeMs: 1_300_000, differs: false };
  expect(report.namedDuplicates).toEqual([{ ...second, firstFile: 'monday.csv', firstLine: 3 }]);
  expect([report.rows, report.samples]).toEqual([4, 3]);
});
