import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatch } from '../../../contract/codec.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { collectGarbage } from '../../../runtime/heap.ts';
import { namedTags } from '../../samples/named-tags.ts';
import type { SampleTable } from '../../samples/sample-table.ts';
import { batchOf, check, GOOD, NOW, one, ping, type Table } from '../testing/validate-rows.ts';
import { createValidator } from './validator.ts';

const DAY_MS = 86_400_000;

function tagsOf(tables: readonly SampleTable[]): Record<string, string>[] {
  return tables.flatMap(({ tags, rows }) => rows.map(({ series }) => namedTags(tags, series)));
}

describe('a good row', () => {
  it('gets its time, and the sender as the tag agent', () => {
    const { tables, points, refusals } = check(ping(GOOD));
    expect([points, refusals]).toEqual([1, []]);
    expect(tables).toMatchObject([
      {
        measurement: 'ping',
        fields: ['average_response_ms', 'result_code'],
        rows: [{ timeMs: NOW - 700, values: [12.5, 0] }],
      },
    ]);
    expect(tagsOf(tables)).toEqual([{ host: 'gw-1', url: '10.0.0.1', agent: 'gw-1' }]);
  });

  it('may lack tags and values: null, or too short at the end', () => {
    const { tables, refusals } = check(ping([['gw-1', null], 0, [null, 1]], [[null, 'b'], 0, [3]]));
    expect(refusals).toEqual([]);
    expect(tagsOf(tables)).toEqual([
      { host: 'gw-1', agent: 'gw-1' },
      { url: 'b', agent: 'gw-1' },
    ]);
    expect(tables[0]?.rows.map(({ values }) => values)).toEqual([
      [undefined, 1],
      [3, undefined],
    ]);
  });

  it('may carry its sender itself', () => {
    const { tables, refusals } = check([
      one('cpu', { agent: 'gw-1', cpu: 'cpu0' }, 'usage_user', 1),
      one('cpu', { agent: null, cpu: 'cpu1' }, 'usage_user', 1),
    ]);
    expect(refusals).toEqual([]);
    expect(tagsOf(tables)).toEqual([
      { agent: 'gw-1', cpu: 'cpu0' },
      { agent: 'gw-1', cpu: 'cpu1' },
    ]);
  });

  it('leaves the batch as it was', () => {
    const batch = batchOf(ping(GOOD));
    const before = structuredClone(batch);
    const validator = createValidator(CATALOGUE);
    const first = validator.validate('gw-1', batch, NOW);
    expect(batch).toEqual(before);
    expect(validator.validate('gw-1', batch, NOW)).toEqual(first);
  });

  it('shares its column lists with the rows of later batches, which caches rely on', () => {
    const validator = createValidator(CATALOGUE);
    const [first, second] = [1, 2].map(() => validator.validate('gw-1', batchOf(ping(GOOD)), NOW).tables[0]);
    expect(first?.fields).toBe(second?.fields);
    expect(first?.tags).toBe(second?.tags);
  });

  it('is what the recorded example contains', () => {
    const text = readFileSync(new URL('../../../contract/examples/batch.json', import.meta.url), 'utf8');
    const batch = decodeBatch(gzipSync(text));
    const { points, refusals, tables } = createValidator(CATALOGUE).validate('gw-1', batch, batch.sentAtMs);
    expect([points, refusals]).toEqual([4, []]);
    expect(tables[1]?.rows[0]?.values[0]).toBe(9_007_199_254_740_993n);
  });
});

