import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { openStateDatabase, type StateDatabase } from '../../state/database.ts';
import { ConfigRefusedError, createAgentConfigs, type AgentConfigs } from '../agent-configs.ts';
import { openConfigRevisions } from '../config-revisions.ts';
import type { ReportedConfig } from '../standing.ts';
import { openRolloutRepository } from './rollout-repository.ts';
import { RolloutOverlapsError, RolloutStateError } from './rollout-verbs.ts';
import { Rollouts } from './rollouts.ts';
import { rolloutSettingsSchema, type AgentCounts } from './rollout.ts';

const AGENTS = Array.from({ length: 20 }, (_, at) => `gw-${String(at + 1).padStart(2, '0')}`);
const OLD = { collectors: [{ kind: 'server', intervalMs: 10_000 }] };
const PATCH = { patch: { collectors: [{ kind: 'server', intervalMs: 30_000 }] } };
const settings = rolloutSettingsSchema.parse({ watchMs: 60_000, applyWithinMs: 30_000 });

let clock: ManualClock;
let database: StateDatabase;
let reports: Map<string, ReportedConfig>;
let counts: Map<string, AgentCounts>;
/** How many points each second, by agent. */
let rates: Map<string, number>;
let silent: Set<string>;
let canJudge: boolean;
/** Agents that refuse what they are given. */
let refusing: Set<string>;
/** Agents of which hardly a batch came so far. */
let fresh: Set<string>;
/** Agents that take nothing yet. */
let stuck: Set<string>;
/** Called once, while central checks a config. */
let meanwhile: (() => Promise<void>) | undefined;
let configs: AgentConfigs;
let rollouts: Rollouts;
let told: string[];

beforeEach(async () => {
  clock = new ManualClock(1_800_000_000_000);
  database = openStateDatabase(':memory:');
  reports = new Map();
  counts = new Map();
  rates = new Map();
  silent = new Set();
  refusing = new Set();
  stuck = new Set();
  fresh = new Set();
  meanwhile = undefined;
  canJudge = true;
  told = [];
  open();
  for (const agent of AGENTS) await configs.put(agent, OLD, { actor: 'lan', expectedRevision: 0 });
  await seconds(1_800);
});
afterEach(() => database.close());

/** As after a start of central: what is in `state.db` is all that is left. */
function open(): void {
  const revisions = openConfigRevisions(database);
  configs = createAgentConfigs({
    ...{ revisions, clock, publish: () => undefined, reported: (agent) => reports.get(agent) },
    declarations: { problemsOf: () => [], take: () => undefined },
    check: async (config) => {
      const happening = meanwhile;
      meanwhile = undefined;
      await happening?.();
      return JSON.stringify(config).includes('pong') ? ['collectors[0].kind: no such kind'] : [];
    },
  });
  rollouts = new Rollouts({
    ...{ repository: openRolloutRepository(database), configs, clock, log: silentLogger },
    evidence: (agent) => ({
      isLive: !silent.has(agent),
      intervalMs: 10_000,
      firstSeenAtMs: 1_800_000_000_000,
    }),
    counts: () => counts,
    totals: (agent) => {
      const { stored, refused } = counts.get(agent) ?? { stored: 0, refused: 0 };
      const storedBatches = fresh.has(agent) ? 3 : Math.floor((clock.now() - 1_800_000_000_000) / 10_000);
      return { storedPoints: stored, refusedPoints: refused, storedBatches, lateBatches: 0 };
    },
    canJudge: () => canJudge,
    onChange: ({ id }, { what, detail }) =>
      told.push(`${id} ${what}${detail === undefined ? '' : `: ${detail}`}`),
  });
}

/** Agents run what they are given within a second, and send. */
async function second(): Promise<void> {
  for (const agent of AGENTS) {
    const desired = configs.desired(agent)?.revision ?? 0;
    const running = reports.get(agent)?.revision ?? 0;
    if (silent.has(agent)) continue;
    if (refusing.has(agent) && desired > 1)
      reports.set(agent, {
        revision: running,
        trial: false,
        problem: { revision: desired, reason: 'no such device' },
      });
    else if (!stuck.has(agent)) reports.set(agent, { revision: desired, trial: false });
    const before = counts.get(agent) ?? { stored: 0, refused: 0, lost: 0, missing: 0 };
    counts.set(agent, { ...before, stored: before.stored + (rates.get(agent) ?? 4) });
  }
  clock.freeze(1_000);
  await rollouts.tick();
}
async function seconds(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await second();
}

const create = (more: Partial<Parameters<Rollouts['create']>[0]> = {}) =>
  rollouts.create({ agents: AGENTS, change: PATCH, reason: 'less often', settings, actor: 'lan', ...more });
