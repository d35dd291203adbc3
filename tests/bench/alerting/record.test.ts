import { expect, it } from 'vitest';
import { compareRecords, type AlertRecordOnDisk, type RecordedEvent } from './record.ts';

function event(number: number, alert: string, kind: string): RecordedEvent {
  return { number, alert, kind, phase: 'firing', severity: 'minor', atMs: number, recordedAtMs: number };
}

function record(...events: RecordedEvent[]): AlertRecordOnDisk {
  return { events, steady: new Set(['a']), incidents: 1, toTell: [] };
}

const before = record(event(1, 'a', 'fired'), event(2, 'b', 'fired'));

it('finds nothing where only others have gone on', () => {
  const after = record(...before.events, event(3, 'b', 'resolved'));
  expect(compareRecords(before, after)).toEqual({ changedEvents: 0, twice: 0, unasked: 0 });
});

it('finds what is gone, what is there twice, and what nobody caused', () => {
  const after = record(event(2, 'b', 'fired'), event(3, 'b', 'fired'), event(4, 'a', 'recovering'));
  expect(compareRecords(before, after)).toEqual({ changedEvents: 1, twice: 1, unasked: 1 });
});
