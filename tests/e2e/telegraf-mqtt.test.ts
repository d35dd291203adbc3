import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MAX_WAITING_SENDERS } from '../../edge/collectors/pushed-samples.ts';
import { freePort } from '../support/free-port.ts';
import { startMosquitto, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith } from '../support/parts.ts';
import { rowsOnDisk } from '../support/samples-on-disk.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const MESSAGES = 200;
const POINTS = 5;
const CLIENT_ID = 'wardwatch-gw-1-telegraf';
const MAX_RUNS = 25;

describeWith(['mosquitto'], 'Telegraf over MQTT', () => {
  let scratch: TemporaryDirectory;
  let mosquitto: MosquittoServer;
  let agent: Wardwatch | undefined;
  beforeEach(async () => {
    scratch = temporaryDirectory('telegraf-mqtt');
    mosquitto = await startMosquitto();
  });
  afterEach(async () => {
    await agent?.end('SIGKILL');
    await mosquitto.stop();
    scratch.remove();
  });

  /** Makes the broker queue messages for the agent. */
  async function openSession(): Promise<void> {
    const client = await connectAsync(mosquitto.url, {
      clientId: CLIENT_ID,
      clean: false,
      protocolVersion: 4,
    });
    await client.subscribeAsync('telegraf/#', { qos: 1 });
    await client.endAsync();
  }

  async function publishAll(): Promise<void> {
    const client = await connectAsync(mosquitto.url, { protocolVersion: 4 });
    const payload = (message: number): string =>
      Array.from({ length: POINTS }, (_unused, point) => {
        const value = message * POINTS + point;
        return `mem,host=app-1 total=${value}i ${1_790_000_000_000 + value}000000\n`;
      }).join('');
    await Promise.all(
      Array.from({ length: MESSAGES }, (_unused, message) =>
        client.publishAsync('telegraf/app-1', payload(message), { qos: 1 }),
      ),
    );
    await client.endAsync();
  }

  async function writeConfig(dataDirectory: string, intervalMs: number): Promise<string> {
    const file = join(scratch.path, 'edge.yaml');
    const config = {
      agent: 'gw-1',
      dataDirectory,
      broker: { url: `mqtt://127.0.0.1:${await freePort()}` },
      collectors: [
        { kind: 'telegraf', intervalMs, mqtt: { broker: { url: mosquitto.url }, topics: ['telegraf/#'] } },
      ],
      log: { level: 'silent' },
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  /** Kills the agent repeatedly, until it has enough on its disk. */
  async function runUntil(isEnough: (points: number) => boolean, intervalMs: number) {
    const dataDirectory = join(scratch.path, 'data');
    const config = await writeConfig(dataDirectory, intervalMs);
    const found = new Set<unknown>();
    let runs = 0;
    for (; !isEnough(found.size) && runs < MAX_RUNS; runs++) {
      agent = new Wardwatch(['edge', '--config', config]);
      // Each run is killed at another moment: before the connection, with messages in memory, during a write.
      await new Promise((resolve) => setTimeout(resolve, 900 + ((runs * 377) % 1_900)));
      await agent.end('SIGKILL');
      for (const [value] of await rowsOnDisk(dataDirectory, 'mem')) found.add(value);
    }
    return { points: found.size, runs };
  }

  it('loses no message of the broker, however often the agent is killed', async () => {
    await openSession();
    await publishAll();
    const { points, runs } = await runUntil((found) => found === MESSAGES * POINTS, 1_000);
    expect({ points, wasKilledInBetween: runs > 1 }).toEqual({
      points: MESSAGES * POINTS,
      wasKilledInBetween: true,
    });
  });

  it('takes window after window of the broker between two runs', async () => {
    await openSession();
    await publishAll();
    // A few wait for the next run, an hour later: too few to fill a window.
    const enough = (MESSAGES - MAX_WAITING_SENDERS + 1) * POINTS;
    const { points } = await runUntil((found) => found >= enough, 3_600_000);
    expect(points).toBeGreaterThanOrEqual(enough);
  });
});