const changed = (): string[] =>
  AGENTS.filter((agent) => configs.desired(agent)?.config?.collectors[0]?.['intervalMs'] === 30_000);

describe('a roll-out', () => {
  it('gives a config to one agent, a tenth and all, each after the watch of those before', async () => {
    const { id, stages } = await create();
    expect(stages).toEqual([1, 2, 20]);
    await seconds(3);
    expect(changed()).toEqual(['gw-01']);
    await seconds(55);
    expect(changed()).toHaveLength(1);
    await seconds(10);
    expect(changed()).toHaveLength(2);
    await seconds(140);
    expect(changed()).toHaveLength(20);
    expect(rollouts.get(id)).toMatchObject({ state: 'done', stage: 2, stopReasons: [] });
    expect(configs.desired('gw-07')).toMatchObject({ revision: 2, actor: `roll-out ${id} (lan)` });
    expect(told.map((each) => each.slice(2))).toEqual([
      ...['created: 20 agents', 'watch: 1 agents run it', 'stage: 2 agents', 'watch: 2 agents run it'],
      ...['stage: 20 agents', 'watch: 20 agents run it', 'done'],
    ]);
  });

  it('judges an agent that sends nothing any more, however short the watch is asked to be', async () => {
    const { id } = await create({ settings: { ...settings, watchMs: 1_000 } });
    rates.set('gw-01', 0);
    await seconds(3);
    const watched = rollouts.get(id);
    expect(watched && rollouts.watchedUntilMs(watched)).toBe((watched?.watchSinceMs ?? 0) + 40_000);
    await seconds(40);
    expect(rollouts.get(id)).toMatchObject({
      ...{ state: 'stopped', stage: 0 },
      stopReasons: [expect.stringContaining('gw-01 sends less')],
    });
  });

  it('holds where too little is known of an agent to compare with, takes nothing back, and goes on when a person has looked', async () => {
    fresh.add('gw-01');
    const { id } = await create({ settings: { ...settings, onStop: 'roll_back' } });
    await seconds(3);
    expect(rollouts.membersOf(id)[0]?.note).toContain('too little is known');
    await seconds(70);
    expect(rollouts.get(id)).toMatchObject({
      ...{ state: 'stopped', stage: 0 },
      stopReasons: [expect.stringContaining('gw-01: too little is known')],
    });
    expect(changed()).toEqual(['gw-01']);
    rollouts.act(id, 'resume', 'minh');
    await seconds(220);
    expect(rollouts.get(id)?.state).toBe('done');
  });

  it('stops by itself when an agent sends less, and says which; those before keep it until it is rolled back', async () => {
    const { id } = await create();
    await seconds(70);
    rates.set('gw-02', 1);
    await seconds(80);
    expect(rollouts.get(id)).toMatchObject({
      state: 'stopped',
      stopReasons: [
        expect.stringMatching(/^gw-02 sends less: \d+ points in 6\d s, about 24\d in that time before$/),
      ],
    });
    expect(changed()).toEqual(['gw-01', 'gw-02']);
    rollouts.act(id, 'rollback', 'minh');
    await seconds(3);
    expect(rollouts.get(id)?.state).toBe('rolled_back');
    expect(changed()).toEqual([]);
    expect(configs.desired('gw-01')).toMatchObject({ revision: 3, restoredFrom: 1 });
  });

  it('rolls back by itself where it was told to', async () => {
    refusing.add('gw-01');
    const { id } = await create({ settings: { ...settings, onStop: 'roll_back' } });
    await seconds(5);
    expect(rollouts.get(id)).toMatchObject({
      state: 'rolled_back',
      stopReasons: ['gw-01 did not take it: no such device'],
    });
    expect(changed()).toEqual([]);
  });

  it('sends agents that had none before back to their own files', async () => {
    const { id } = await rollouts.create({
      ...{ agents: ['gw-99'], change: { config: OLD }, reason: 'r', settings, actor: 'lan' },
    });
    await rollouts.tick();
    expect(configs.desired('gw-99')).toMatchObject({ revision: 1 });
    rollouts.act(id, 'rollback', 'lan');
    await rollouts.tick();
    expect(configs.desired('gw-99')).toMatchObject({ revision: 2, config: null });
  });

  it('leaves alone, when it is rolled back, what somebody changed since', async () => {
    const { id } = await create();
    await seconds(3);
    await configs.put(
      'gw-01',
      { collectors: [{ kind: 'other' }] },
      {
        actor: 'minh',
        expectedRevision: 2,
      },
    );
    await seconds(2);
    expect(rollouts.get(id)).toMatchObject({ stopReasons: ['gw-01 was given another config meanwhile'] });
    rollouts.act(id, 'rollback', 'lan');
    await seconds(2);
    expect(configs.desired('gw-01')).toMatchObject({ revision: 3, actor: 'minh' });
    expect(rollouts.membersOf(id)[0]).toMatchObject({
      state: 'restored',
      note: expect.stringContaining('keeps it') as string,
    });
  });

  it('can be paused, resumed and cancelled, and nothing else of what it is not', async () => {
    const { id } = await create();
    await seconds(2);
    rollouts.act(id, 'pause', 'minh');
    await seconds(200);
    expect(changed()).toHaveLength(1);
    rollouts.act(id, 'resume', 'minh');
    await seconds(70);
    expect(changed()).toHaveLength(2);
    rollouts.act(id, 'cancel', 'minh');
    await seconds(200);
    expect(changed()).toHaveLength(2);
    for (const verb of ['pause', 'resume', 'cancel'] as const)
      expect(() => rollouts.act(id, verb, 'lan')).toThrow(RolloutStateError);
    expect(() => rollouts.act(99, 'pause', 'lan')).toThrow(RolloutStateError);
  });

  it('goes on after a stop when a person says so: only what comes from then on counts', async () => {
    const { id } = await create();
    await seconds(2);
    const lossy = counts.get('gw-01') ?? { stored: 0, refused: 0, lost: 0, missing: 0 };
    counts.set('gw-01', { ...lossy, lost: 7 });
    await seconds(2);
    expect(rollouts.get(id)?.stopReasons).toEqual(['gw-01 lost data: 7 points, 0 batches missing']);
    rollouts.act(id, 'resume', 'minh');
    await seconds(210);
    expect(rollouts.get(id)).toMatchObject({ state: 'done', stopReasons: [] });
  });

  it('gives an agent that did not run it in time the whole time again when a person goes on', async () => {
    stuck.add('gw-01');
    const { id } = await create();
    await seconds(40);
    expect(rollouts.get(id)?.stopReasons).toEqual(['gw-01 does not run it after 31 s']);
    await seconds(600);
    rollouts.act(id, 'resume', 'minh');
    await seconds(20);
    expect(rollouts.get(id)?.state).toBe('running');
    stuck.clear();
    await seconds(210);
    expect(rollouts.get(id)?.state).toBe('done');
  });

  it('does not count a pause as time in which an agent had to run it', async () => {
    stuck.add('gw-01');
    const { id } = await create();
    await seconds(3);
    rollouts.act(id, 'pause', 'minh');
    await seconds(100);
    rollouts.act(id, 'resume', 'minh');
    await seconds(20);
    expect(rollouts.get(id)?.state).toBe('running');
  });

  it('goes on without whoever refused it or was given another one, says so, and still rolls it back there', async () => {
    refusing.add('gw-01');
    const { id } = await create();
    await seconds(5);
    expect(rollouts.get(id)?.state).toBe('stopped');
    await configs.put('gw-02', { collectors: [{ kind: 'x' }] }, { actor: 'minh', expectedRevision: 1 });
    rollouts.act(id, 'resume', 'minh');
    expect(rollouts.get(id)?.history.at(-1)).toMatchObject({
      what: 'resumed',
      detail: 'without gw-01 and 1 more',
    });
    expect(rollouts.membersOf(id).slice(0, 2)).toMatchObject([
      { state: 'skipped', note: 'it did not take it: no such device' },
      { state: 'skipped', note: 'it was given another config meanwhile' },
    ]);
    await seconds(220);
    expect(rollouts.get(id)?.state).toBe('done');
    rollouts.act(id, 'rollback', 'minh');
    await seconds(3);
    expect(changed()).toEqual([]);
    expect(configs.desired('gw-01')).toMatchObject({ restoredFrom: 1 });
    expect(configs.desired('gw-02')).toMatchObject({ actor: 'minh' });
  });

  it('is not resumed where nobody is left to go on with', async () => {
    refusing.add('gw-01');
    const { id } = await create({ agents: ['gw-01'] });
    await seconds(5);
    expect(() => rollouts.act(id, 'resume', 'minh')).toThrow('has no agent to go on with');
    expect(rollouts.get(id)?.state).toBe('stopped');
  });

  it('stays what a person made of it while an agent was given its config', async () => {
    const { id } = await create();
    meanwhile = async () => {
      await configs.put('gw-01', OLD, { actor: 'minh', expectedRevision: 1 });
      rollouts.act(id, 'cancel', 'minh');
    };
    await seconds(3);
    expect(rollouts.get(id)).toMatchObject({ state: 'cancelled', stopReasons: [] });
  });

  it('knows nothing while central cannot store, and watches the stage anew then', async () => {
    const { id } = await create();
    await seconds(40);
    canJudge = false;
    for (const agent of AGENTS) rates.set(agent, 0);
    await seconds(100);
    expect(rollouts.get(id)?.state).toBe('running');
    canJudge = true;
    rates.clear();
    await seconds(50);
    expect(changed()).toHaveLength(1);
    await seconds(20);
    expect(changed()).toHaveLength(2);
  });

  it('takes the heard ones first, and leaves out who is not heard at all', async () => {
    silent.add('gw-01');
    const { id } = await create();
    await seconds(3);
    expect(changed()).toEqual(['gw-02']);
    await seconds(250);
    expect(rollouts.get(id)?.state).toBe('done');
    expect(rollouts.membersOf(id).filter(({ state }) => state === 'skipped')).toMatchObject([
      { agent: 'gw-01' },
    ]);
  });

  it('is refused where a config has problems, all have it, or another roll-out has the agents', async () => {
    const wrong = { config: { collectors: [{ kind: 'pong' }] } };
    await expect(create({ change: wrong })).rejects.toMatchObject({
      problems: ['gw-01 and 19 more: collectors[0].kind: no such kind'],
    });
    await expect(create({ change: { config: OLD } })).rejects.toThrow(ConfigRefusedError);
    const { id } = await create({ agents: AGENTS.slice(0, 3) });
    await expect(create()).rejects.toThrow(RolloutOverlapsError);
    rollouts.act(id, 'cancel', 'lan');
    await create();
    expect(() => rollouts.act(id, 'rollback', 'lan')).toThrow(RolloutOverlapsError);
  });

  it('shows before anything is sent what it would change for whom', async () => {
    await configs.put('gw-02', { collectors: [{ kind: 'server' }] }, { actor: 'lan', expectedRevision: 1 });
    await configs.put(
      'gw-03',
      { collectors: [{ kind: 'server', intervalMs: 30_000 }] },
      { actor: 'lan', expectedRevision: 1 },
    );
    const plan = await rollouts.plan([...AGENTS.slice(0, 4), 'gw-99'], PATCH);
    expect(plan.unchanged).toEqual(['gw-03']);
    expect(plan.groups).toEqual([
      { agents: ['gw-01', 'gw-04'], diff: ['collectors[server].intervalMs: 10000 → 30000'], problems: [] },
      { agents: ['gw-02'], diff: ['collectors[server].intervalMs: – → 30000'], problems: [] },
      { agents: ['gw-99'], diff: [], problems: [expect.stringContaining('runs its own file')] },
    ]);
    expect(rollouts.list()).toEqual([]);
  });
});

