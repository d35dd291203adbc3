import { beforeEach, describe, expect, it } from 'vitest';
import { encodeAgentConfig } from '../../contract/agent-config.ts';
import { agentTopic } from '../../contract/topics.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { FakeBus } from '../mqtt/testing/fake-bus.ts';
import { openStateDatabase } from '../state/database.ts';
import {
  ConfigRefusedError,
  createAgentConfigs,
  NoSuchRevisionError,
  type AgentConfigs,
} from './agent-configs.ts';
import {
  openConfigRevisions,
  RevisionMovedError,
  REVISIONS_KEPT,
  type ConfigRevisions,
} from './config-revisions.ts';
import { ConfigPublisher } from './config-publisher.ts';
import { standingOf, type ReportedConfig } from './standing.ts';

const one = { collectors: [{ kind: 'server' }] };
const two = { collectors: [{ kind: 'ping', targets: ['10.0.0.1'] }] };
const by = (expectedRevision: number) => ({ actor: 'engineer', expectedRevision });

let clock: ManualClock;
let bus: FakeBus;
let revisions: ConfigRevisions;
let configs: AgentConfigs;
let publisher: ConfigPublisher;
/** What agents last reported. */
let reports: Map<string, ReportedConfig>;

beforeEach(() => {
  clock = new ManualClock();
  bus = new FakeBus();
  reports = new Map();
  revisions = openConfigRevisions(openStateDatabase(':memory:'));
  const reported = (agent: string) => reports.get(agent);
  publisher = new ConfigPublisher({ bus, revisions, reported, clock, log: silentLogger });
  configs = createAgentConfigs({
    revisions,
    reported,
    declarations: { problemsOf: () => [], take: () => undefined },
    check: async (config) =>
      config === one || config === two || isKnown(config) ? [] : ['a: wrong', 'b: wrong'],
    publish: (agent) => publisher.publish(agent),
    clock,
  });
});

function isKnown(config: unknown): boolean {
  return [one, two].some((known) => JSON.stringify(known) === JSON.stringify(config));
}

function published(agent: string): string[] {
  return bus.published
    .filter(({ topic }) => topic === agentTopic(agent, 'config'))
    .map(({ payload }) => payload);
}

