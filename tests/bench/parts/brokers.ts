import { join } from 'node:path';
import { connect } from 'node:net';
import { freePort } from '../../support/free-port.ts';
import { startMosquitto } from '../../support/mosquitto.ts';
import { ServerProcess } from '../../support/server-process.ts';
import { inTurns, type Figures } from '../in-turns.ts';
import { usageOf } from '../process-usage.ts';
import { quantity, times } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { BrokerLoad } from './broker-load.ts';

const TURN_S = 2;
/**
 * Above its default of 20 messages in flight, Mosquitto 2.0.11 queues messages and may never send them
 * (eclipse-mosquitto/mosquitto issue 2362; fixed in 2.0.13). Without a limit, it queues nothing.
 */
const MOSQUITTO_SETTINGS = ['max_inflight_messages 0'];

interface Broker {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Both brokers run all the time; one is idle during the other's turn. */
export const brokersSection: Section = {
  name: 'brokers',
  about: 'the embedded broker (aedes, in a process of its own) beside Mosquitto under the same load',
  run: async ({ dist, seconds }) => {
    const disposals: (() => Promise<void> | void)[] = [];
    try {
      const contender = async (broker: Broker) => {
        disposals.push(() => broker.stop());
        const load = await BrokerLoad.open(broker.port);
        disposals.push(() => load.close());
        return () => turn(broker, load, Math.min(TURN_S, seconds / 3));
      };
      const rounds = await inTurns(
        {
          aedes: await contender(await startAedes(dist)),
          mosquitto: await contender(await startMosquitto({ settings: MOSQUITTO_SETTINGS })),
        },
        seconds,
      );
      const row = (what: string, figure: string): string[] => [
        what,
        quantity(rounds.median('aedes', figure)),
        quantity(rounds.median('mosquitto', figure)),
        times(rounds.ratio(['aedes', figure], ['mosquitto', figure])),
      ];
      return {
        tables: [
          {
            title: `Brokers alone: ${BrokerLoad.description}`,
            head: ['what', 'aedes', 'Mosquitto', 'ratio'],
            rows: [
              row('messages/s', 'messagesPerS'),
              row('CPU s of the broker per 10,000 messages', 'cpuSPer10k'),
              row('% of one core: the broker', 'cpuPct'),
              row('% of one core: the load generator', 'loadCpuPct'),
              row('peak MiB', 'peakMiB'),
            ],
          },
        ],
        figures: rounds.all,
        bars: [],
      };
    } finally {
      for (const dispose of disposals.reverse()) await dispose();
    }
  },
};

async function turn({ pid }: Broker, load: BrokerLoad, seconds: number): Promise<Figures> {
  const before = { received: load.received, cpuS: usageOf(pid).cpuS, atMs: performance.now() };
  const ownBefore = process.cpuUsage();
  await load.run(seconds);
  const own = process.cpuUsage(ownBefore);
  const elapsedS = (performance.now() - before.atMs) / 1_000;
  const messages = load.received - before.received;
  const { cpuS, peakRssMiB } = usageOf(pid);
  return {
    messagesPerS: messages / elapsedS,
    cpuSPer10k: ((cpuS - before.cpuS) / messages) * 10_000,
    cpuPct: ((cpuS - before.cpuS) / elapsedS) * 100,
    loadCpuPct: ((own.user + own.system) / 1e6 / elapsedS) * 100,
    peakMiB: peakRssMiB,
  };
}

/** The broker of the chaos runs: the embedded broker with all its limits and rights, without central. */
async function startAedes(dist: string): Promise<Broker> {
  const port = await freePort();
  const server = new ServerProcess({
    program: process.execPath,
    args: [join(dist, 'chaos-broker.js'), String(port)],
    isReady: () => accepts(port),
  });
  await server.start();
  return { pid: server.pid, port, stop: () => server.dispose() };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
