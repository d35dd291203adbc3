import { expect, it } from 'vitest';
import { valuesCountedIn } from './stored-values.ts';
import { pointsWrittenIn } from './written-points.ts';

it('sums what InfluxDB counted of every field and measurement', () => {
  const series = [
    {
      name: 'cpu',
      columns: ['time', 'count_usage_idle', 'count_usage_user'],
      values: [['1970-01-01T00:00:00Z', 5, 7]],
    },
    { name: 'ping', columns: ['time', 'count_average_response_ms'], values: [['1970-01-01T00:00:00Z', 30]] },
  ];

  expect(valuesCountedIn({ results: [{ statement_id: 0, series }] })).toBe(42);
  expect(valuesCountedIn({ results: [{ statement_id: 0 }] })).toBe(0);
});

it('never takes a refusal for zero values', () => {
  expect(() => valuesCountedIn({ results: [{ error: 'database not found: telegraf' }] })).toThrow(
    'InfluxDB refuses to count: database not found: telegraf',
  );
  for (const rubbish of [null, {}, { results: [] }, { results: 'x' }, 'x']) {
    expect(() => valuesCountedIn(rubbish)).toThrow();
  }
});

it('reads the points written over HTTP from among the other counters', () => {
  const vars = {
    memstats: { Alloc: 1 },
    cmdline: ['influxd'],
    'httpd::127.0.0.1:8086': { name: 'httpd', tags: {}, values: { pointsWrittenOK: 960, req: 4 } },
    write: { name: 'write', values: { pointReq: 1_000 } },
  };

  expect(pointsWrittenIn(vars)).toBe(960);
  for (const rubbish of [{}, { httpd: { name: 'httpd', values: {} } }, null, 'x']) {
    expect(() => pointsWrittenIn(rubbish)).toThrow();
  }
});
