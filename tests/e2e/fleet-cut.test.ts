import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedBroker, type EmbeddedBroker } from '../../central/mqtt/broker/embedded-broker.ts';
import type { BusMessage } from '../../central/mqtt/bus.ts';
import { createIngest, type Ingest } from '../../central/ingest/ingest.ts';
import { openQuarantine } from '../../central/ingest/quarantine/quarantine.ts';
import { KnobStore } from '../../central/ingest/testing/knob-store.ts';
import { createValidator } from '../../central/ingest/validate/validator.ts';
import type { Ledger } from '../../central/ledger/ledger.ts';
import { openLedger } from '../../central/ledger/sqlite-ledger.ts';
import { openStateDatabase, type StateDatabase } from '../../central/state/database.ts';
import { decodeBatch } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { stateSchema } from '../../contract/state.ts';
import { parseAgentTopic } from '../../contract/topics.ts';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import { createFleet } from '../../simulators/fleet/fleet.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

/** The agents' clock is this far behind until it jumps: what they held back is then old, and never in the future. */
const BEHIND_MS = 120_000;

class JumpingClock implements Clock {
  #behindMs = BEHIND_MS;

  now(): number {
    return systemClock.now() - this.#behindMs;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() - this.#behindMs;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(delayMs, signal);
  }

  jump(): void {
    this.#behindMs = 0;
  }
}

let scratch: TemporaryDirectory;
let database: StateDatabase;
let broker: EmbeddedBroker;
/** Called for each message that reaches the broker. */
let handleMessage: (message: BusMessage) => void;
let ingest: Ingest;
let ledger: Ledger;
const store = new KnobStore();
const running = new AbortController();

beforeEach(async () => {
  scratch = temporaryDirectory('fleet-cut');
  database = openStateDatabase(join(scratch.path, 'state.db'));
  ledger = openLedger(database);
  const [clock, log] = [systemClock, silentLogger];
  broker = createEmbeddedBroker({ host: '127.0.0.1', port: 0, authenticate: () => 'agent', clock, log });
  ingest = createIngest({
    bus: broker,
    validator: createValidator(CATALOGUE),
    observers: [],
    store,
    ledger,
    quarantine: openQuarantine({ directory: join(scratch.path, 'quarantine'), clock, log }),
    clock,
    random: Math.random,
    log,
  });
  await ingest.start(running.signal);
  handleMessage = () => undefined;
  broker.onMessage((message) => handleMessage(message));
  await broker.start(running.signal);
});

afterEach(async () => {
  await ingest.stop();
  await broker.stop();
  database.close();
  scratch.remove();
});

describe("a simulated fleet through a cut of its hub's uplink", () => {
  it('keeps measuring, and sends everything later as backfill with its true times', async () => {
    const clock = new JumpingClock();
    const cut = { fromMs: clock.now() + 6_000, toMs: clock.now() + BEHIND_MS };
    const model = buildCity({
      seed: 1,
      unitCount: 1,
      intervalMs: 1_000,
      faults: () => [{ kind: 'hub_uplink_cut', target: 'hub-01', ...cut }],
    });
    // The city's own gateway stands above the cut.
    const gateways = model.inventory.agents
      .filter(({ kind, site }) => kind === 'gateway' && site !== 'city')
      .map(({ id }) => id);
    const backfilled = new Map<string, number>();
    const wills = new Set<string>();
    handleMessage = ({ topic, payload }) => {
      const parsed = parseAgentTopic(topic);
      if (parsed?.kind === 'up') {
        const { backfill, baseMs } = decodeBatch(payload);
        if (backfill && baseMs >= cut.fromMs && baseMs < cut.toMs)
          backfilled.set(parsed.agent, (backfilled.get(parsed.agent) ?? 0) + 1);
      } else if (parsed?.kind === 'state') {
        const state = stateSchema.parse(JSON.parse(payload.toString('utf8')));
        if (!state.online && state.reason === 'will') wills.add(parsed.agent);
      }
    };
    const fleet = createFleet({
      model,
      directory: join(scratch.path, 'city'),
      connection: (agent) => ({ url: `mqtt://127.0.0.1:${broker.port}`, username: agent, password: 'x' }),
      intervalMs: 1_000,
      clock,
      // No random delay: neither before the first connection nor before the backlog.
      random: () => 0,
      log: silentLogger,
      signal: running.signal,
    });
    await fleet.start(running.signal);
    const { agents } = fleet.stats();
    await expect.poll(() => fleet.stats().connected, { timeout: 10_000 }).toBe(agents);

    await expect.poll(() => fleet.stats().cutOff, { timeout: 10_000 }).toBe(gateways.length);
    await expect.poll(() => [...wills].sort(), { timeout: 5_000 }).toEqual([...gateways].sort());
    expect(fleet.stats().connected).toBe(agents - gateways.length);
    await expect
      .poll(() => fleet.stats().pendingBatches, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(4 * gateways.length);

    clock.jump();
    await expect.poll(() => fleet.stats().connected, { timeout: 10_000 }).toBe(agents);
    await expect
      .poll(() => gateways.map((agent) => (backfilled.get(agent) ?? 0) >= 2), { timeout: 20_000 })
      .toEqual(gateways.map(() => true));
    // The newest batches are sent first: the gap closes with the last of the backlog.
    await expect
      .poll(
        () =>
          fleet.stats().pendingBatches === 0 && ledger.entries().every(({ stored }) => stored.length === 1),
        { timeout: 20_000, interval: 10 },
      )
      .toBe(true);
    await fleet.stop();
    await ingest.stop();

    expect(fleet.stats().lostBatches).toBe(0);
    const entries = ledger.entries();
    expect(entries).toHaveLength(agents);
    for (const { agent, stored, highest, completeness, refusedPoints } of entries)
      expect({ agent, stored, completeness, refusedPoints }).toEqual({
        agent,
        stored: [[1, highest]],
        completeness: 1,
        refusedPoints: 0,
      });
    const times = [...store.batches.values()]
      .filter(({ agent }) => gateways.includes(agent))
      .flatMap(({ tables }) => tables.flatMap(({ rows }) => rows.map(({ timeMs }) => timeMs)));
    const inCut = times.filter((timeMs) => timeMs >= cut.fromMs && timeMs < cut.toMs);
    expect(new Set(inCut).size).toBeGreaterThanOrEqual(2 * gateways.length);
  });
});
