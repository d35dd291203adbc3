import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedBroker, type EmbeddedBroker } from '../../central/mqtt/broker/embedded-broker.ts';
import type { BusMessage } from '../../central/mqtt/bus.ts';
import { decodeBatch } from '../../contract/codec.ts';
import { stateSchema } from '../../contract/state.ts';
import { agentTopic, parseAgentTopic } from '../../contract/topics.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import type { Fault } from '../../simulators/city/faults.ts';
import { createFleet } from '../../simulators/fleet/fleet.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

let scratch: TemporaryDirectory;
let broker: EmbeddedBroker;
/** Called for each message that reaches the broker. */
let handleMessage: (message: BusMessage) => void;
const running = new AbortController();

beforeEach(async () => {
  scratch = temporaryDirectory('fleet');
  broker = createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    authenticate: () => 'agent',
    clock: systemClock,
    log: silentLogger,
  });
  handleMessage = () => undefined;
  broker.onMessage((message) => handleMessage(message));
  await broker.start(running.signal);
});
afterEach(async () => {
  await broker.stop();
  scratch.remove();
});

function fleetOf(faults: readonly Fault[]) {
  const model = buildCity({ seed: 1, unitCount: 1, faults: () => faults });
  return createFleet({
    model,
    directory: join(scratch.path, 'city'),
    connection: (agent) => ({ url: `mqtt://127.0.0.1:${broker.port}`, username: agent, password: 'x' }),
    intervalMs: 1_000,
    clock: systemClock,
    random: Math.random,
    log: silentLogger,
    signal: running.signal,
  });
}

describe('a simulated fleet over a real broker', () => {
  it('sends from every agent, and forgets a batch once it is acknowledged', async () => {
    const heard = new Set<string>();
    handleMessage = ({ topic, payload }) => {
      const parsed = parseAgentTopic(topic);
      if (parsed?.kind !== 'up') return;
      const batch = decodeBatch(payload);
      heard.add(parsed.agent);
      const ack = { v: 1, epoch: batch.epoch, stored: [[batch.seq, batch.seq]], window: 8, backfillPerS: 5 };
      void broker.publish(agentTopic(parsed.agent, 'ack'), JSON.stringify(ack), { qos: 0, retain: false });
    };
    const fleet = fleetOf([]);
    await fleet.start(running.signal);
    const { agents } = fleet.stats();
    await expect.poll(() => heard.size, { timeout: 20_000 }).toBe(agents);
    await expect.poll(() => fleet.stats().batchesAcked, { timeout: 20_000 }).toBeGreaterThan(2 * agents);
    expect(fleet.stats()).toMatchObject({ connected: agents, lostBatches: 0 });
    await fleet.stop();
  });

  it('lets an agent without power disappear with its last will, without a stop message', async () => {
    const deaths: (string | undefined)[] = [];
    // The third site of a unit has no battery.
    const dead = 'gw-25747-03';
    handleMessage = ({ topic, payload }) => {
      if (topic !== agentTopic(dead, 'state')) return;
      const state = stateSchema.parse(JSON.parse(payload.toString('utf8')));
      if (!state.online) deaths.push(state.reason);
    };
    const fromMs = Date.now() + 5_000;
    const fleet = fleetOf([
      { kind: 'site_power_cut', target: 'site-25747-03', fromMs, toMs: fromMs + 600_000 },
    ]);
    await fleet.start(running.signal);
    await expect.poll(() => deaths, { timeout: 20_000 }).toEqual(['will']);
    await fleet.stop();
    expect(deaths).toEqual(['will']);
  });
});
