import { describe, expect, it } from 'vitest';
import type { AlertRecord } from '../history/alert-record.ts';
import { reconcile, type ReconcileInput, type TrackedAlert } from './reconcile.ts';

const SLACK = 10;
/** Cut off from 100 to 200. */
const CUTS = [{ toMs: 200 }];

function recorded(
  id: string,
  startedAtMs: number,
  end?: number,
  changes: Partial<AlertRecord> = {},
): AlertRecord {
  return {
    id,
    rule: 'r',
    entityKey: 'h',
    entity: { host: 'h' },
    agent: 'agent-1',
    severity: 'minor',
    phase: end === undefined ? 'firing' : 'resolved',
    startedAtMs,
    firedAtMs: startedAtMs,
    ...(end !== undefined && { resolvedAtMs: end }),
    value: 1,
    lastValue: 1,
    openedAtMs: startedAtMs,
    updatedAtMs: startedAtMs,
    lastSampleMs: startedAtMs,
    ...changes,
  };
}

function tracked(id: string, startedAtMs: number, endedAtMs?: number, isKnown = false): TrackedAlert {
  return {
    ...{ id, startedAtMs, endedAtMs, isKnown },
    ...(endedAtMs !== undefined && { write: { record: recorded(id, startedAtMs, endedAtMs), events: [] } }),
  };
}

function found(
  alerts: readonly TrackedAlert[],
  records: readonly AlertRecord[],
  more: Partial<ReconcileInput> = {},
) {
  const result = reconcile({ tracked: alerts, recorded: records, cuts: CUTS, slackMs: SLACK, ...more });
  if (result === 'wait') return result;
  return {
    late: result.late.map(({ record }) => record.id),
    corrections: result.corrections.map(({ interruptions, ...rest }) => ({
      ...rest,
      ...(interruptions.length > 0 && { interruptions }),
    })),
  };
}

const NOTHING = { late: [], corrections: [] };

describe('an alert of the backlog', () => {
  it('that nothing recorded overlaps is history, once', () => {
    expect(found([tracked('v', 120, 150)], [recorded('a', 20, 60)])).toEqual({
      late: ['v'],
      corrections: [],
    });
    expect(found([tracked('v', 120, 150)], [recorded('other', 120, 150, { learnedLateAtMs: 300 })])).toEqual(
      NOTHING,
    );
  });

  it('that is not over, and that live judging does not know, is waited for', () => {
    expect(found([tracked('v', 120)], [])).toBe('wait');
  });

  it('that was seen live from the end of the cut on moves the begin of that alert', () => {
    expect(found([tracked('v', 120)], [recorded('a', 205)])).toEqual({
      late: [],
      corrections: [{ id: 'a', beganAtMs: 120 }],
    });
    expect(found([tracked('v', 195)], [recorded('a', 205)])).toEqual(NOTHING);
  });

  it('that another one recorded has the begin of changes none', () => {
    const records = [recorded('late', 120, 150, { learnedLateAtMs: 300 }), recorded('a', 205)];
    expect(found([tracked('v', 120)], records)).toEqual(NOTHING);
  });

  it('that begins within one which the backlog does not know is that one', () => {
    expect(found([tracked('v', 120, 150)], [recorded('a', 50)])).toEqual(NOTHING);
  });
});

describe('an alert that stood when the cut began', () => {
  it('has its end corrected once it is over', () => {
    const alerts = [tracked('a', 50, 130, true)];
    expect(found(alerts, [recorded('a', 50)])).toBe('wait');
    expect(found(alerts, [recorded('a', 50, 260)])).toEqual({
      late: [],
      corrections: [{ id: 'a', endedAtMs: 130 }],
    });
    expect(found(alerts, [recorded('a', 50, 135)])).toEqual(NOTHING);
  });

  it('keeps the end that a person gave it, and that of a withdrawal', () => {
    const alerts = [tracked('a', 50, 130, true)];
    for (const phase of ['closed', 'withdrawn'] as const)
      expect(found(alerts, [recorded('a', 50, 260, { phase })])).toEqual(NOTHING);
  });

  it('may end later than recorded, and never after another began', () => {
    const alerts = [tracked('a', 50, 290, true)];
    expect(found(alerts, [recorded('a', 50, 210)])).toMatchObject({ corrections: [{ endedAtMs: 290 }] });
    expect(found(alerts, [recorded('a', 50, 210), recorded('b', 250, 300)])).toEqual(NOTHING);
  });

  it('may have been found in what came live between two cuts', () => {
    const alerts = [tracked('a', 50, 110), tracked('v', 120, 140)];
    expect(found(alerts, [recorded('a', 50, 260)])).toEqual({
      late: ['v'],
      corrections: [{ id: 'a', endedAtMs: 110 }],
    });
  });

  it('was interrupted where it was over and another was taken for it; what came between is history of its own', () => {
    const alerts = [tracked('a', 50, 110, true), tracked('v', 120, 140), tracked('w', 180)];
    expect(found(alerts, [recorded('a', 50)])).toEqual({
      late: ['v'],
      corrections: [{ id: 'a', interruptions: [{ fromMs: 110, toMs: 180 }] }],
    });
  });
});