describe('the config of an agent', () => {
  it('gets a revision that grows, is published retained, and keeps its history', async () => {
    await configs.put('gw-1', one, by(0));
    await configs.put('gw-1', two, by(1));
    expect(bus.published).toEqual([
      { topic: agentTopic('gw-1', 'config'), payload: encodeAgentConfig(1, one), qos: 1, retain: true },
      { topic: agentTopic('gw-1', 'config'), payload: encodeAgentConfig(2, two), qos: 1, retain: true },
    ]);
    expect(configs.history('gw-1').map(({ revision, config }) => [revision, config])).toEqual([
      [2, two],
      [1, one],
    ]);
  });

  it('is refused with every problem, and nothing is written', async () => {
    const refused = await configs.put('gw-1', { nonsense: true }, by(0)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigRefusedError);
    expect(refused).toMatchObject({ problems: ['a: wrong', 'b: wrong'] });
    expect(configs.history('gw-1')).toEqual([]);
    expect(bus.published).toEqual([]);
  });

  it('of two engineers who have seen the same is written by one only', async () => {
    const both = await Promise.allSettled([configs.put('gw-1', one, by(0)), configs.put('gw-1', two, by(0))]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(configs.put('gw-1', two, by(0))).rejects.toThrow(RevisionMovedError);
    expect(() => configs.remove('gw-1', by(0))).toThrow('at revision 1, not 0');
    expect(configs.history('gw-1')).toHaveLength(1);
  });

  it('goes back to an earlier revision under a new number', async () => {
    await configs.put('gw-1', one, by(0));
    await configs.put('gw-1', two, by(1));
    expect(await configs.restore('gw-1', 1, by(2))).toMatchObject({
      revision: 3,
      config: one,
      restoredFrom: 1,
    });
    await expect(configs.restore('gw-1', 9, by(3))).rejects.toThrow(NoSuchRevisionError);
  });

  it('counts on from what the agent knows when central has lost its own state', async () => {
    reports.set('gw-1', { revision: 41, trial: false, problem: { revision: 44, reason: 'x' } });
    expect(configs.standing('gw-1').state).toBe('ahead');
    expect(await configs.put('gw-1', one, by(0))).toMatchObject({ revision: 45 });
  });

  it('keeps a bounded history, and always what is in force', async () => {
    for (let revision = 0; revision < REVISIONS_KEPT + 5; revision++)
      await configs.put('gw-1', one, by(revision));
    const kept = configs.history('gw-1').map(({ revision }) => revision);
    expect(kept).toHaveLength(REVISIONS_KEPT);
    expect(kept[0]).toBe(REVISIONS_KEPT + 5);
  });

  it('that is taken back sends the agent to its own file, and is cleared once the agent is there', async () => {
    await configs.put('gw-1', one, by(0));
    configs.remove('gw-1', by(1));
    expect(published('gw-1').at(-1)).toBe(encodeAgentConfig(2, null));
    expect(() => configs.remove('gw-1', by(2))).toThrow(NoSuchRevisionError);
    reports.set('gw-1', { revision: 2, trial: true });
    publisher.onAgentState('gw-1');
    reports.set('gw-1', { revision: 2, trial: false });
    publisher.onAgentState('gw-1');
    await clock.advance(0);
    publisher.onAgentState('gw-1');
    expect(published('gw-1').slice(2)).toEqual(['']);
    await configs.put('gw-1', two, by(2));
    expect(published('gw-1').at(-1)).toBe(encodeAgentConfig(3, two));
  });
});

describe('what the broker is told', () => {
  it('is told again after each connection, each agent as it then is', async () => {
    bus.connected = false;
    await configs.put('gw-1', one, by(0));
    await configs.put('gw-2', one, by(0));
    await configs.put('gw-2', two, by(1));
    bus.reconnect();
    await clock.advance(0);
    expect(published('gw-1')).toEqual([encodeAgentConfig(1, one)]);
    expect(published('gw-2')).toEqual([encodeAgentConfig(2, two)]);
  });

  it('waits for a broker that takes no more for now', async () => {
    await configs.put('gw-1', one, by(0));
    bus.published.length = 0;
    bus.reconnect();
    bus.connected = false;
    await clock.advance(3_000);
    bus.connected = true;
    await clock.advance(1_000);
    expect(published('gw-1').length).toBeGreaterThanOrEqual(1);
  });

  it('reaches an agent that speaks without it once more, but not one that has given it up', async () => {
    await configs.put('gw-1', one, by(0));
    reports.set('gw-1', { revision: 0, trial: false });
    publisher.onAgentState('gw-1');
    expect(published('gw-1')).toHaveLength(2);
    reports.set('gw-1', { revision: 0, trial: false, problem: { revision: 1, reason: 'no such device' } });
    publisher.onAgentState('gw-1');
    publisher.onAgentState('gw-other');
    expect(published('gw-1')).toHaveLength(2);
  });
});

describe('how far a config has come', () => {
  const desired = { revision: 5, config: one };
  const problem = { revision: 5, reason: 'x' };
  it.each([
    ['own_file', undefined, undefined],
    ['own_file', undefined, { revision: 0, trial: false }],
    ['own_file', { revision: 5, config: null }, { revision: 5, trial: false }],
    ['pending', { revision: 5, config: null }, { revision: 0, trial: false }],
    ['pending', { revision: 5, config: null }, { revision: 4, trial: false }],
    ['pending', desired, undefined],
    ['pending', desired, { revision: 4, trial: false }],
    ['pending', desired, { revision: 3, trial: false, problem: { revision: 4, reason: 'x' } }],
    ['trial', desired, { revision: 5, trial: true }],
    ['running', desired, { revision: 5, trial: false }],
    ['failed', desired, { revision: 4, trial: false, problem }],
    ['failed', desired, { revision: 0, trial: false, problem }],
    ['ahead', desired, { revision: 6, trial: false }],
    ['ahead', undefined, { revision: 1, trial: true }],
  ] as const)('is %s', (state, wanted, reported) => {
    expect(standingOf(wanted, reported).state).toBe(state);
  });
});