describe('what is refused', () => {
  const CONTROL = '\u0000';

  it.each<[string, string, Table]>([
    [
      'unknown-measurement',
      'measurement "cpux" is not in the catalogue',
      { ...ping(GOOD), measurement: 'cpux' },
    ],
    ['unknown-measurement', 'measurement "__proto__" is not', { ...ping(GOOD), measurement: '__proto__' }],
    ['not-allowed', 'city_state is written by central only', one('city_state', {}, 'in_bps', 1)],
    [
      'unknown-tag',
      'cpu has no tag "imei", expected host, site, unit, device, agent, cpu',
      one('cpu', { cpu: 'a', imei: '1' }, 'usage_user', 1),
    ],
    [
      'unknown-tag',
      'cpu has no tag "constructor"',
      one('cpu', { cpu: 'a', constructor: '1' }, 'usage_user', 1),
    ],
    ['missing-tag', 'cpu needs the tag cpu', one('cpu', { host: 'a' }, 'usage_user', 1)],
    ['missing-tag', 'cpu needs the tag cpu', one('cpu', { cpu: null }, 'usage_user', 1)],
    ['bad-tag', 'tag cpu is "", expected a text of 1 to 128', one('cpu', { cpu: '' }, 'usage_user', 1)],
    ['bad-tag', 'tag cpu is "xxx', one('cpu', { cpu: 'x'.repeat(129) }, 'usage_user', 1)],
    [
      'bad-tag',
      String.raw`tag cpu is "a\u0000", expected`,
      one('cpu', { cpu: `a${CONTROL}` }, 'usage_user', 1),
    ],
    ['bad-tag', String.raw`tag cpu is "a\nb", expected`, one('cpu', { cpu: 'a\nb' }, 'usage_user', 1)],
    ['bad-tag', 'tag cpu is 7, expected a text', one('cpu', { cpu: 7 }, 'usage_user', 1)],
    ['bad-tag', 'tag cpu is a list, expected a text', one('cpu', { cpu: ['cpu0'] }, 'usage_user', 1)],
    ['bad-tag', 'tag agent is "gw-2", expected the sender "gw-1"', one('mem', { agent: 'gw-2' }, 'total', 1)],
    ['no-fields', 'ping: no field has a value', ping([['a', 'b'], 0, [null, null]])],
    ['no-fields', 'ping: no field has a value', ping([['a', 'b'], 0, []])],
    ['future', 'time is 301 s ahead of central, at most 300 s', ping([['a', 'b'], 301_000, [1]])],
    [
      'too-old',
      'sample is 604801 s old, at most 604800 s are kept',
      ping([['a', 'b'], -7 * DAY_MS - 1_000, [1]]),
    ],
    ['malformed', 'row is a list, expected [tags, time, values]', ping([])],
    ['malformed', 'row is null, expected', ping(null)],
    ['malformed', 'row is an object, expected', ping({ host: 'a' })],
    ['malformed', 'row has 1 tags, expected 2', ping([['a'], 0, [1]])],
    ['malformed', 'row has "ab" tags, expected 2', ping(['ab', 0, [1]])],
    ['malformed', 'row has 3 values, expected at most 2', ping([['a', 'b'], 0, [1, 2, 3]])],
    ['malformed', 'row has null values, expected at most 2', ping([['a', 'b'], 0, null])],
    ['malformed', "time is null, expected whole ms after the batch's baseMs", ping([['a', 'b'], null, [1]])],
    ['malformed', 'time is 0.5, expected', ping([['a', 'b'], 0.5, [1]])],
    ['malformed', 'time is "0", expected', ping([['a', 'b'], '0', [1]])],
    ['malformed', 'ping: column "host" is named twice', { ...ping(GOOD), tags: ['host', 'host'] }],
    ['malformed', 'ping: column "ttl" is named twice', { ...ping(GOOD), fields: ['ttl', 'ttl'] }],
  ])('%s: %s', (code, reason, table) => {
    const { points, tables, refusals } = check(table);
    expect([points, tables]).toEqual([0, []]);
    expect(refusals).toMatchObject([{ row: 0, measurement: table.measurement, code }]);
    expect(refusals[0]?.reason).toContain(reason);
  });

  it('is numbered through all tables, each row by itself', () => {
    const { points, refusals } = check([
      ping(GOOD, GOOD),
      { ...ping(GOOD, GOOD), measurement: 'cpux' },
      ping(GOOD, [], GOOD),
    ]);
    expect(points).toBe(4);
    expect(refusals.map(({ row, code }) => [row, code])).toEqual([
      [2, 'unknown-measurement'],
      [3, 'unknown-measurement'],
      [5, 'malformed'],
    ]);
  });

  it('never includes a time exactly at a limit', () => {
    const { refusals } = check(ping([['a', 'b'], 300_000, [1]], [['a', 'b'], -7 * DAY_MS, [1]]));
    expect(refusals).toEqual([]);
  });

  it('follows the limits that were given', () => {
    const rows = ping([['a', 'b'], 1_001, [1]], [['a', 'b'], -2_001, [1]]);
    const { refusals } = check(rows, { maxAheadMs: 1_000, retentionMs: 2_000 });
    expect(refusals.map(({ code }) => code)).toEqual(['future', 'too-old']);
  });

  it('replaces a deeply nested row by a note', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    const { refusals } = check(ping([['a', 'b'], 0, [deep]]));
    expect(refusals).toMatchObject([{ code: 'wrong-type', raw: { row: 'nested too deeply' } }]);
  });
});

describe('times', () => {
  it('are moved, and said to be, where the clock of the agent is too far off for anything to be stored', () => {
    const validator = createValidator(CATALOGUE);
    const sentAt = (offMs: number) => {
      const batch = { ...batchOf(ping(GOOD)), baseMs: NOW + offMs, sentAtMs: NOW + offMs };
      const { tables, timesMoved } = validator.validate('gw-1', batch, NOW);
      return [timesMoved, (tables[0]?.rows[0]?.timeMs ?? 0) - NOW];
    };
    expect(sentAt(0)).toEqual([false, -700]);
    expect(sentAt(60_000)).toEqual([false, 59_300]);
    expect(sentAt(8 * DAY_MS)).toEqual([true, -700]);
    expect(sentAt(-8 * DAY_MS)).toEqual([true, -700]);
  });

  it('are kept as moved with a row that is refused, so that it can be taken in later', () => {
    const batch = { ...batchOf(ping([['a', 'b'], 0, ['x']])), baseMs: 5_000, sentAtMs: 6_000 };
    const { refusals } = createValidator(CATALOGUE).validate('gw-1', batch, NOW);
    expect(refusals).toMatchObject([{ code: 'wrong-type', raw: { baseMs: NOW - 1_000 } }]);
  });
});

