import type { InventoryFile } from '../../../contract/inventory.ts';
import { freePort } from '../../support/free-port.ts';
import { startInflux } from '../../support/influx.ts';
import { startMosquitto } from '../../support/mosquitto.ts';
import { temporaryDirectory } from '../../support/server-process.ts';
import { cityAgents, REFERENCE_SCALE, type CityScale } from '../shapes.ts';
import { BEAT_AGENT, BEAT_MS } from './alert-beat.ts';
import { FLOOD_AGENTS } from './flood-agents.ts';
import { startCentral, type CentralOptions, type CentralProcess, type FillPast } from './central-process.ts';
import { Load } from './load.ts';
import type { LoadConfig, LoadReport, LoadRequest } from './load-messages.ts';

export interface RigOptions {
  readonly dist: string;
  readonly broker: 'embedded' | 'mosquitto';
  readonly store: 'influx' | 'duckdb';
  readonly shape: LoadConfig['shape'];
  /** How often each agent of the city sends. Default: CITY_INTERVAL_MS. */
  readonly intervalMs?: number;
  /** Default: the reference city. */
  readonly scale?: CityScale;
  /** Default: BEAT_MS. */
  readonly beatMs?: number;
  /** Default: the shipped ones and that of the beat. */
  readonly rules?: CentralOptions['rules'];
  /** Default: none. */
  readonly inventory?: InventoryFile;
  /** Default: central knows nothing when it starts. */
  readonly fillPast?: FillPast;
  /** Further settings of central.yaml. */
  readonly settings?: object;
}

/** A process of the rig; an embedded broker or store is part of central. */
export interface RigProcess {
  readonly name: 'central' | 'telegraf' | 'broker' | 'store' | 'load';
  readonly pid: number;
}

/** What is measured from outside while a load runs. */
export interface Measured {
  readonly processes: readonly RigProcess[];
  ask(request: LoadRequest): Promise<LoadReport>;
}

export const CITY_INTERVAL_MS = 10_000;

/** Real processes: load generator → broker → central → store → acknowledgement, each measured from outside. */
export class Rig implements Measured {
  readonly options: RigOptions;
  readonly #disposals: (() => Promise<void> | void)[] = [];
  #central: CentralProcess | undefined;
  #load: Load | undefined;
  #processes: readonly RigProcess[] = [];
  #influxUrl: string | undefined;

  private constructor(options: RigOptions) {
    this.options = options;
  }

  /** Resolves once every agent of the load is connected. */
  static async start(options: RigOptions): Promise<Rig> {
    const rig = new Rig(options);
    try {
      await rig.#start();
      return rig;
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  get processes(): readonly RigProcess[] {
    return this.#processes;
  }

  get influxUrl(): string {
    if (this.#influxUrl === undefined) throw new Error('this rig has no InfluxDB');
    return this.#influxUrl;
  }

  ask(request: LoadRequest): Promise<LoadReport> {
    if (this.#load === undefined) throw new Error('the load generator does not run');
    return this.#load.ask(request);
  }

  metrics(): Promise<string> {
    return this.#running.metrics();
  }

  /** The text of the API's answer, as a viewer. */
  get(path: string): Promise<string> {
    return this.#running.get(path);
  }

  get #running(): CentralProcess {
    if (this.#central === undefined) throw new Error('central does not run');
    return this.#central;
  }

  async stop(): Promise<void> {
    for (const dispose of this.#disposals.splice(0).reverse()) await dispose();
  }

  async #start(): Promise<void> {
    const {
      dist,
      store,
      broker,
      shape,
      intervalMs = CITY_INTERVAL_MS,
      scale = REFERENCE_SCALE,
      beatMs = BEAT_MS,
      rules,
      inventory,
      fillPast,
      settings,
    } = this.options;
    const scratch = temporaryDirectory('bench');
    this.#disposals.push(() => scratch.remove());
    const influx = store === 'influx' ? await startInflux() : undefined;
    if (influx !== undefined) this.#disposals.push(() => influx.stop());
    const mosquitto = broker === 'mosquitto' ? await startMosquitto() : undefined;
    if (mosquitto !== undefined) this.#disposals.push(() => mosquitto.stop());
    const brokerPort = mosquitto?.port ?? (await freePort());
    const central = await startCentral({
      dist,
      directory: scratch.path,
      broker: mosquitto === undefined ? 'embedded' : 'external',
      brokerPort,
      ...(influx !== undefined && { influxUrl: influx.url, influxPid: influx.pid }),
      agents: [...cityAgents(scale), BEAT_AGENT, ...FLOOD_AGENTS],
      ...(rules !== undefined && { rules }),
      ...(inventory !== undefined && { inventory }),
      ...(fillPast !== undefined && { fillPast }),
      ...(settings !== undefined && { settings }),
    });
    this.#disposals.push(() => central.stop());
    const load = new Load(dist, {
      brokerUrl: `mqtt://127.0.0.1:${brokerPort}`,
      epoch: 'bench000',
      shape,
      intervalMs,
      scale,
      beatMs,
    });
    this.#disposals.push(() => load.stop());
    this.#central = central;
    this.#load = load;
    this.#influxUrl = influx?.url;
    this.#processes = [
      { name: 'central', pid: central.pid },
      ...(mosquitto === undefined ? [] : [{ name: 'broker' as const, pid: mosquitto.pid }]),
      ...(influx === undefined ? [] : [{ name: 'store' as const, pid: influx.pid }]),
      { name: 'load', pid: load.pid },
    ];
    await load.untilConnected();
  }
}
