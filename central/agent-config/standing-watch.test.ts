import { expect, it } from 'vitest';
import type { ConfigStanding } from './standing.ts';
import { StandingWatch } from './standing-watch.ts';

it('tells of each change of a config once, and of none that it finds at first', () => {
  const standings = new Map<string, ConfigStanding>([
    ['gw-1', { state: 'running', desired: 2, running: 2 }],
    ['gw-2', { state: 'own_file', desired: 0, running: 0 }],
  ]);
  const told: string[] = [];
  const watch = new StandingWatch({
    agents: () => standings.keys(),
    standing: (agent) => standings.get(agent) ?? { state: 'own_file', desired: 0, running: 0 },
    onChange: (agent, { state, desired }) => told.push(`${agent} ${state} ${desired}`),
  });
  watch.check();
  standings.set('gw-1', { state: 'pending', desired: 3, running: 2 });
  standings.set('gw-3', { state: 'own_file', desired: 0, running: 0 });
  watch.check();
  watch.check();
  standings.set('gw-1', {
    state: 'failed',
    desired: 3,
    running: 2,
    problem: { revision: 3, reason: 'no such kind' },
  });
  watch.check();
  standings.delete('gw-1');
  watch.check();
  expect(told).toEqual(['gw-1 pending 3', 'gw-1 failed 3']);
});

it('tells of an agent that goes back to its own file, and of the next config after that', () => {
  let standing: ConfigStanding = { state: 'running', desired: 2, running: 2 };
  const told: string[] = [];
  const watch = new StandingWatch({
    agents: () => ['gw-1'],
    standing: () => standing,
    onChange: (agent, { state, desired }) => told.push(`${agent} ${state} ${desired}`),
  });
  watch.check();
  standing = { state: 'own_file', desired: 0, running: 0 };
  watch.check();
  watch.check();
  standing = { state: 'pending', desired: 3, running: 0 };
  watch.check();
  expect(told).toEqual(['gw-1 own_file 0', 'gw-1 pending 3']);
});
