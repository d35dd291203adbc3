import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCity, type City } from '../support/abuse-city.ts';
import { abuseScale, isLongAbuse } from '../support/abuse-scale.ts';
import type { GoodAgent } from '../support/good-agent.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { ask, fuzzedRequests } from './fuzz/api-requests.ts';
import { BrokerSession, fuzzedConnect, sayToBroker, someAddress } from './fuzz/broker-session.ts';
import { below, type Seeded } from './fuzz/choice.ts';
import { fuzzedMessages } from './fuzz/mqtt-messages.ts';

const MESSAGES = abuseScale(20_000, 1_000_000);
const DURATION_MS = abuseScale(15_000, 3_600_000);
/** The embedded store keeps what it wrote in memory up to this: with less, what grows without a bound is seen sooner. */
const STORE_MEMORY_MIB = 128;
/** Of everything else. */
const RESIDENT_MAX_MIB = 512 + STORE_MEMORY_MIB;
const FUZZERS = Array.from({ length: 8 }, (_, index) => `gw-fuzz-${index + 1}`);
/** Then it connects again, as something else may be wrong with the session. */
const MESSAGES_A_SESSION = 500;
const SHARE_OF_PACKETS = 0.05;
const SHARE_OF_CONNECTS = 0.02;
const SHARE_OF_REQUESTS = 0.04;
const REPORT_EVERY_MS = 60_000;

const given = process.env['WARDWATCH_FUZZ_SEED'];
const seed = given === undefined ? Date.now() % 1_000_000_000 : Number(given);

describe(`${MESSAGES} mutated messages, packets and requests (WARDWATCH_FUZZ_SEED=${seed})`, () => {
  let city: City;
  let witnesses: GoodAgent[];
  let sent = 0;
  const statuses = new Map<string, number>();

  beforeAll(async () => {
    const settings = {
      log: { level: 'error' },
      store: { kind: 'duckdb', memoryLimitMiB: STORE_MEMORY_MIB },
    };
    city = await startCity('fuzz', { attackers: FUZZERS, settings });
    witnesses = await Promise.all([city.goodAgent(), city.goodAgent()]);
    for (const witness of witnesses) await witness.untilAcknowledged();
  });
  afterAll(() => city.stop());

  /** Keeps the pace, so that the messages take the whole time. */
  async function untilDue(startedMs: number): Promise<void> {
    const dueMs = startedMs + (sent / MESSAGES) * DURATION_MS;
    const waitMs = dueMs - performance.now();
    if (waitMs > 5) await sleep(waitMs);
  }

  async function fuzz(agent: string, random: Seeded, request: (random: Seeded) => Buffer): Promise<void> {
    const { brokerUrl, apiUrl } = city.central;
    const make = fuzzedMessages();
    const startedMs = performance.now();
    let session: BrokerSession | undefined;
    let left = 0;
    while (sent < MESSAGES) {
      sent++;
      await untilDue(startedMs);
      const choice = random();
      if (choice < SHARE_OF_REQUESTS) {
        const status = String(await ask(apiUrl, someAddress(random), request(random)));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        continue;
      }
      if (choice < SHARE_OF_REQUESTS + SHARE_OF_CONNECTS) {
        await sayToBroker(brokerUrl, someAddress(random), fuzzedConnect(agent, random));
        continue;
      }
      if (session?.isOpen !== true || left-- <= 0) {
        session?.end();
        session = await BrokerSession.open(brokerUrl, agent, someAddress(random));
        left = below(MESSAGES_A_SESSION, random);
      }
      const message = make(agent, random);
      if (random() < SHARE_OF_PACKETS) await session?.sendPacket(message, random);
      else await session?.publish(message, random);
    }
    session?.end();
  }

  async function watchMemory(until: AbortSignal): Promise<number> {
    let residentMaxMiB = 0;
    let reportedMs = performance.now();
    while (!until.aborted) {
      const residentMiB = (await city.central.metric('wardwatch_resident_memory_bytes')) / 2 ** 20;
      residentMaxMiB = Math.max(residentMaxMiB, residentMiB);
      if (performance.now() - reportedMs > REPORT_EVERY_MS) {
        reportedMs = performance.now();
        process.stdout.write(`${sent} sent, ${Math.round(residentMiB)} MiB, ${harmText()}\n`);
      }
      await sleep(1_000, undefined, { signal: until }).catch(() => undefined);
    }
    return residentMaxMiB;
  }

  function harmText(): string {
    return witnesses.map((witness) => JSON.stringify(witness.harm())).join(' ');
  }

  it(
    'nothing crashes, nothing of the good agents is lost, and memory is bounded',
    { timeout: DURATION_MS * 2 + 240_000 },
    async () => {
      const { central } = city;
      const request = await fuzzedRequests(central.apiUrl, [central.token]);
      const done = new AbortController();
      const memory = watchMemory(done.signal);
      try {
        await Promise.all(FUZZERS.map((agent, index) => fuzz(agent, seededRandom(seed + index), request)));
      } finally {
        done.abort();
      }
      const residentMaxMiB = Math.round(await memory);
      for (const witness of witnesses) {
        // The short form sends faster than any attack that the bounds of time are promised for.
        if (isLongAbuse) await witness.expectUnharmed();
        await witness.expectNothingLost();
        await witness.expectNotCalledSilent();
      }

      expect(await central.metric('wardwatch_internal_errors_total'), central.log).toBe(0);
      expect(Object.keys(Object.fromEntries(statuses))).not.toContain('500');
      expect(residentMaxMiB).toBeLessThan(RESIDENT_MAX_MIB);
      const counts = await refusalCounts();
      process.stdout.write(
        `fuzz, seed ${seed}: ${sent} sent, ${JSON.stringify(counts)}, at most ${residentMaxMiB} MiB, ` +
          `API ${JSON.stringify(Object.fromEntries(statuses))}, good agents ${harmText()}\n`,
      );
      // Otherwise it did not reach what it is to break.
      expect(counts.messages).toBeGreaterThan(MESSAGES * 0.1);
      expect(counts.broker).toBeGreaterThan(MESSAGES * 0.02);
      expect(counts.storedBatches).toBeGreaterThan(MESSAGES * 0.03);
      expect(statuses.get('200') ?? 0).toBeGreaterThan(0);
      for (const witness of witnesses) await witness.end();
      expect(await central.end('SIGTERM')).toMatchObject({ code: 0 });
    },
  );

  async function refusalCounts() {
    const text = await (await city.central.fetch('/metrics')).text();
    const sumOf = (name: string): number =>
      text
        .split('\n')
        .filter((line) => line.startsWith(`wardwatch_${name}`))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
    return {
      messages: sumOf('refused_messages{'),
      rows: sumOf('refused_rows{'),
      broker: sumOf('broker_refused{'),
      storedBatches: sumOf('stored_batches_total '),
      cpuS: Math.round(sumOf('cpu_seconds_total ')),
    };
  }
});
