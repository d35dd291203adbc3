import { join } from 'node:path';
import type { Sample } from '../../../contract/sample.ts';
import { MqttSource } from '../../protocols/mqtt/mqtt-source.ts';
import type { Message, Receipt } from '../../protocols/mqtt/source-link.ts';
import type { CollectorDeps } from '../collector.ts';
import { PushedSamples } from '../pushed-samples.ts';
import { RefusalCounts } from '../refusal-counts.ts';
import type { MqttSensorsConfig, Sensors } from './config.ts';
import { MEASUREMENT } from './mapping.ts';
import { noHeldStatesRecord, openHeldStatesRecord, type HeldStatesRecord } from './held-states-record.ts';
import { HeldStates } from './held-states.ts';
import { parsePayload } from './payload.ts';
import { prepare, readMessage, type PreparedMapping } from './read-message.ts';
import { LastSeen } from './last-seen.ts';
import { sensorSample } from './sensor-sample.ts';
import { matchTemplate, parseTemplate, type Names, type TopicTemplate } from './topic-template.ts';

interface Route {
  readonly template: TopicTemplate;
  readonly mapping: PreparedMapping;
  readonly repeatsOldNews: boolean;
  readonly sensors: Sensors;
}

const DONE: Receipt = { durable: Promise.resolve(true) };
const GOOD_NAME = /^\P{Cc}{1,64}$/u;

function recordOf({ dataDirectory, identity, isTrial = false, log }: CollectorDeps): HeldStatesRecord {
  if (dataDirectory === undefined || identity === undefined || isTrial) return noHeldStatesRecord;
  return openHeldStatesRecord(join(dataDirectory, `environment-held-${identity}.json`), log);
}

/** Sensors over MQTT: their messages become samples by mappings. */
export class MqttSensors {
  readonly pushed: PushedSamples;
  readonly refusals = new RefusalCounts();
  readonly #source: MqttSource;
  readonly #routes: readonly Route[];
  readonly #silentAfterMs: number;
  readonly #lastSeen: LastSeen;
  readonly #held: HeldStates;
  readonly #record: HeldStatesRecord;
  readonly #deps: Pick<CollectorDeps, 'clock' | 'commonTags' | 'isTrial'>;
  #messages = 0;
  #lastTopic: string | undefined;

  constructor(config: MqttSensorsConfig, deps: CollectorDeps) {
    const { clock, log, identity, isTrial = false } = deps;
    this.#deps = deps;
    this.pushed = new PushedSamples(deps);
    this.#routes = config.sensors.flatMap(routesOf);
    const expected = config.sensors.flatMap(({ names }) => Object.values(names));
    this.#silentAfterMs = config.silentAfterMs;
    this.#lastSeen = new LastSeen(config.silentAfterMs, expected, clock.monotonicMs());
    this.#record = recordOf(deps);
    this.#held = new HeldStates(config.silentAfterMs);
    this.#source = new MqttSource({
      broker: config.broker,
      guard: deps.guard,
      qos: config.qos,
      // A trial must not take over the session or the messages of the running agent.
      clientId: isTrial ? undefined : (config.clientId ?? identity),
      topics: [...new Set(this.#routes.map(({ template }) => template.filter))],
      onMessage: (message) => this.#receive(message),
      onLoss: (what) => this.refusals.add(what),
      clock,
      random: Math.random,
      log,
    });
  }

  get name(): string {
    return `mqtt ${this.#source.name}`;
  }

  open(): void {
    this.#held.restore(this.#record.read());
    this.#source.open();
  }

  /** Held states that are due again. */
  heldStates(): readonly Sample[] {
    const { clock } = this.#deps;
    return this.#held.report(MEASUREMENT, clock.now());
  }

  /** Why nothing can arrive at the moment, or which sensors are overdue. */
  problems(): readonly string[] {
    const { problem } = this.#source;
    // Without a broker no message can arrive: the sensors are not at fault.
    if (problem !== undefined) return [`${this.name}: ${problem}`];
    return this.#lastSeen.overdue(this.#deps.clock.monotonicMs());
  }

  /** For a trial without samples. */
  describe(): string {
    const last = this.#lastTopic === undefined ? '' : `, the last on ${this.#lastTopic}`;
    return `${this.name}: ${this.#messages} messages received${last}`;
  }

  async close(): Promise<void> {
    await this.pushed.close();
    await this.#source.close();
  }

  async #receive({ topic, payload, isRetained }: Message): Promise<Receipt> {
    this.#messages++;
    this.#lastTopic = topic.slice(0, 64);
    const routes = this.#routes.flatMap((route) => {
      const names = matchTemplate(route.template, topic);
      return names === undefined ? [] : [{ ...route, names }];
    });
    if (routes.length === 0) return DONE; // from a subscription of an earlier configuration
    const parsed = parsePayload(payload);
    if ('problem' in parsed) {
      this.refusals.add(`a message on ${this.#lastTopic} is ${parsed.problem}`);
      return DONE;
    }
    const samples = routes.flatMap((route) => this.#translate(route, parsed.message, isRetained));
    if (samples.length === 0) return DONE;
    const nowMs = this.#deps.clock.now();
    const changes = samples.filter((sample) => this.#held.record(sample, nowMs));
    // Before the message is acknowledged to the broker.
    if (changes.length > 0) this.#record.write(this.#held.all);
    return this.pushed.addWhenRoom(samples, payload.length);
  }

  #translate(
    route: Route & { readonly names: Names },
    message: unknown,
    isRetained: boolean,
  ): readonly Sample[] {
    const { clock, commonTags, isTrial = false } = this.#deps;
    const { mapping, repeatsOldNews, sensors, names } = route;
    const device = sensors.device ?? renamed(sensors.names, names.device ?? '');
    const nowMs = clock.now();
    const { readings, timeMs, problems } = readMessage(mapping, message, nowMs);
    // The age of a retained message is unknown: it only counts with its own time.
    if (isRetained && timeMs === undefined && !isTrial) return [];
    const ageMs = Math.max(0, nowMs - (timeMs ?? nowMs));
    for (const problem of problems) this.refusals.add(`${device.slice(0, 64)}: ${problem}`);
    return readings.flatMap(({ sensor = names.sensor, fields }) => {
      const location = sensors.location ?? names.location;
      const all = [
        device,
        ...(sensor === undefined ? [] : [sensor]),
        ...(location === undefined ? [] : [location]),
      ];
      if (!all.every((name) => GOOD_NAME.test(name))) {
        this.refusals.add('a name of more than 64 characters, or with control characters');
        return [];
      }
      if (!this.#lastSeen.record(device, clock.monotonicMs() - ageMs)) {
        this.refusals.add('too many sensors');
        return [];
      }
      if (repeatsOldNews && ageMs > this.#silentAfterMs) return [];
      return [sensorSample({ device, sensor, location }, fields, { commonTags, timeMs: timeMs ?? nowMs })];
    });
  }
}

function routesOf(sensors: Sensors): readonly Route[] {
  return sensors.messages.flatMap((message) => {
    const template = parseTemplate(message.topic);
    return template === undefined
      ? []
      : [{ template, mapping: prepare(message), repeatsOldNews: message.repeatsOldNews === true, sensors }];
  });
}

function renamed(names: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name;
}
