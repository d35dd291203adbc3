import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { openStateDatabase } from '../state/database.ts';
import { EMPTY_INVENTORY, readInventory } from '../inventory/inventory.ts';
import { openAgentRegistry, type AgentRegistry, type AgentRegistryDeps } from './agent-registry.ts';

const START_MS = 1_800_000_000_000;
const batch = (agent: string) => ({ agent, epoch: 'abcdefgh', seq: 1, tables: [] });
const context = (receivedAtMs: number) => ({ receivedAtMs, sentAtMs: receivedAtMs - 40, backfill: false });
const birth = { v: 1, online: true, birth: 1, intervalMs: 5_000, kind: 'gateway' } as const;

function open(given: Partial<AgentRegistryDeps> = {}): AgentRegistry {
  return openAgentRegistry({
    inventory: EMPTY_INVENTORY,
    database: openStateDatabase(':memory:'),
    clock: new ManualClock(START_MS),
    log: silentLogger,
    ...given,
  });
}

describe('the agent registry', () => {
  it('calls an agent silent three intervals after it was last seen, and live again with its next batch', () => {
    const registry = open();
    registry.recordState('gw-1', birth, START_MS);
    expect(registry.phaseOf('gw-1', START_MS + 15_000)).toBe('live');
    expect(registry.phaseOf('gw-1', START_MS + 15_001)).toBe('silent');
    registry.observe(batch('gw-1'), context(START_MS + 20_000));
    expect(registry.phaseOf('gw-1', START_MS + 20_000)).toBe('live');
  });

  it('does not take a last will alone for silence: the agent may be back on another connection', () => {
    const registry = open();
    registry.recordState('gw-1', birth, START_MS);
    registry.recordState('gw-1', { v: 1, online: false, birth: 1, reason: 'will' }, START_MS + 1_000);
    expect(registry.phaseOf('gw-1', START_MS + 2_000)).toBe('live');
  });

  it('calls an agent stopped after a clean stop', () => {
    const registry = open();
    registry.recordState('gw-1', birth, START_MS);
    registry.recordState('gw-1', { v: 1, online: false, birth: 1, reason: 'stop' }, START_MS + 1_000);
    expect(registry.phaseOf('gw-1', START_MS + 60_000)).toBe('stopped');
  });

  it("has no agent called central: neither from central's own samples nor from before the name was reserved", () => {
    const database = openStateDatabase(':memory:');
    open({ database }).observe(batch('central'), context(START_MS));
    database.prepare('INSERT INTO agent VALUES (?, NULL, 10000, ?, ?, 0)').run('central', START_MS, START_MS);
    const registry = open({ database });
    expect(registry.list(START_MS)).toEqual([]);
    expect([...registry.absences(START_MS + 3_600_000)]).toEqual([]);
  });

  it('still misses, after a restart, an agent that never came back', () => {
    const database = openStateDatabase(':memory:');
    const before = open({ database });
    before.recordState('gw-1', birth, START_MS);
    before.save();
    const after = open({ database });
    expect(after.get('gw-1', START_MS + 3_600_000)).toMatchObject({
      phase: 'silent',
      intervalMs: 5_000,
      kind: 'gateway',
    });
  });

  it.each(['{"v":1,"online":true,"birth":18446744073709552000}', '{"v":', '7'])(
    'drops a state that cannot be read (%s), but neither its agent nor the others',
    (bad) => {
      const database = openStateDatabase(':memory:');
      const before = open({ database });
      for (const agent of ['gw-1', 'gw-2']) before.recordState(agent, birth, START_MS);
      before.save();
      database.prepare("UPDATE agent SET state = ? WHERE id = 'gw-1'").run(bad);
      const after = open({ database });
      const [first, second] = after.list(START_MS);
      expect(first).toMatchObject({ id: 'gw-1', phase: 'live', intervalMs: 5_000 });
      expect(first).not.toHaveProperty('kind');
      expect(second).toMatchObject({ id: 'gw-2', kind: 'gateway' });
    },
  );

  it('lists what was expected but never seen, and what was seen but not expected', () => {
    const unit = {
      code: '26734',
      name: 'a',
      nameEn: 'a',
      kind: 'ward',
      longitude: 106,
      latitude: 10,
      areaKm2: 1,
    };
    const site = { id: 's', unit: '26734', name: 's', kind: 'site', longitude: 106, latitude: 10 };
    const agents = [{ id: 'gw-1', kind: 'gateway', site: 's', unit: '26734' }];
    const inventory = readInventory('test', { units: [unit], sites: [site], agents });
    const registry = open({ inventory });
    registry.observe(batch('gw-2'), context(START_MS));
    expect(registry.list(START_MS).map(({ id, phase, expected }) => ({ id, phase, expected }))).toEqual([
      { id: 'gw-1', phase: 'never_seen', expected: true },
      { id: 'gw-2', phase: 'live', expected: false },
    ]);
    expect(registry.counts(START_MS)).toEqual({ live: 1, silent: 0, stopped: 0, never_seen: 1 });
  });

  it('does not miss an agent that stopped cleanly before a restart, nor count time before the restart', () => {
    const database = openStateDatabase(':memory:');
    const before = open({ database });
    for (const agent of ['stopped', 'lost']) before.recordState(agent, birth, START_MS);
    before.recordState('stopped', { v: 1, online: false, birth: 1, reason: 'stop' }, START_MS + 1_000);
    before.save();
    const clock = new ManualClock(START_MS + 3_600_000);
    const after = open({ database, clock });
    expect([...after.absences(clock.now() + 20_000)]).toMatchObject([
      { agent: 'stopped', missedIntervals: 0, isNews: true },
      { agent: 'lost', missedIntervals: 4, isNews: false, sinceMs: clock.now() },
    ]);
    after.setListening(false);
    expect([...after.absences(clock.now() + 20_000)]).toEqual([]);
  });
});

