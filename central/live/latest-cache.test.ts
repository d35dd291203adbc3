import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../contract/sample.ts';
import type { SampleBatch, SampleTable } from '../samples/sample-table.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { batchOf as batchSent, NOW } from '../ingest/testing/validate-rows.ts';
import { createValidator } from '../ingest/validate/validator.ts';
import { SeriesRegistry } from '../samples/series-registry.ts';
import { createLatestCache, type LatestCache } from './latest-cache.ts';

const context = { receivedAtMs: 1e12, sentAtMs: 1e12, backfill: false };
const HOUR_MS = 3_600_000;
const FIELDS = ['average_response_ms'];

/** Series of one agent, each found again by its device, as the validator does. */
class Sender {
  readonly registry = new SeriesRegistry();
  readonly latest: LatestCache = createLatestCache(this.registry);

  send(
    atMs: number,
    device: string,
    timeMs: number,
    values: (FieldValue | undefined)[],
    fields = FIELDS,
  ): void {
    const agent = this.registry.of('gw-1', atMs);
    const tags = [device, undefined];
    const known = agent.find('ping', tags);
    if (known !== undefined) agent.take(known);
    const series = known ?? agent.add('ping', tags);
    if (series === undefined) throw new Error('one series too many');
    const rows = [{ series, timeMs, values }];
    this.latest.observe(batch({ measurement: 'ping', tags: ['device', 'site'], fields, rows }), context);
  }
}

function batch(...tables: SampleTable[]): SampleBatch {
  return { agent: 'gw-1', epoch: 'abcdefgh', seq: 1, tables };
}

