import { createReadStream, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedBroker, type EmbeddedBroker } from '../../central/mqtt/broker/embedded-broker.ts';
import { decodeBatch } from '../../contract/codec.ts';
import { deriveAgentPassword } from '../../contract/credentials.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { agentTopic, parseAgentTopic } from '../../contract/topics.ts';
import { systemClock } from '../../runtime/clock.ts';
import { loadConfig } from '../../runtime/config.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { mappingSchema, type Mapping } from '../../simulators/replay/mapping.ts';
import type { ReplayReport } from '../../simulators/replay/replay-report.ts';
import { checkReplay } from '../../simulators/replay/run-replay.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/replay');
const DATA = join(import.meta.dirname, '../../../shared/data');
const SECRET = 'only in tests';

let scratch: TemporaryDirectory;
beforeEach(() => {
  scratch = temporaryDirectory('replay');
});
afterEach(() => scratch.remove());

const write = (name: string, text: string): string => {
  const file = join(scratch.path, name);
  writeFileSync(file, text);
  return file;
};

describe('wardwatch replay', () => {
  const running = new AbortController();
  let broker: EmbeddedBroker;
  let rows: { timeMs: number; host: string }[];
  beforeEach(async () => {
    rows = [];
    broker = createEmbeddedBroker({
      ...{ host: '127.0.0.1', port: 0, clock: systemClock, log: silentLogger },
      authenticate: (username, password) =>
        password === deriveAgentPassword(SECRET, username) ? 'agent' : undefined,
    });
    broker.onMessage(({ topic, payload }) => {
      const parsed = parseAgentTopic(topic);
      if (parsed?.kind !== 'up') return;
      const { epoch, seq, baseMs, tables } = decodeBatch(payload);
      for (const table of tables)
        for (const [tags, offsetMs] of table.rows as [string[], number][])
          rows.push({ timeMs: baseMs + offsetMs, host: tags[table.tags.indexOf('host')] ?? '' });
      const ack = { v: 1, epoch, stored: [[seq, seq]], window: 8, backfillPerS: 100 };
      void broker.publish(agentTopic(parsed.agent, 'ack'), JSON.stringify(ack), { qos: 0, retain: false });
    });
    await broker.start(running.signal);
  });
  afterEach(() => broker.stop());

  const replayAs = (password: string, ...more: readonly string[]): Wardwatch =>
    new Wardwatch([
      ...['replay', ...more, '--json', '--mapping', join(EXAMPLES, 'servers.yaml')],
      ...['--broker', `mqtt://127.0.0.1:${broker.port}`, '--data-dir', join(scratch.path, 'data')],
      ...['--password-file', write('password', `${password}\n`)],
    ]);
  const replay = (...more: readonly string[]): Wardwatch =>
    replayAs(deriveAgentPassword(SECRET, 'replay-servers'), ...more);
  const resultOf = (stdout: string): ReplayReport =>
    (JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { report: ReplayReport }).report;

  it('ends once central has all rows, with the times of the file', async () => {
    const file = write('a.csv', 'minute,vm1,vm2\n0,1,2\n5,3,4\n');
    const { code, stdout, stderr } = await replay(file).end();
    expect([code, stderr]).toEqual([0, '']);
    expect(resultOf(stdout)).toMatchObject({ rows: 2, samples: 4, values: 4, badCells: 0 });
    const midnightMs = Date.UTC(2011, 2, 3);
    expect(rows).toEqual([
      { timeMs: midnightMs, host: 'vm1' },
      { timeMs: midnightMs, host: 'vm2' },
      { timeMs: midnightMs + 300_000, host: 'vm1' },
      { timeMs: midnightMs + 300_000, host: 'vm2' },
    ]);
  });

  it('ends with the reason once the broker refuses the login, and keeps nothing for the next run', async () => {
    const file = write('a.csv', 'minute,vm1\n0,1\n');
    const { code, stdout, stderr } = await replayAs('of somebody else', file).end();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('the broker refuses the login of agent "replay-servers": ');
    expect(stderr).toContain('`wardwatch agents add replay-servers`');
    expect((await replay(write('b.csv', 'minute,vm1\n')).end()).code).toBe(0);
    expect(rows).toEqual([]);
  });

  it('sends at its own pace or faster, as if it were measured now, and names what it does not send', async () => {
    const file = write('a.csv', 'minute,vm1\n0,1\n5,300\n5,3\n5,4\n10,5\n');
    const startMs = Date.now();
    const { code, stdout } = await replay(file, '--times', 'now', '--speed', '600').end();
    expect(code).toBe(5);
    expect(resultOf(stdout)).toMatchObject({
      namedBadCells: [{ line: 3, column: 'vm1', value: '300', expected: 'a number from 0 to 100' }],
      namedDuplicates: [{ line: 5, firstLine: 4, differs: true }],
    });
    const [first, second, third] = rows.map(({ timeMs }) => timeMs);
    expect(first).toBeGreaterThanOrEqual(startMs);
    expect([second! - first!, third! - first!]).toEqual([500, 1_000]);
  });

  it('says what is missing to send, and refuses a file of something else', async () => {
    const mapping = ['--mapping', join(EXAMPLES, 'server.yaml')];
    const other = await new Wardwatch([
      'replay',
      write('b.csv', 'time,value\n'),
      '--check',
      ...mapping,
    ]).end();
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringContaining('expected a column of the file, got "timestamp"') as string,
    ]);
    const nowhere = await new Wardwatch(['replay', write('c.csv', 'timestamp,value\n'), ...mapping]).end();
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('--broker: expected with rows to send');
    const missing = await new Wardwatch(['replay', join(scratch.path, 'none'), '--check', ...mapping]).end();
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('cannot be read') as string]);
  });
});

describe.skipIf(!existsSync(DATA))('recordings of real servers and phones [needs ../shared/data]', () => {
  const mappingOf = (name: string): Mapping => loadConfig(join(EXAMPLES, name), mappingSchema);
  const read = (mapping: string, ...files: readonly string[]): Promise<ReplayReport> =>
    checkReplay(
      {
        mapping: mappingOf(mapping),
        sources: files.map((file) => ({ file, open: () => createReadStream(join(DATA, file)) })),
        ...{ catalogue: CATALOGUE, times: 'original', speed: undefined },
      },
      new AbortController().signal,
    );

  it('a day of 1,052 virtual servers comes whole', async () => {
    const report = await read('servers.yaml', 'server-metrics/planetlab-cpu-20110303.csv');
    expect(report).toMatchObject({ rows: 288, badCells: 0, duplicates: 0, samples: 288 * 1_052 });
  });

  it('a drive test has up to two rows a second: each second one is named', async () => {
    const folder = 'coverage-5g/ucc-5g';
    for (const file of readdirSync(join(DATA, folder))) {
      const report = await read('drive-test.yaml', `${folder}/${file}`);
      expect(report.duplicates).toBeGreaterThan(0);
      expect(report.samples + report.duplicates + report.leftOut + report.badCells).toBe(report.rows);
    }
  });
});
