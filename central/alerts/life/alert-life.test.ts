import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { openAuditLog, type AuditLog } from '../../access/audit.ts';
import type { AlertView } from '../history/alert.ts';
import { batchOf, liveContext, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, feed, S, START } from '../testing/engine-harness.ts';
import { AlertLife } from './alert-life.ts';
import { shelvedSuppressor } from './shelved-suppressor.ts';

const LEVELS = [
  { severity: 'minor', raise: 80, clear: 70 },
  { severity: 'critical', raise: 95, clear: 90 },
];
const RULES = ['cpu_busy', 'cpu_busier'].map((id) =>
  ruleOf(id, ruleFile({ for: '0s', clearFor: '0s', levels: LEVELS })),
);
const LAN = { actor: 'lan', from: '10.0.0.1' };
const MINH = { actor: 'minh', from: '10.0.0.2' };

let harness: EngineHarness;
let audit: AuditLog;
let life: AlertLife;

function startLife(): void {
  const { engine: alerts, clock, database } = harness;
  audit = openAuditLog(database);
  life = new AlertLife({ alerts, audit, clock, log: silentLogger });
}

beforeEach(() => {
  harness = new EngineHarness();
  feed(harness.start(RULES), 0, 85);
  startLife();
});
afterEach(() => harness.end());

function restart(): void {
  harness.restart(RULES);
  startLife();
}

function first(): AlertView {
  const [alert] = harness.engine.active();
  if (alert === undefined) throw new Error('no alert is open');
  return alert;
}

const linesOf = (id: string) =>
  harness.engine.get(id)?.timeline.filter(({ kind }) => kind !== 'started' && kind !== 'fired');
const actions = (): string[] => audit.list(100).map(({ action, actor }) => `${actor} ${action}`);

describe('an acknowledgement', () => {
  it('says who, why and until when, on the alert, in its timeline and in the audit log, also after kill -9', () => {
    const { id } = first();
    const untilMs = START + 3_600 * S;
    expect(life.acknowledge([id], { text: 'on it', untilMs }, LAN).done).toEqual([id]);
    const acknowledgement = { by: 'lan', atMs: START, text: 'on it', untilMs };
    restart();
    expect(first()).toMatchObject({ id, acknowledgement, phase: 'firing' });
    expect(linesOf(id)).toMatchObject([{ kind: 'acknowledged', by: 'lan', text: 'on it', untilMs }]);
    expect(audit.list(1)).toMatchObject([
      { actor: 'lan', action: 'alert.acknowledge', from: '10.0.0.1', atMs: START },
    ]);
    expect(audit.list(1)[0]?.target).toBe(
      `${id} {} -> {"acknowledgement":${JSON.stringify({ atMs: START, by: 'lan', text: 'on it', untilMs })}}`,
    );
  });

  it('ends by itself at its time, once, also if central was off then', async () => {
    const { id } = first();
    life.acknowledge([id], { untilMs: START + 60 * S }, LAN);
    life.tick(START + 59 * S);
    expect(first().acknowledgement).toBeDefined();
    await harness.clock.advance(120 * S);
    restart();
    life.tick(harness.clock.now());
    life.tick(harness.clock.now());
    expect(first().acknowledgement).toBeUndefined();
    expect(linesOf(id)).toMatchObject([
      { kind: 'acknowledged', recordedAtMs: START },
      { kind: 'unacknowledged', recordedAtMs: START + 120 * S, text: 'the time that was set is over' },
    ]);
    expect(linesOf(id)?.[1]).not.toHaveProperty('by');
  });

  it('of another takes its place, and is not ended by the time of the one before', async () => {
    const { id } = first();
    life.acknowledge([id], { untilMs: START + 60 * S }, LAN);
    life.acknowledge([id], { text: 'mine' }, MINH);
    await harness.clock.advance(61 * S);
    life.tick(harness.clock.now());
    expect(first().acknowledgement).toEqual({ by: 'minh', text: 'mine', atMs: START });
  });

  it('can be taken back; where there is none, nothing is written', () => {
    const { id } = first();
    life.acknowledge([id], {}, LAN);
    expect(life.takeBackAcknowledgement(id, MINH).done).toEqual([id]);
    expect(life.takeBackAcknowledgement(id, MINH).done).toEqual([id]);
    expect(first().acknowledgement).toBeUndefined();
    expect(linesOf(id)?.map(({ kind, by }) => `${by} ${kind}`)).toEqual([
      'lan acknowledged',
      'minh unacknowledged',
    ]);
    expect(actions()).toEqual(['minh alert.unacknowledge', 'lan alert.acknowledge']);
  });

  it('of many is one transaction, and names those that cannot be', () => {
    const [one, two] = harness.engine.active().map(({ id }) => id);
    if (one === undefined || two === undefined) throw new Error('two alerts are open');
    life.close(two, 'done', LAN);
    expect(life.acknowledge([one, two, 'a-nobody', one], {}, LAN)).toEqual({
      ...{ done: [one], over: [two], unknown: ['a-nobody'], full: [] },
    });
    expect(linesOf(one)).toHaveLength(1);
  });

  it('stays with the alert to its end, through what else happens', () => {
    const { id } = first();
    life.acknowledge([id], {}, LAN);
    life.assign(id, { assignee: 'Minh' }, LAN);
    feed(harness.engine, 60, 97);
    expect(first()).toMatchObject({ severity: 'critical', acknowledgement: { by: 'lan' }, assignee: 'Minh' });
    const filtered = (query: object) =>
      harness.engine.list({ ...query, limit: 10 }).items.map((each) => each.id);
    expect(filtered({ acknowledged: true })).toEqual([id]);
    expect(filtered({ assignee: 'Minh' })).toEqual([id]);
    expect(filtered({ assignee: 'Nobody' })).toEqual([]);
    expect(filtered({ acknowledged: false })).toHaveLength(1);
    feed(harness.engine, 120, 10);
    expect(harness.engine.get(id)).toMatchObject({ phase: 'resolved', acknowledgement: { by: 'lan' } });
  });
});

