import { afterEach, describe, expect, it } from 'vitest';
import { openStateDatabase } from '../state/database.ts';
import type { AgentPhase } from './agent-view.ts';
import { openPhaseLog, PHASES_KEPT_MS, type PhaseChange } from './phase-log.ts';
import { PhaseWatch } from './phase-watch.ts';

const NOW_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const database = openStateDatabase(':memory:');

afterEach(() => {
  database.prepare('DELETE FROM agent_phase').run();
});

/** Agents as the registry shows them; `listeningForMs` undefined: central is deaf. */
class Agents {
  readonly phases = new Map<string, AgentPhase>();
  listeningForMs: number | undefined = HOUR_MS;
  readonly told: PhaseChange[] = [];
  readonly log = openPhaseLog(database);

  watch(): PhaseWatch {
    return new PhaseWatch({
      log: this.log,
      onChange: (change) => this.told.push(change),
      registry: {
        eachPhase: (_nowMs, look) => {
          if (this.listeningForMs !== undefined) for (const [agent, phase] of this.phases) look(agent, phase);
          return this.listeningForMs;
        },
        get: (id) => ({ id, phase: 'live', expected: true, intervalMs: 10_000 }),
        locationOf: (agent) => (agent === 'gw-1' ? { unit: '26734', site: 'site-0' } : {}),
      },
    });
  }

  takeTold(): string[] {
    return this.told.splice(0).map(({ agent, before, phase }) => `${agent} ${before} ${phase}`);
  }
}

describe('changes of phase', () => {
  it('are noted with where the agent is, and read in the order of time', () => {
    const agents = new Agents();
    agents.phases.set('gw-1', 'live').set('gw-2', 'never_seen');
    const watch = agents.watch();
    watch.check(NOW_MS);
    expect(agents.takeTold()).toEqual([]);
    agents.phases.set('gw-1', 'silent').set('gw-2', 'live');
    watch.check(NOW_MS + 1);
    watch.check(NOW_MS + 2);
    agents.phases.set('gw-3', 'live');
    watch.check(NOW_MS + 3);
    expect(agents.takeTold()).toEqual(['gw-1 live silent', 'gw-2 never_seen live', 'gw-3 never_seen live']);

    const all = { fromMs: 0, toMs: NOW_MS + 9, afterNumber: 0, limit: 9 };
    const read = agents.log.read(all);
    expect(read[0]).toMatchObject({ agent: 'gw-1', unit: '26734', site: 'site-0', atMs: NOW_MS + 1 });
    expect(read.map(({ agent }) => agent)).toEqual(['gw-1', 'gw-2', 'gw-3']);
    expect(agents.log.read({ ...all, unit: '26734' })).toHaveLength(1);
    expect(agents.log.read({ ...all, toMs: NOW_MS + 3, limit: 1 })).toHaveLength(1);
    const rest = { ...all, fromMs: NOW_MS + 1, afterNumber: read[0]!.number };
    expect(agents.log.read(rest).map(({ agent }) => agent)).toEqual(['gw-2', 'gw-3']);
  });

  it('are not made up by a restart of central, but what changed meanwhile is one', () => {
    const agents = new Agents();
    agents.phases.set('gw-1', 'live').set('gw-2', 'live');
    agents.watch().check(NOW_MS);
    agents.phases.set('gw-1', 'silent').set('gw-2', 'silent');
    agents.watch().check(NOW_MS + 1);
    agents.takeTold();

    // Both are silent to a central that has just started, and one comes back.
    agents.phases.set('gw-1', 'live').set('gw-2', 'silent').set('gw-3', 'live');
    agents.listeningForMs = 1_000;
    const restarted = agents.watch();
    restarted.check(NOW_MS + HOUR_MS);
    expect(agents.takeTold()).toEqual(['gw-1 silent live', 'gw-3 never_seen live']);
    agents.phases.set('gw-1', 'silent');
    restarted.check(NOW_MS + HOUR_MS);
    expect(agents.takeTold()).toEqual([]);
    agents.listeningForMs = 31_000;
    restarted.check(NOW_MS + HOUR_MS + 31_000);
    expect(agents.takeTold()).toEqual(['gw-1 live silent']);
  });

  it('are none while central is deaf', () => {
    const agents = new Agents();
    agents.phases.set('gw-1', 'live');
    const watch = agents.watch();
    watch.check(NOW_MS);
    agents.phases.set('gw-1', 'silent');
    agents.listeningForMs = undefined;
    watch.check(NOW_MS + HOUR_MS);
    expect(agents.takeTold()).toEqual([]);
  });

  it('are kept for 92 days, and the last of each agent for ever; a clock that is ahead deletes nothing', () => {
    const { log } = new Agents();
    const change = { agent: 'gw-1', before: 'live', phase: 'silent', atMs: NOW_MS } as const;
    log.append([change, { ...change, before: 'silent', phase: 'live' }, { ...change, agent: 'gw-2' }]);
    log.append([{ ...change, agent: 'gw-3', atMs: NOW_MS + 93 * 24 * HOUR_MS }]);
    expect(log.read({ fromMs: 0, toMs: Infinity, afterNumber: 0, limit: 9 })).toHaveLength(4);
    log.deleteBefore(NOW_MS + 93 * 24 * HOUR_MS - PHASES_KEPT_MS);
    expect([...log.last()]).toEqual([
      ['gw-1', 'live'],
      ['gw-2', 'silent'],
      ['gw-3', 'silent'],
    ]);
    expect(log.read({ fromMs: 0, toMs: Infinity, afterNumber: 0, limit: 9 })).toHaveLength(3);
  });
});
