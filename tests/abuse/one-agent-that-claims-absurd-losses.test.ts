import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MAX_SEQ } from '../../contract/batch.ts';
import { encodeBatch, encodeLossBody, encodeSamples } from '../../contract/codec.ts';
import { agentTopic } from '../../contract/topics.ts';
import { CentralProgram } from '../support/central-program.ts';
import { RAW_EPOCH, RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

const GOOD = ['gw-26734-01', 'gw-26737-01', 'gw-26740-01'] as const;
const LIAR = 'gw-26743-01';

interface LedgerAnswer {
  readonly items: readonly {
    readonly epoch: string;
    readonly completeness: number;
    readonly storedPoints: number;
  }[];
  readonly completeness?: number;
  readonly implausible: readonly { readonly agent: string; readonly stored: number; readonly lost: number }[];
}

let directory: TemporaryDirectory;
let central: CentralProgram;
let agents: RawAgent[];
let liar: RawAgent;

beforeAll(async () => {
  directory = temporaryDirectory('absurd-losses');
  central = await CentralProgram.start({ directory: directory.path, agents: [...GOOD, LIAR] });
  agents = await Promise.all(GOOD.map((name) => RawAgent.connect(central.brokerUrl, name)));
  liar = await RawAgent.connect(central.brokerUrl, LIAR);
  for (const agent of agents) await agent.untilStored(agent.send([load()]));
});
afterAll(async () => {
  for (const agent of [...agents, liar]) agent.end();
  await central.end('SIGKILL');
  directory.remove();
});

function load() {
  return { measurement: 'system', tags: {}, fields: { load1: 0.5 }, timeMs: Date.now() };
}

/** A batch with any number, from any queue; resolves once it is stored. */
async function lie(
  header: { epoch?: string; seq: number; lowest: number },
  losses?: { from: number; to: number },
) {
  const body =
    losses === undefined
      ? (encodeSamples([load()]).bodies[0]?.bytes ?? Buffer.alloc(0))
      : encodeLossBody(
          [{ ...losses, points: 1_000_000, fromMs: 0, toMs: Date.now(), reason: 'queue-full' }],
          Date.now(),
        );
  const whole = { epoch: RAW_EPOCH, sentAtMs: Date.now(), backfill: false, ...header };
  liar.publish(agentTopic(LIAR, 'up'), encodeBatch(whole, body));
  await liar.untilStored(header.seq);
}

function ledger(query = ''): Promise<LedgerAnswer> {
  return central.get<LedgerAnswer>(`/api/v1/ledger${query}`);
}

describe('an agent that claims to have lost ten thousand million batches', () => {
  it.each([
    ['by a number that cannot be', () => lie({ seq: MAX_SEQ, lowest: MAX_SEQ })],
    ['by a declaration', () => lie({ epoch: 'declares', seq: 2, lowest: 1 }, { from: 3, to: MAX_SEQ })],
  ])('%s leaves the completeness of the city as it is, and is named', async (_how, claim) => {
    await claim();
    const { completeness, implausible } = await ledger();
    expect(completeness).toBe(1);
    expect(implausible).toMatchObject([{ agent: LIAR }]);
    expect(implausible[0]?.lost).toBeGreaterThan(1_000_000_000);
    expect((await ledger(`?agent=${LIAR}`)).completeness).toBeLessThan(0.001);
    expect(await central.metric('wardwatch_completeness_ratio')).toBe(1);
    expect(await central.metric('wardwatch_implausible_agents')).toBe(1);
  });

  it('raises an alert with its name', async () => {
    await vi.waitFor(
      async () => {
        type Page = { items: { rule: string; entity: { agent?: string } }[] };
        const { items } = await central.get<Page>('/api/v1/alerts?state=active');
        const named = items.filter(({ rule }) => rule === 'agent_losses_implausible');
        expect(named.map(({ entity }) => entity.agent)).toEqual([LIAR]);
      },
      { timeout: 30_000, interval: 200 },
    );
  });

  it('cannot make its losses forgotten by beginning queue after queue', async () => {
    const before = (await ledger(`?agent=${LIAR}`)).items.reduce(
      (sum, { storedPoints }) => sum + storedPoints,
      0,
    );
    const queues = Array.from({ length: 40 }, (_, index) => `queue${String(index).padStart(4, '0')}`);
    await Promise.all(queues.map((epoch, index) => lie({ epoch, seq: 1_000 + index, lowest: 1 })));
    const { items, implausible } = await ledger(`?agent=${LIAR}`);
    expect(items.filter(({ epoch }) => epoch !== 'older')).toHaveLength(32);
    expect(items.filter(({ epoch }) => epoch === 'older')).toHaveLength(1);
    expect(items.reduce((sum, { storedPoints }) => sum + storedPoints, 0)).toBe(before + 40);
    expect(implausible[0]?.lost).toBeGreaterThan(1_000_000_000);
    expect((await ledger()).completeness).toBe(1);
  });
});