describe('central is killed in the middle of a roll-out', () => {
  it('after each thing it did: the next start goes on, and each agent gets the config once', async () => {
    await create();
    const done = (): string => `${told.filter((each) => !each.includes('watch')).length} ${changed().length}`;
    let starts = 0;
    for (let at = 0; at < 800 && rollouts.list()[0]?.state === 'running'; at++) {
      const before = done();
      await second();
      // Now and then in the middle of a watch, too.
      if (done() === before && at % 150 !== 149) continue;
      open();
      starts++;
    }
    expect(starts).toBeGreaterThan(5);
    expect(rollouts.list()).toMatchObject([{ state: 'done', stage: 2 }]);
    expect(AGENTS.map((agent) => configs.history(agent).length)).toEqual(AGENTS.map(() => 2));
  });

  it('between giving an agent the config and noting that: it knows its own revision', async () => {
    const { id } = await create();
    const config = { collectors: [{ kind: 'server', intervalMs: 30_000 }] };
    await configs.put('gw-01', config, { actor: `roll-out ${id} (lan)`, expectedRevision: 1 });
    open();
    await seconds(3);
    expect(rollouts.get(id)).toMatchObject({ state: 'running', stopReasons: [] });
    expect(rollouts.membersOf(id)[0]).toMatchObject({ state: 'pushed', toRevision: 2 });
  });

  it.each(['paused', 'stopped', 'rolling_back'] as const)('while it is %s: it still is', async (state) => {
    const { id } = await create();
    await seconds(2);
    if (state === 'paused') rollouts.act(id, 'pause', 'lan');
    if (state === 'rolling_back') rollouts.act(id, 'rollback', 'lan');
    if (state === 'stopped') {
      silent.add('gw-01');
      await second();
    }
    open();
    expect(rollouts.get(id)).toMatchObject({ state });
    await seconds(2);
    expect(rollouts.get(id)?.state).toBe(state === 'rolling_back' ? 'rolled_back' : state);
  });
});