describe('the shelf', () => {
  const untilMs = START + 3_600 * S;

  it('holds an alert back until its time, and no longer than the alert is as grave as it was', () => {
    const { id } = first();
    life.shelve(id, { text: 'known, parts are ordered', untilMs }, LAN);
    const suppressor = shelvedSuppressor(life.shelved);
    expect(suppressor.suppressionOf(first(), START)).toEqual({
      ...{ kind: 'shelved', by: id, untilMs, reason: 'shelved by lan: known, parts are ordered' },
    });
    expect(suppressor.suppressionOf(first(), untilMs)).toBeUndefined();
    expect(suppressor.suppressionOf({ ...first(), id: 'another' }, START)).toBeUndefined();
    feed(harness.engine, 60, 97);
    expect(suppressor.suppressionOf(first(), START + 60 * S)).toBeUndefined();
  });

  it('is there after kill -9, and is left at its time with a line', async () => {
    const { id } = first();
    life.shelve(id, { text: 'known', untilMs }, LAN);
    restart();
    expect(shelvedSuppressor(life.shelved).suppressionOf(first(), START)).toMatchObject({ kind: 'shelved' });
    await harness.clock.advance(3_600 * S);
    life.tick(harness.clock.now());
    expect(first().shelf).toBeUndefined();
    expect(life.shelved.size).toBe(0);
    expect(linesOf(id)?.map(({ kind }) => kind)).toEqual(['shelved', 'unshelved']);
  });

  it('is left by hand, and with the end of the alert', () => {
    const { id } = first();
    life.shelve(id, { text: 'known', untilMs }, LAN);
    life.unshelve(id, MINH);
    expect(life.shelved.size).toBe(0);
    life.shelve(id, { text: 'known', untilMs }, LAN);
    feed(harness.engine, 60, 10);
    expect(harness.engine.get(id)).not.toHaveProperty('shelf');
    life.tick(untilMs);
    expect(life.shelved.size).toBe(0);
    expect(linesOf(id)?.at(-1)?.kind).toBe('resolved');
  });
});

describe('who is to see to it', () => {
  it('is written, changed and taken away', () => {
    const { id } = first();
    life.assign(id, { assignee: 'Trần Văn Bình', text: 'nearest' }, LAN);
    expect(first().assignee).toBe('Trần Văn Bình');
    life.assign(id, { assignee: null }, LAN);
    life.assign(id, { assignee: null }, LAN);
    expect(first().assignee).toBeUndefined();
    expect(linesOf(id)).toMatchObject([
      { kind: 'assigned', by: 'lan', assignee: 'Trần Văn Bình', text: 'nearest' },
      { kind: 'unassigned', by: 'lan' },
    ]);
  });
});

