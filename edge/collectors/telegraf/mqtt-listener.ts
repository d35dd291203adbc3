import type { z } from 'zod';
import { matchesFilter } from '../../../runtime/mqtt/topic-filter.ts';
import { MqttSource } from '../../protocols/mqtt/mqtt-source.ts';
import { mqttSourceSchema } from '../../protocols/mqtt/source-config.ts';
import type { Message, Receipt } from '../../protocols/mqtt/source-link.ts';
import type { CollectorDeps } from '../collector.ts';
import { MAX_WAITING_BYTES, MAX_WAITING_SAMPLES } from '../pushed-samples.ts';
import { NANOSECONDS, type Intake, type Listener } from './intake.ts';
import { parseLines, type ParsedLines } from './parse-lines.ts';

export const mqttListenerSchema = mqttSourceSchema;
type Config = z.infer<typeof mqttListenerSchema>;

const DONE: Receipt = { durable: Promise.resolve(true) };

/** Line protocol in MQTT messages, acknowledged to the broker when the samples are on the agent's disk. */
export class MqttListener implements Listener {
  readonly #source: MqttSource;
  readonly #intake: Intake;
  readonly #topics: readonly string[];

  constructor(
    config: Config,
    intake: Intake,
    deps: Pick<CollectorDeps, 'clock' | 'log' | 'identity' | 'isTrial' | 'guard'>,
  ) {
    this.#intake = intake;
    this.#topics = config.topics;
    this.#source = new MqttSource({
      ...config,
      guard: deps.guard,
      // A trial must not take over the session or the messages of the running agent.
      clientId: deps.isTrial === true ? undefined : (config.clientId ?? deps.identity),
      onMessage: (message) => this.#receive(message),
      onLoss: (what) => intake.refusals.add(`mqtt: ${what}`),
      clock: deps.clock,
      random: Math.random,
      log: deps.log,
    });
  }

  get name(): string {
    return `mqtt ${this.#source.name}`;
  }

  get problem(): string | undefined {
    return this.#source.problem;
  }

  async open(): Promise<void> {
    this.#source.open();
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #receive({ topic, payload, isRetained }: Message): Promise<Receipt> {
    // The session may still have subscriptions of an earlier configuration.
    if (!this.#topics.some((filter) => matchesFilter(filter, topic))) return DONE;
    const { pushed, refusals } = this.#intake;
    if (payload.length > MAX_WAITING_BYTES) {
      refusals.add(`mqtt: a message of more than ${MAX_WAITING_BYTES} bytes`);
      return DONE;
    }
    const lines = parseLines(payload);
    if (lines.points.length > MAX_WAITING_SAMPLES) {
      refusals.add(`mqtt: a message of more than ${MAX_WAITING_SAMPLES} points`);
      return DONE;
    }
    const samples = this.#intake.translate(isRetained ? timedOnly(lines) : lines, NANOSECONDS);
    return samples.length === 0 ? DONE : pushed.addWhenRoom(samples, payload.length);
  }
}

/** The age of a retained message is unknown: only points with a time count. */
function timedOnly({ points, badLines }: ParsedLines): ParsedLines {
  return { points: points.filter(({ time }) => time !== undefined), badLines };
}
