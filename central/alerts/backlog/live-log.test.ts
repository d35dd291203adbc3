import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../lifecycle/alert-state.ts';
import { LiveLog } from './live-log.ts';

const GAP = 30;

function sample(timeMs: number, one: Evaluation, part = 'agent-1') {
  return { part, timeMs, evaluations: [one], value: timeMs };
}

function logged(...samples: readonly ReturnType<typeof sample>[]): LiveLog {
  const log = new LiveLog();
  for (const each of samples) log.add(each, GAP);
  return log;
}

const shown = (log: LiveLog, untilMs = Infinity): string[] =>
  log.take(untilMs).map(({ timeMs, part, evaluations }) => `${timeMs} ${part} ${evaluations[0] ?? ''}`);

describe('the log of what was judged live', () => {
  it('keeps samples that say the same as one run, and gives all of them back', () => {
    const log = logged(sample(0, 'breach'), sample(10, 'breach'), sample(20, 'breach'), sample(30, 'clear'));
    expect(log.runs).toHaveLength(2);
    expect(shown(log)).toEqual([
      '0 agent-1 breach',
      '10 agent-1 breach',
      '20 agent-1 breach',
      '30 agent-1 clear',
    ]);
    expect(log.runs).toEqual([]);
  });

  it('does not bridge a gap', () => {
    expect(logged(sample(0, 'breach'), sample(31, 'breach')).runs).toHaveLength(2);
  });

  it('keeps those apart who tell of the same entity, in the order of time', () => {
    const log = logged(sample(0, 'breach', 'a'), sample(5, 'clear', 'b'), sample(10, 'breach', 'a'));
    expect(log.runs).toHaveLength(2);
    expect(shown(log)).toEqual(['0 a breach', '5 b clear', '10 a breach']);
  });

  it('gives what began up to a time, and keeps the rest', () => {
    const log = logged(sample(0, 'breach'), sample(20, 'clear'));
    expect(shown(log, 10)).toEqual(['0 agent-1 breach']);
    expect(shown(log)).toEqual(['20 agent-1 clear']);
  });

  it('leaves out a sample that is not newer', () => {
    expect(shown(logged(sample(10, 'breach'), sample(10, 'clear'), sample(5, 'clear')))).toHaveLength(1);
  });

  it('is full once it goes back and forth too often, and says so', () => {
    const log = new LiveLog();
    for (let at = 0; at < 101; at++) log.add(sample(at * 10, at % 2 === 0 ? 'breach' : 'clear'), GAP);
    expect([log.runs.length, log.isFull]).toEqual([100, true]);
  });
});
