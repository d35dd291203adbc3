import { connect, connectAsync } from 'mqtt';
import { startMosquitto } from '../../support/mosquitto.ts';
import { temporaryDirectory } from '../../support/server-process.ts';
import { startEdgeProcess } from '../edge-process.ts';
import { startCentralWithBroker, type CentralProcess } from '../pipeline/central-process.ts';
import { quantity, times } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { until } from '../sleep.ts';

const AGENT = 'intake';
const SESSION = `wardwatch-${AGENT}-telegraf`;
const BARE_SESSION = 'bench-bare';
const MESSAGES = 1_000;
const POINTS_PER_MESSAGE = 10;
const LIMIT_S = 60;
/** Longer than the case, so that messages are taken between two runs. */
const INTERVAL_MS = 600_000;
/** Mosquitto queues only a thousand messages per session by default; the window stays at its default of twenty. */
const MOSQUITTO_SETTINGS = ['max_queued_messages 0'];

/** Messages queued in a broker, taken by an agent to its disk, and by a subscriber that does nothing with them. */
export const intakeSection: Section = {
  name: 'intake',
  about:
    "Telegraf's messages that wait in Mosquitto, taken by an agent, beside a subscriber that keeps nothing",
  run: async ({ dist }) => {
    const scratch = temporaryDirectory('bench-intake');
    const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
    try {
      const mosquitto = await startMosquitto({ settings: MOSQUITTO_SETTINGS });
      disposals.push(() => mosquitto.stop());
      for (const session of [SESSION, BARE_SESSION]) await openSession(mosquitto.url, session);
      await publishAll(mosquitto.url);
      const bare = await bareRate(mosquitto.url);
      const { central, brokerPort } = await startCentralWithBroker({
        dist,
        directory: scratch.path,
        agents: [AGENT],
      });
      disposals.push(() => central.stop());
      const edge = await startEdgeProcess({
        dist,
        directory: scratch.path,
        agent: AGENT,
        brokerPort,
        collectors: [
          {
            kind: 'telegraf',
            intervalMs: INTERVAL_MS,
            mqtt: { broker: { url: mosquitto.url }, topics: ['telegraf/#'] },
          },
        ],
        isReady: () => Promise.resolve(true),
      });
      disposals.push(() => edge.dispose());
      const agent = await storedRate(central);
      const rows = [
        ['an agent, on its disk and stored by central', quantity(agent), times(agent / bare)],
        ['a subscriber that keeps nothing', quantity(bare), times(1)],
      ];
      return {
        tables: [
          {
            title: `Intake over MQTT: ${MESSAGES} messages of ${POINTS_PER_MESSAGE} points that wait in Mosquitto (20 on their way at once)`,
            head: ['taken by', 'messages/s', 'ratio'],
            rows,
          },
        ],
        figures: { agentMessagesPerS: agent, bareMessagesPerS: bare },
        bars: [],
      };
    } finally {
      for (const dispose of disposals.reverse()) await dispose();
    }
  },
};

/** Messages published afterwards are queued for the client with this id. */
async function openSession(url: string, clientId: string): Promise<void> {
  const client = await connectAsync(url, { clientId, clean: false, protocolVersion: 4 });
  await client.subscribeAsync('telegraf/#', { qos: 1 });
  await client.endAsync();
}

async function publishAll(url: string): Promise<void> {
  const client = await connectAsync(url, { protocolVersion: 4 });
  const startNs = BigInt(Date.now()) * 1_000_000n;
  const payload = (message: number): string =>
    Array.from({ length: POINTS_PER_MESSAGE }, (_unused, point) => {
      const at = startNs - BigInt(message) * 1_000_000n;
      return `mem,host=app-${point} total=${message}i ${at}\n`;
    }).join('');
  const all = Array.from({ length: MESSAGES }, (_unused, message) =>
    client.publishAsync('telegraf/app', payload(message), { qos: 1 }),
  );
  await Promise.all(all);
  await client.endAsync();
}

/** Messages/s between the first and the last message. */
async function bareRate(url: string): Promise<number> {
  let taken = 0;
  let [firstMs, lastMs] = [0, 0];
  const client = connect(url, { clientId: BARE_SESSION, clean: false, protocolVersion: 4 });
  client.on('message', () => {
    lastMs = performance.now();
    if (taken++ === 0) firstMs = lastMs;
  });
  await until('all messages are taken', LIMIT_S, () => taken >= MESSAGES);
  await client.endAsync();
  return ((MESSAGES - 1) * 1_000) / (lastMs - firstMs);
}

/** Messages/s between the first reading with stored messages and the one with the last. A few wait for the next run. */
async function storedRate(central: CentralProcess): Promise<number> {
  const readings: { readonly atMs: number; readonly points: number }[] = [];
  const enough = (MESSAGES - 20) * POINTS_PER_MESSAGE;
  await until('central stores what the broker had', LIMIT_S, async () => {
    const points = await central.storedPoints(AGENT);
    if (points >= POINTS_PER_MESSAGE) readings.push({ atMs: performance.now(), points });
    return points >= enough;
  });
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || last === first) {
    throw new Error('all was stored at once: too few messages to measure');
  }
  return ((last.points - first.points) / POINTS_PER_MESSAGE / (last.atMs - first.atMs)) * 1_000;
}
