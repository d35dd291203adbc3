import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { AgentProblems, type ProblemFinding } from './agent-problems.ts';

const START_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;

function finding(agent: string, more: Partial<ProblemFinding> = {}): ProblemFinding {
  return { agent, problem: 'too_many_series', count: 5, detail: 'five rows', ...more };
}

describe('the problems of agents', () => {
  it('last until five minutes after they were last found, and begin anew after that', () => {
    const problems = new AgentProblems(silentLogger);
    problems.record(finding('gw-1'), START_MS);
    problems.record(finding('gw-1', { detail: 'five more' }), START_MS + 4 * MINUTE_MS);
    expect(problems.of('gw-1', START_MS + 9 * MINUTE_MS)).toEqual([
      {
        ...{ problem: 'too_many_series', count: 10, detail: 'five more' },
        ...{ sinceMs: START_MS, lastAtMs: START_MS + 4 * MINUTE_MS },
      },
    ]);
    expect(problems.of('gw-1', START_MS + 9 * MINUTE_MS + 1)).toEqual([]);
    problems.record(finding('gw-1'), START_MS + 20 * MINUTE_MS);
    expect(problems.find('gw-1', 'too_many_series', START_MS + 20 * MINUTE_MS)).toMatchObject({
      sinceMs: START_MS + 20 * MINUTE_MS,
      count: 5,
    });
  });

  it('are in the log with the name of the agent when they begin, and ever more seldom after that', () => {
    const lines: { agent: string; problem: string; detail: string }[] = [];
    const log = pino({}, { write: (line) => lines.push(JSON.parse(line) as (typeof lines)[number]) });
    const problems = new AgentProblems(log);
    for (let index = 0; index < 999; index++) problems.record(finding('gw-1'), START_MS + index * 1_000);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ agent: 'gw-1', problem: 'too_many_series', detail: 'five rows' });
  });

  it('are counted by problem, and only the greatest are named where there are many', () => {
    const problems = new AgentProblems(silentLogger);
    for (let index = 0; index < 100; index++) {
      problems.record(finding(`gw-${index}`, { count: index }), START_MS);
    }
    problems.record(finding('gw-7', { problem: 'twins', count: 1_000 }), START_MS);
    expect(problems.counts(START_MS)).toMatchObject({ too_many_series: 100, twins: 1, too_many_alerts: 0 });
    const named = problems.greatest(START_MS);
    expect(named).toHaveLength(20);
    expect(named.slice(0, 2).map(({ agent, problem }) => [agent, problem])).toEqual([
      ['gw-7', 'twins'],
      ['gw-99', 'too_many_series'],
    ]);
  });

  it('are bounded, and go with an agent that is retired', () => {
    const problems = new AgentProblems(silentLogger);
    for (let index = 0; index < 10_001; index++) problems.record(finding(`gw-${index}`), START_MS);
    expect(problems.counts(START_MS).too_many_series).toBe(10_000);
    expect(problems.of('gw-0', START_MS)).toEqual([]);
    problems.forget('gw-5');
    expect(problems.of('gw-5', START_MS)).toEqual([]);
  });
});
