import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, feed, S, START } from '../testing/engine-harness.ts';
import type { AlertEngine } from './engine.ts';

const RULES = [
  ruleOf(
    'cpu_busy',
    ruleFile({
      for: '0s',
      clearFor: '0s',
      levels: [
        { severity: 'minor', raise: 80, clear: 70 },
        { severity: 'critical', raise: 95, clear: 90 },
      ],
    }),
  ),
];

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

function close(engine: AlertEngine): string {
  const id = engine.active()[0]?.id ?? 'none';
  engine.handle([{ id, kind: 'closed', details: { by: 'lan', text: 'the load test of tonight' } }]);
  return id;
}

const fired = (): number => harness.recorded.filter(({ event }) => event.kind === 'fired').length;

describe('an alert that a person closes', () => {
  it('has ended, by that person, with the reason in its timeline', () => {
    const engine = harness.start(RULES);
    feed(engine, 0, 85);
    const id = close(engine);
    expect(engine.active()).toEqual([]);
    expect(engine.get(id)).toMatchObject({ phase: 'closed', resolvedAtMs: START });
    expect(engine.get(id)?.timeline.at(-1)).toEqual({
      ...{ kind: 'closed', phase: 'closed', severity: 'minor', value: 85, atMs: START, recordedAtMs: START },
      ...{ by: 'lan', text: 'the load test of tonight' },
    });
    expect(engine.list({ state: 'active', limit: 1 }).items).toEqual([]);
    expect(engine.stats()).toMatchObject({ firing: 0, recovering: 0, pending: 0 });
  });

  it('stays closed while the same breach goes on, and what begins later fires anew', () => {
    const engine = harness.start(RULES);
    feed(engine, 0, 85);
    const id = close(engine);
    feed(engine, 60, 90);
    feed(engine, 120, 75);
    feed(engine, 180, 85);
    expect(fired()).toBe(1);
    feed(engine, 240, 10);
    expect(engine.get(id)).toMatchObject({ phase: 'closed' });
    feed(engine, 300, 85);
    expect(fired()).toBe(2);
    expect(engine.active()).toMatchObject([{ startedAtMs: START + 300 * S, phase: 'firing' }]);
    expect(harness.events()).toEqual(['0 fired', '0 closed', '300 fired']);
  });

  it('does not hide that the breach gets graver: that is an alert of its own, since then', () => {
    const engine = harness.start(RULES);
    feed(engine, 0, 85);
    const id = close(engine);
    feed(engine, 60, 97);
    expect(engine.active()).toMatchObject([{ severity: 'critical', startedAtMs: START + 60 * S, value: 97 }]);
    feed(engine, 120, 10);
    expect(harness.events()).toEqual(['0 fired', '0 closed', '60 fired', '120 resolved']);
    expect(engine.get(id)?.timeline).toHaveLength(3);
  });

  it('stays closed over kill -9, and is known as over once its breach is', () => {
    feed(harness.start(RULES), 0, 85);
    close(harness.engine);
    feed(harness.restart(RULES), 60, 85);
    feed(harness.restart(RULES), 120, 85);
    expect(fired()).toBe(1);
    feed(harness.engine, 180, 10);
    feed(harness.restart(RULES), 240, 85);
    expect(harness.events()).toEqual(['0 fired', '0 closed', '240 fired']);
  });

  it('is forgotten with its rule, its agent or a rule that is about something else by now', () => {
    feed(harness.start(RULES), 0, 85);
    const id = close(harness.engine);
    harness.restart([ruleOf('cpu_busy', ruleFile({ for: '0s', field: 'usage_steal' }))]).tick(START + 50 * S);
    feed(harness.restart(RULES), 60, 85);
    expect(fired()).toBe(2);
    const other = close(harness.engine);
    expect(harness.engine.withdraw('agent-1', START + 70 * S)).toBe(0);
    feed(harness.engine, 80, 85);
    expect(fired()).toBe(3);
    for (const each of [id, other]) expect(harness.engine.get(each)?.timeline.at(-1)?.kind).toBe('closed');
  });

  it('does not take the room of what is known of an agent for ever: it goes with its series', () => {
    const engine = harness.start(RULES);
    feed(engine, 0, 85);
    close(engine);
    feed(engine, 60, 10);
    expect(engine.stats().entities).toBe(1);
    engine.tick(START + 2 * 86_400 * S);
    expect(engine.stats().entities).toBe(0);
  });

  it('cannot be closed twice', () => {
    const engine = harness.start(RULES);
    feed(engine, 0, 85);
    const id = close(engine);
    engine.handle([{ id, kind: 'closed', details: { by: 'minh', text: 'again' } }]);
    expect(engine.get(id)?.timeline.map(({ kind }) => kind)).toEqual(['started', 'fired', 'closed']);
  });
});

describe('a step of a person', () => {
  it('is there wholly or not at all, also where the disk refuses it', () => {
    let refuses = false;
    const database = harness.watched(() => {
      if (refuses) throw new Error('disk full');
    });
    const engine = harness.start(RULES, database);
    feed(engine, 0, 85);
    const [alert] = engine.active();
    refuses = true;
    expect(() => close(engine)).toThrow('disk full');
    refuses = false;
    expect(engine.active()).toEqual([alert]);
    expect(engine.get(alert?.id ?? '')?.timeline).toHaveLength(2);
    const failing = (): never => {
      throw new Error('no audit');
    };
    const step = { id: alert?.id ?? '', kind: 'assigned', details: { assignee: 'Minh' } } as const;
    expect(() => engine.handle([{ ...step, set: { assignee: 'Minh' } }], failing)).toThrow('no audit');
    expect(engine.active()).toEqual([alert]);
    expect(harness.restart(RULES).active()).toMatchObject([{ id: alert?.id }]);
    expect(harness.engine.active()[0]).not.toHaveProperty('assignee');
  });

  it('comes after the steps that still wait for the disk', () => {
    let refuses = true;
    const database = harness.watched(() => {
      if (refuses) throw new Error('disk full');
    });
    refuses = false;
    const engine = harness.start(RULES, database);
    feed(engine, 0, 85);
    refuses = true;
    feed(engine, 60, 97);
    refuses = false;
    const id = engine.active()[0]?.id ?? '';
    engine.handle([{ id, kind: 'commented', details: { by: 'lan', text: 'seen' } }]);
    const kinds = engine.get(id)?.timeline.map(({ kind, severity }) => `${kind} ${severity}`);
    expect(kinds).toEqual(['started minor', 'fired minor', 'escalated critical', 'commented critical']);
  });
});