describe('fields of a newer agent', () => {
  const table = { ...ping(GOOD, GOOD), fields: ['from_tomorrow', 'result_code'] };

  it('are left out with one refusal per table, and the rest is stored', () => {
    const { tables, points, refusals } = check(table);
    expect(points).toBe(2);
    expect(tables).toMatchObject([{ fields: ['result_code'], rows: [{ values: [0] }, { values: [0] }] }]);
    expect(refusals).toEqual([
      {
        measurement: 'ping',
        code: 'unknown-field',
        reason: 'ping has no field "from_tomorrow" in the catalogue; not stored in 2 rows',
        raw: { fields: ['from_tomorrow'] },
      },
    ]);
  });

  it('do not make a row storable that has no other field', () => {
    const { points, refusals } = check({ ...ping([['a', 'b'], 0, [1]]), fields: ['__proto__'] });
    expect(points).toBe(0);
    expect(refusals.map(({ row, code }) => [row, code])).toEqual([
      [0, 'no-fields'],
      [undefined, 'unknown-field'],
    ]);
  });
});

describe('shapes of tables', () => {
  it('are remembered within bounds, and validated the same after they were forgotten', () => {
    const validator = createValidator(CATALOGUE, { maxPlans: 2 });
    const shapes = ['ttl', 'result_code', 'errors', 'mos_est'].map((field) =>
      one('ping', { url: 'a' }, field, 1),
    );
    for (const round of [1, 2]) {
      const { points, refusals } = validator.validate('gw-1', batchOf(...shapes), NOW);
      expect([round, points, refusals]).toEqual([round, 4, []]);
    }
  });

  it('leave nothing behind when they are forgotten, in whatever order they came', async () => {
    const validator = createValidator(CATALOGUE, { maxPlans: 2 });
    const names = Object.keys(CATALOGUE.get('ping')?.fields ?? {}).slice(0, 6);
    const subsets = Array.from({ length: 2 ** names.length - 1 }, (_, bits) =>
      names.filter((_name, at) => ((bits + 1) >> at) & 1),
    );
    const seen: WeakRef<readonly string[]>[] = [];
    for (const [index, fields] of subsets.entries()) {
      const unknown = { measurement: `made-up-${index}`, tags: [], fields: ['x'], rows: [[[], 0, [1]]] };
      const some = { measurement: 'ping', tags: ['url'], fields, rows: [[['a'], 0, fields.map(() => 1)]] };
      const { tables } = validator.validate('gw-1', batchOf(some, unknown), NOW);
      for (const table of tables) seen.push(new WeakRef(table.fields));
    }
    // What a WeakRef was made of in this turn of the event loop is kept until its end.
    await setImmediate();
    collectGarbage();
    expect(seen).toHaveLength(subsets.length);
    expect(seen.filter((fields) => fields.deref() !== undefined).length).toBeLessThanOrEqual(3);
  });
});

describe('whatever arrives', () => {
  const names = fc.oneof(
    fc.constantFrom(
      'cpu',
      'ping',
      'cellular',
      'city_state',
      'host',
      'rat',
      'agent',
      'usage_user',
      'rsrp_dbm',
    ),
    fc.string({ minLength: 1, maxLength: 10 }),
  );
  const row = fc.oneof(
    fc.jsonValue(),
    fc.tuple(
      fc.array(fc.oneof(fc.string(), fc.jsonValue()), { maxLength: 3 }),
      fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.jsonValue()),
      fc.array(fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.jsonValue()), { maxLength: 3 }),
    ),
  );
  const table = fc.record({
    measurement: names,
    tags: fc.array(names, { maxLength: 3 }),
    fields: fc.array(names, { maxLength: 3 }),
    rows: fc.array(row, { maxLength: 5 }),
  });

  it('each row is stored or refused, and nothing throws', () => {
    const validator = createValidator(CATALOGUE, { maxPlans: 50 });
    fc.assert(
      fc.property(fc.array(table, { maxLength: 4 }), (tables) => {
        const { points, refusals, tables: stored } = validator.validate('gw-1', batchOf(...tables), NOW);
        const sent = tables.reduce((sum, { rows }) => sum + rows.length, 0);
        const refused = refusals.flatMap(({ row: at }) => at ?? []);
        expect(new Set(refused).size).toBe(refused.length);
        expect(points + refused.length).toBe(sent);
        expect(stored.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(points);
        for (const { tags, fields, rows } of stored) {
          expect(tags.filter((tag) => tag === 'agent')).toEqual(['agent']);
          for (const one of rows)
            expect([one.series.tags.length, one.values.length]).toEqual([tags.length, fields.length]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
