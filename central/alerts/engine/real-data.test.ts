import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { openStateDatabase } from '../../state/database.ts';
import type { AlertView } from '../history/alert.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../rules/load-rules.ts';
import { batchOf, liveContext, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, START, startEngine } from '../testing/engine-harness.ts';
import { SeriesPool } from '../testing/series-pool.ts';

/** CPU of 1,052 virtual servers of PlanetLab on one day, in percent, every five minutes. */
const PLANETLAB = join(process.cwd(), '../shared/data/server-metrics/planetlab-cpu-20110303.csv');
const MINUTE_MS = 60_000;

/** The Numenta Anomaly Benchmark's CPU traces of real servers, with the windows people marked as anomalies. */
const NAB = join(process.cwd(), '../shared/data/server-metrics/nab');
const FILES = [
  'ec2_cpu_utilization_24ae8d.csv',
  'ec2_cpu_utilization_53ea38.csv',
  'ec2_cpu_utilization_5f5533.csv',
  'ec2_cpu_utilization_ac20cd.csv',
  'ec2_cpu_utilization_c6585a.csv',
  'ec2_cpu_utilization_fe7f93.csv',
  'rds_cpu_utilization_cc0c53.csv',
];

function toMs(timestamp: string): number {
  return Date.parse(`${timestamp.slice(0, 19).replace(' ', 'T')}Z`);
}

function readTrace(file: string): { timeMs: number; value: number }[] {
  const lines = readFileSync(join(NAB, file), 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [timestamp = '', value = ''] = line.split(',');
    return { timeMs: toMs(timestamp), value: Math.min(100, Number(value)) };
  });
}

/** The rule as it is shipped. */
const cpuBusy = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) => id === 'cpu_busy');

function alertsOf(file: string): readonly AlertView[] {
  const harness = new EngineHarness();
  const engine = harness.start(cpuBusy);
  readTrace(file).forEach(({ timeMs, value }, at) => {
    const rows = [{ tags: [file, 'cpu-total'], timeMs, values: [value] }];
    engine.observe(batchOf({ seq: at + 1, tags: ['host', 'cpu'], rows }), liveContext(timeMs));
  });
  const { items } = engine.list({ limit: 100 });
  harness.end();
  return items;
}

describe.skipIf(!existsSync(NAB))('two weeks of seven real servers (skipped without the shared data)', () => {
  it('raise one alert: the server that stayed busy, within the window people marked', () => {
    const found = FILES.flatMap((file) => alertsOf(file).map((alert) => ({ file, alert })));
    expect(found.map(({ file, alert }) => [file, alert.rule, alert.phase])).toEqual([
      ['ec2_cpu_utilization_ac20cd.csv', 'cpu_busy', 'firing'],
    ]);
    const labels = JSON.parse(readFileSync(join(NAB, 'labels.json'), 'utf8')) as {
      windows: Record<string, [string, string][]>;
    };
    const [from, to] = labels.windows[found[0]!.file]![0]!;
    expect(found[0]?.alert.firedAtMs).toBeGreaterThanOrEqual(toMs(from));
    expect(found[0]?.alert.firedAtMs).toBeLessThanOrEqual(toMs(to));
  });
});

/** The table as it is: when, and the value of each server. */
function readTable(): { readonly hosts: readonly string[]; readonly rows: readonly (readonly number[])[] } {
  const [head = '', ...lines] = readFileSync(PLANETLAB, 'utf8').trim().split('\n');
  return { hosts: head.split(',').slice(1), rows: lines.map((line) => line.split(',').map(Number)) };
}

/** Found without the engine: above 90 % in each sample of some 30 minutes. */
function busyForHalfAnHour({ hosts, rows }: ReturnType<typeof readTable>): string[] {
  return hosts.filter((_, at) => {
    let sinceMinute: number | undefined;
    return rows.some(([minute = 0, ...values]) => {
      sinceMinute = (values[at] ?? 0) > 90 ? (sinceMinute ?? minute) : undefined;
      return sinceMinute !== undefined && minute - sinceMinute >= 30;
    });
  });
}

describe.skipIf(!existsSync(PLANETLAB))(
  'a day of 1,052 real servers (skipped without the shared data)',
  () => {
    it('alerts exactly the four that were above 90 % for 30 minutes', () => {
      const table = readTable();
      const busy = busyForHalfAnHour(table);
      expect(busy).toEqual(['vm0832', 'vm0999', 'vm1012', 'vm1042']);
      // A rule has nothing to do with the others, and reading them would take most of the time.
      const ever = new Set(
        table.rows.flatMap(([, ...values]) => values.flatMap((value, host) => (value > 90 ? [host] : []))),
      );
      expect(ever.size).toBe(99);
      const clock = new ManualClock(START);
      const database = openStateDatabase(':memory:');
      const rules = [ruleOf('cpu_busy_30m', ruleFile({ for: '30m', interval: '5m' }))];
      const { engine } = startEngine({ rules, database, clock });
      const pool = new SeriesPool();
      table.rows.forEach(([minute = 0, ...values], at) => {
        const timeMs = START + minute * MINUTE_MS;
        clock.freeze(timeMs - clock.now());
        const rows = [...ever].map((host) => ({
          ...{ tags: [table.hosts[host]!], timeMs },
          values: [values[host]],
        }));
        engine.observe(batchOf({ seq: at + 1, tags: ['host'], rows, pool }), liveContext(timeMs));
        engine.tick(timeMs);
      });
      const { items } = engine.list({ limit: 1_000 });
      database.close();
      expect([...new Set(items.map(({ entity }) => entity['host']))].sort()).toEqual(busy);
    });
  },
);