describe('a comment', () => {
  it('can be written after the end; all else cannot', () => {
    const { id } = first();
    feed(harness.engine, 60, 10);
    expect(life.comment(id, 'it was the backup', LAN).done).toEqual([id]);
    expect(linesOf(id)?.at(-1)).toMatchObject({
      kind: 'commented',
      phase: 'resolved',
      text: 'it was the backup',
    });
    const text = 'x';
    for (const outcome of [
      life.acknowledge([id], {}, LAN),
      life.assign(id, { assignee: 'x' }, LAN),
      life.close(id, text, LAN),
      life.shelve(id, { text, untilMs: START + 60 * S }, LAN),
    ]) {
      expect(outcome.over).toEqual([id]);
    }
    expect(actions()).toEqual(['lan alert.comment']);
  });

  it('has no room beyond 500 lines of people, but what has an end still ends', () => {
    const { id } = first();
    life.acknowledge([id], { untilMs: START + 60 * S }, LAN);
    for (let line = 1; line < 500; line++) life.comment(id, `${line}`, LAN);
    expect(life.comment(id, 'one more', LAN).full).toEqual([id]);
    life.tick(START + 60 * S);
    expect(first().acknowledgement).toBeUndefined();
  });
});

it('a disk that refuses is told once, and what is due ends when it can', async () => {
  const { id } = first();
  life.acknowledge([id], { untilMs: START + 60 * S }, LAN);
  let errors = 0;
  let isFailing = true;
  const { engine, clock } = harness;
  const log = { ...silentLogger, error: () => errors++ } as unknown as typeof silentLogger;
  const handle: typeof engine.handle = (steps, alongside) => {
    if (isFailing) throw new Error('disk full');
    engine.handle(steps, alongside);
  };
  life = new AlertLife({ alerts: { ...engine, handle }, audit, clock, log });
  await harness.clock.advance(60 * S);
  life.tick(clock.now());
  life.tick(clock.now());
  expect([errors, first().acknowledgement?.by]).toEqual([1, 'lan']);
  isFailing = false;
  life.tick(clock.now());
  expect(first().acknowledgement).toBeUndefined();
});

it('what ends for many at once ends in few transactions, not all in one second', async () => {
  harness.end();
  harness = new EngineHarness();
  const engine = harness.start(RULES.slice(0, 1));
  const rows = Array.from({ length: 450 }, (_, n) => ({ tags: [`h-${n}`], timeMs: START, values: [85] }));
  engine.observe(batchOf({ rows }), liveContext(START));
  engine.tick(START);
  const sizes: number[] = [];
  const handle: typeof engine.handle = (steps, alongside) => {
    sizes.push(steps.length);
    engine.handle(steps, alongside);
  };
  const { clock, database } = harness;
  life = new AlertLife({
    ...{ alerts: { ...engine, handle }, audit: openAuditLog(database), clock, log: silentLogger },
  });
  const ids = engine.active().map(({ id }) => id);
  const untilMs = START + 60 * S;
  life.acknowledge(ids, { untilMs }, LAN);
  const [both = ''] = ids;
  life.shelve(both, { text: 'known', untilMs }, LAN);
  const acknowledged = (): number =>
    engine.active().filter(({ acknowledgement }) => acknowledgement !== undefined).length;
  await clock.advance(60 * S);
  const left: number[] = [];
  for (let tick = 0; tick < 4; tick++) {
    life.tick(clock.now());
    left.push(acknowledged());
  }
  expect(left).toEqual([250, 50, 0, 0]);
  // The shelf of an alert in a transaction of its own: one line of each alert at a time.
  expect(sizes).toEqual([450, 1, 200, 200, 51]);
  expect(life.shelved.size).toBe(0);
  expect(
    linesOf(both)
      ?.map(({ kind }) => kind)
      .sort(),
  ).toEqual([...['acknowledged', 'shelved', 'unacknowledged', 'unshelved']]);
});
