import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../runtime/errors.ts';
import { startInflux } from '../../support/influx.ts';
import { startMosquitto } from '../../support/mosquitto.ts';
import { ServerProcess, temporaryDirectory } from '../../support/server-process.ts';
import { BEAT_MS } from '../pipeline/alert-beat.ts';
import { Load } from '../pipeline/load.ts';
import type { LoadConfig, LoadReport, LoadRequest } from '../pipeline/load-messages.ts';
import { CITY_INTERVAL_MS, type Measured, type RigProcess } from '../pipeline/rig.ts';
import { REFERENCE_SCALE } from '../shapes.ts';
import { until } from '../sleep.ts';
import { storedValues } from './stored-values.ts';
import { TELEGRAF_DATABASE, TELEGRAF_TOPICS, telegrafConfig } from './telegraf-config.ts';
import type { TelegrafProgram } from './telegraf-program.ts';
import { writtenPoints } from './written-points.ts';

export interface TelegrafRigOptions {
  readonly dist: string;
  readonly telegraf: TelegrafProgram;
  readonly shape: LoadConfig['shape'];
}

/**
 * `max_inflight_messages 0`: Telegraf acknowledges when it has written, and waits with that for 1,000 points or 10 s;
 * Mosquitto's default of 20 messages under way would be full of fewer points. `max_packet_size`: lines are not compressed.
 */
const MOSQUITTO_SETTINGS = ['max_inflight_messages 0', 'max_packet_size 2097152', 'log_type subscribe'];
/** More than a flood has under way (38,400 points): with its default of 10,000, Telegraf would drop the oldest. */
const FLOOD_BUFFER_LIMIT = 50_000;
const SUBSCRIBED_LIMIT_S = 30;
/** Telegraf's flush_interval of 10 s, and time to write. */
export const DRAIN_LIMIT_S = 20;

/** Real processes: load generator → Mosquitto → Telegraf → InfluxDB. */
export class TelegrafRig implements Measured {
  readonly #disposals: (() => Promise<void> | void)[] = [];
  #processes: readonly RigProcess[] = [];
  #running: { readonly load: Load; readonly influxUrl: string } | undefined;

  /** Resolves once every agent of the load is connected. */
  static async start(options: TelegrafRigOptions): Promise<TelegrafRig> {
    const rig = new TelegrafRig();
    try {
      await rig.#start(options);
      return rig;
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  get processes(): readonly RigProcess[] {
    return this.#processes;
  }

  ask(request: LoadRequest): Promise<LoadReport> {
    return this.#parts.load.ask(request);
  }

  /** Points that Telegraf has written so far. */
  writtenPoints(): Promise<number> {
    return writtenPoints(this.#parts.influxUrl);
  }

  /** Ends the load, waits for what is under way, and resolves to stored ÷ sent values since the start. */
  async completeness(): Promise<number> {
    await this.ask('pause');
    const { sentPoints, sentValues } = await this.ask('report');
    const deadlineMs = performance.now() + DRAIN_LIMIT_S * 1_000;
    await until('the load is written or given up', DRAIN_LIMIT_S + 1, async () => {
      return performance.now() > deadlineMs || (await this.writtenPoints()) >= sentPoints;
    });
    return (await storedValues(this.#parts.influxUrl, TELEGRAF_DATABASE)) / sentValues;
  }

  async stop(): Promise<void> {
    for (const dispose of this.#disposals.splice(0).reverse()) await dispose();
  }

  get #parts() {
    if (this.#running === undefined) throw new Error('the rig does not run');
    return this.#running;
  }

  async #start({ dist, telegraf, shape }: TelegrafRigOptions): Promise<void> {
    const influx = await startInflux();
    this.#disposals.push(() => influx.stop());
    const mosquitto = await startMosquitto({ settings: MOSQUITTO_SETTINGS });
    this.#disposals.push(() => mosquitto.stop());
    const server = await this.#startTelegraf(telegraf, {
      brokerUrl: `tcp://127.0.0.1:${mosquitto.port}`,
      influxUrl: influx.url,
      ...(shape === 'flood' && { metricBufferLimit: FLOOD_BUFFER_LIMIT }),
    });
    // What is published before would be lost.
    try {
      await until('Telegraf has subscribed', SUBSCRIBED_LIMIT_S, () =>
        mosquitto.log.includes(TELEGRAF_TOPICS),
      );
    } catch (error) {
      throw new Error(`${messageOf(error)}; it says:\n${server.log}`, { cause: error });
    }
    const load = new Load(dist, {
      brokerUrl: mosquitto.url,
      epoch: 'bench000',
      shape,
      intervalMs: CITY_INTERVAL_MS,
      scale: REFERENCE_SCALE,
      beatMs: BEAT_MS,
      telegrafInfluxUrl: influx.url,
    });
    this.#disposals.push(() => load.stop());
    this.#running = { load, influxUrl: influx.url };
    this.#processes = [
      { name: 'telegraf', pid: server.pid },
      { name: 'broker', pid: mosquitto.pid },
      { name: 'store', pid: influx.pid },
      { name: 'load', pid: load.pid },
    ];
    await load.untilConnected();
  }

  async #startTelegraf(
    { path }: TelegrafProgram,
    config: Parameters<typeof telegrafConfig>[0],
  ): Promise<ServerProcess> {
    const scratch = temporaryDirectory('telegraf');
    this.#disposals.push(() => scratch.remove());
    const file = join(scratch.path, 'telegraf.conf');
    writeFileSync(file, telegrafConfig(config));
    const args = ['--config', file];
    const server = new ServerProcess({ program: path, args, isReady: () => Promise.resolve(true) });
    this.#disposals.push(() => server.dispose());
    await server.start();
    return server;
  }
}
