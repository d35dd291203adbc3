import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { agentTopic } from '../../contract/topics.ts';
import { CentralProgram } from '../support/central-program.ts';
import { RAW_EPOCH, RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

const AGENTS = ['gw-26734-01', 'gw-26737-01', 'gw-26740-01'] as const;
const INTERVAL_MS = 1_000;
/** No agent is absent in the first minute after a start of central. */
const WARM_UP_MS = 65_000;

let directory: TemporaryDirectory;
let central: CentralProgram;
let agents: RawAgent[];
const timers: NodeJS.Timeout[] = [];

beforeAll(async () => {
  directory = temporaryDirectory('central-stall');
  central = await CentralProgram.start({ directory: directory.path, agents: AGENTS });
  agents = await Promise.all(AGENTS.map((name) => RawAgent.connect(central.brokerUrl, name)));
  for (const agent of agents) {
    const birth = { v: 1, online: true, birth: 1, epoch: RAW_EPOCH, intervalMs: INTERVAL_MS };
    agent.publish(agentTopic(agent.name, 'state'), JSON.stringify(birth));
    timers.push(setInterval(() => report(agent), INTERVAL_MS));
  }
});
afterAll(async () => {
  for (const timer of timers) clearInterval(timer);
  for (const agent of agents) agent.end();
  await central.end('SIGKILL');
  directory.remove();
});

function report(agent: RawAgent): void {
  agent.send([{ measurement: 'system', tags: {}, fields: { load1: 0.5 }, timeMs: Date.now() }]);
}

async function recorded(): Promise<readonly { readonly rule: string }[]> {
  return (await central.get<{ items: readonly { rule: string }[] }>('/api/v1/alerts?limit=100')).items;
}

it('central stopped for ten intervals of its agents: no agent is called silent for it', async () => {
  // The promise is about time that passes for two processes, so that there is no event to wait for.
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
  expect(await recorded()).toEqual([]);
  central.signal('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 10 * INTERVAL_MS));
  const sent = agents.map((agent) => agent.sentBatches);
  central.signal('SIGCONT');
  for (const [at, agent] of agents.entries()) await agent.untilStored(sent[at] ?? 0);
  // Two ticks of the alert rules later.
  await vi.waitFor(
    async () => expect(await central.metric('wardwatch_stalled_seconds_total')).toBeGreaterThan(8),
    5_000,
  );
  const alerts = await recorded();
  expect(alerts.filter(({ rule }) => rule === 'agent_silent')).toEqual([]);
});