describe('what an agent says of itself', () => {
  const SITE = { site: 'site-1', unit: '26734' };
  const inventory = readInventory('test', {
    units: [
      {
        ...{ code: '26734', name: 'Phường Một', nameEn: 'Ward One', kind: 'ward' },
        ...{ longitude: 106.7, latitude: 10.78, areaKm2: 2 },
      },
    ],
    sites: [{ id: 'site-1', unit: '26734', name: 'Site', kind: 'site', longitude: 106.7, latitude: 10.78 }],
    agents: [
      { id: 'gw-1', kind: 'gateway', ...SITE },
      { id: 'gw-slow', kind: 'gateway', ...SITE, maxIntervalMs: 3_600_000 },
    ],
  });
  const claim = { ...birth, intervalMs: 9e15, site: 'elsewhere', unit: '99999' };

  it('does not exempt it from silence: its interval is bounded, by its entry in the inventory or to ten minutes', () => {
    const database = openStateDatabase(':memory:');
    const registry = open({ inventory, database });
    for (const agent of ['gw-1', 'gw-slow', 'gw-unknown']) registry.recordState(agent, claim, START_MS);
    const silentAfterMs = { 'gw-1': 1_800_000, 'gw-unknown': 1_800_000, 'gw-slow': 10_800_000 };
    for (const [agent, ms] of Object.entries(silentAfterMs)) {
      expect(registry.phaseOf(agent, START_MS + ms)).toBe('live');
      expect(registry.phaseOf(agent, START_MS + ms + 1)).toBe('silent');
    }
    // Also where an earlier version has saved the claim.
    database.prepare("UPDATE agent SET interval_ms = 9000000000000000 WHERE id = 'gw-1'").run();
    registry.save();
    database.prepare('UPDATE agent SET interval_ms = 9000000000000000').run();
    expect(open({ inventory, database }).get('gw-1', START_MS)?.intervalMs).toBe(600_000);
  });

  it('does not override where the inventory has it; where that lacks it, it is all there is', () => {
    const registry = open({ inventory });
    for (const agent of ['gw-1', 'gw-unknown']) registry.recordState(agent, claim, START_MS);
    expect(registry.get('gw-1', START_MS)).toMatchObject({ site: 'site-1', unit: '26734' });
    expect(registry.locationOf('gw-1')).toEqual({ site: 'site-1', unit: '26734' });
    expect(registry.locationOf('gw-unknown')).toEqual({ site: 'elsewhere', unit: '99999' });
  });
});

describe('two agents with one id', () => {
  it('are told by the queues and the runs that come in turns, also by births that are stale', () => {
    const told: number[] = [];
    const registry = open({ onTwins: (_agent, nowMs) => told.push((nowMs - START_MS) / 1_000) });
    for (let atS = 0; atS < 6; atS++) {
      registry.observe(
        { ...batch('gw-1'), epoch: atS % 2 ? 'abcdefgh' : 'zyxwvuts' },
        context(START_MS + atS * 1_000),
      );
      registry.observe(batch('gw-2'), context(START_MS + atS * 1_000));
    }
    expect(told).toEqual([4, 5]);
    told.length = 0;
    for (let atS = 10; atS < 16; atS++) {
      const state = { ...birth, epoch: 'ofanimage', run: atS % 2 ? 'one' : 'other' };
      registry.recordIdentity('gw-2', state, START_MS + atS * 1_000);
      // A will may come late, and is not a sign of life.
      registry.recordIdentity('gw-2', { ...state, online: false, run: 'third' }, START_MS + atS * 1_000);
    }
    expect(told).toEqual([14, 15]);
  });
});