describe('the latest values', () => {
  it('are the newest of each series, whatever order they arrive in', () => {
    const sender = new Sender();
    sender.send(0, 'n-1', 2_000, [12]);
    sender.send(0, 'n-2', 1_000, [30]);
    sender.send(0, 'n-1', 1_000, [99]);
    sender.send(0, 'n-2', 3_000, [31]);
    expect(sender.latest.rows('ping', {}, 10)).toEqual([
      { tags: { device: 'n-1' }, timeMs: 2_000, fields: { average_response_ms: 12 } },
      { tags: { device: 'n-2' }, timeMs: 3_000, fields: { average_response_ms: 31 } },
    ]);
    expect(sender.latest.measurements()).toEqual([{ name: 'ping', series: 2 }]);
  });

  it('may be visited in parts, and what comes meanwhile as well', () => {
    const sender = new Sender();
    for (const device of ['n-1', 'n-2', 'n-3']) sender.send(0, device, 1_000, [12]);
    const walk = sender.latest.walk('ping');
    const seen: unknown[] = [];
    const look = ({ tags }: { tags: readonly (string | undefined)[] }): void => void seen.push(tags[0]);
    expect([walk(2, look), seen.splice(0)]).toEqual([true, ['n-1', 'n-2']]);
    sender.send(0, 'n-4', 1_000, [12]);
    expect([walk(2, look), seen.splice(0)]).toEqual([true, ['n-3', 'n-4']]);
    expect([walk(2, look), walk(2, look), seen]).toEqual([false, false, []]);
    expect(sender.latest.walk('cpu')(2, look)).toBe(false);
  });

  it('may be visited one after the other, each as it is at that moment', () => {
    const sender = new Sender();
    for (const device of ['n-1', 'n-2']) sender.send(0, device, 1_000, [12]);
    sender.send(0, 'n-1', 3_000, [14]);
    const seen: unknown[] = [];
    sender.latest.visit('ping', ({ tags }, row, tagNames) => {
      seen.push([
        tagNames[0],
        tags[0],
        row.timeMs,
        row.paceMs,
        row.valueOf('average_response_ms'),
        row.valueOf('x'),
      ]);
    });
    sender.latest.visit('cpu', () => seen.push('none'));
    expect(seen).toEqual([
      ['device', 'n-1', 3_000, 2_000, 14, undefined],
      ['device', 'n-2', 1_000, NaN, 12, undefined],
    ]);
  });

  it('of one field come with the pace of their series, which one early row does not hurry', () => {
    const sender = new Sender();
    const looked = () => {
      const found: unknown[][] = [];
      sender.latest.visit('ping', ({ tags }, row, tagNames) =>
        found.push([
          tags[tagNames.indexOf('device')],
          row.timeMs,
          row.paceMs,
          row.valueOf('average_response_ms'),
        ]),
      );
      return found;
    };
    const paces = () => looked().map(([, , paceMs]) => paceMs);
    sender.send(0, 'n-1', 300_000, [1]);
    expect(paces()).toEqual([NaN]);
    sender.send(0, 'n-1', 600_000, [2]);
    sender.send(0, 'n-1', 610_000, [3]);
    expect(paces()).toEqual([155_000]);
    sender.send(0, 'n-1', 900_000, [4]);
    expect(paces()).toEqual([290_000]);
    // Another set of fields is the same series.
    sender.send(0, 'n-1', 1_200_000, [5, 0], ['average_response_ms', 'percent_packet_loss']);
    sender.send(0, 'n-2', 1_200_000, [undefined]);
    expect(looked()).toEqual([
      ['n-1', 1_200_000, 300_000, 5],
      ['n-2', 1_200_000, NaN, undefined],
    ]);
    sender.latest.visit('ping', (_series, row) => expect(row.valueOf('toString')).toBe(undefined));
  });

  it('are not held up by a row from the future', () => {
    const sender = new Sender();
    sender.send(0, 'n-1', 2e12, [1]);
    sender.send(0, 'n-1', 5_000, [2]);
    expect(sender.latest.rows('ping', {}, 10)).toMatchObject([{ timeMs: 5_000 }]);
  });

  it('are filtered by tag, and cut at the limit', () => {
    const sender = new Sender();
    for (const device of ['n-1', 'n-2', 'n-3']) sender.send(0, device, 1, [1]);
    expect(sender.latest.rows('ping', { device: ['n-2', 'n-3'] }, 10)).toHaveLength(2);
    expect(sender.latest.rows('ping', { device: ['n-2', 'n-3'] }, 1)).toHaveLength(1);
    expect(sender.latest.rows('ping', { nothing: ['x'] }, 10)).toEqual([]);
    expect(sender.latest.rows('cpu', {}, 10)).toEqual([]);
  });

  it('are given page by page, each once, while series come and go', () => {
    const sender = new Sender();
    for (const device of ['n-1', 'n-2', 'n-3', 'n-4']) sender.send(0, device, 1, [1]);
    const page = (after: number, tags = {}) => sender.latest.page('ping', tags, { maxRows: 2, after });
    const devicesOf = ({ rows }: ReturnType<typeof page>) => rows.map(({ tags }) => tags['device']);
    const first = page(0);
    expect(devicesOf(first)).toEqual(['n-1', 'n-2']);
    sender.send(0, 'n-1', 2, [2]);
    sender.send(0, 'n-5', 1, [1]);
    const second = page(first.next ?? 0);
    expect(devicesOf(second)).toEqual(['n-3', 'n-4']);
    const third = page(second.next ?? 0);
    expect(devicesOf(third)).toEqual(['n-5']);
    expect(third.next).toBeUndefined();
    expect(page(0, { device: ['n-1', 'n-5'] }).next).toBeUndefined();
    expect(sender.latest.page('cpu', {}, { maxRows: 2, after: 0 })).toEqual({ rows: [], next: undefined });
  });

  it('are of every type, and leave out a field that is not available', () => {
    const sender = new Sender();
    const fields = ['a', 'b', 'c', 'd'];
    const rows = (): unknown => sender.latest.rows('ping', {}, 10)[0]?.fields;
    sender.send(0, 'n-1', 1, [1, undefined, undefined, undefined], fields);
    expect(rows()).toEqual({ a: 1 });
    sender.send(0, 'n-1', 2, [undefined, 'text', true, 2n ** 60n], fields);
    expect(rows()).toEqual({ b: 'text', c: true, d: 2n ** 60n });
    sender.send(0, 'n-1', 3, [-0.5, 'other', false, 7], fields);
    expect(rows()).toEqual({ a: -0.5, b: 'other', c: false, d: 7 });
    sender.send(0, 'n-1', 4, [undefined, undefined, undefined, 8], fields);
    expect(rows()).toEqual({ d: 8 });
  });

  it('are those of the newest fields, where the fields of a series change', () => {
    const sender = new Sender();
    sender.send(0, 'n-1', 1, [1, 2], ['a', 'b']);
    sender.send(0, 'n-1', 2, [3], ['b']);
    expect(sender.latest.rows('ping', {}, 10)[0]?.fields).toEqual({ b: 3 });
  });

  it('are forgotten with their series', () => {
    const sender = new Sender();
    sender.send(0, 'n-1', 1, [1]);
    sender.send(0, 'n-2', 1, [2]);
    sender.registry.forgetUnseen(24 * HOUR_MS);
    sender.send(25 * HOUR_MS, 'n-2', 3, [3]);
    sender.registry.forgetUnseen(48 * HOUR_MS);
    expect(sender.latest.rows('ping', {}, 10).map(({ tags }) => tags['device'])).toEqual(['n-2']);
    expect(sender.latest.seriesCount()).toBe(1);
    const measured = ['n-1', 'n-2', 'n-3'].map((device) => sender.latest.isMeasured('device', device));
    expect(measured).toEqual([false, true, false]);
  });

  it('of many series are each their own, also in the place of one that is forgotten', () => {
    const sender = new Sender();
    const fields = ['a', 'b'];
    const devices = Array.from({ length: 200 }, (_, at) => `n-${at}`);
    for (const [at, device] of devices.entries()) sender.send(0, device, at, [at, `text ${at}`], fields);
    const expected = devices.map((device, at) => ({
      tags: { device },
      timeMs: at,
      fields: { a: at, b: `text ${at}` },
    }));
    expect(sender.latest.rows('ping', {}, 1_000)).toEqual(expected);
    sender.registry.forgetUnseen(24 * HOUR_MS);
    sender.registry.forgetUnseen(48 * HOUR_MS);
    sender.send(49 * HOUR_MS, 'other', 7, [undefined, undefined], fields);
    expect(sender.latest.rows('ping', {}, 1_000)).toEqual([
      { tags: { device: 'other' }, timeMs: 7, fields: {} },
    ]);
    sender.latest.visit('ping', (_series, { paceMs }) => expect(paceMs).toBeNaN());
  });

  it('are not multiplied by an agent that sends the tags of its series in ever other orders', () => {
    const registry = new SeriesRegistry();
    const latest = createLatestCache(registry);
    const validator = createValidator(CATALOGUE, {}, { registry });
    const tags = { host: 'h', url: '10.0.0.1', device: 'n-1', site: 's-1', unit: '26734' };
    for (const names of permutations(Object.keys(tags))) {
      const table = {
        ...{ measurement: 'ping', tags: names, fields: FIELDS },
        rows: [[names.map((name) => tags[name as keyof typeof tags]), 0, [5]]],
      };
      const { tables, points } = validator.validate('gw-1', batchSent(table), NOW);
      expect(points).toBe(1);
      latest.observe({ ...batch(), tables }, context);
    }
    expect(latest.seriesCount()).toBe(1);
  });
});

function permutations(names: readonly string[]): string[][] {
  if (names.length <= 1) return [[...names]];
  return names.flatMap((first) =>
    permutations(names.filter((name) => name !== first)).map((rest) => [first, ...rest]),
  );
}
