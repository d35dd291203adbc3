import mqtt, { type MqttClient } from 'mqtt';
import { encodePayload, metric, type MetricFields } from '../../contract/sparkplug/encode-payload.ts';

export interface SparkplugNodeOptions {
  readonly url: string;
  readonly group: string;
  readonly node: string;
  readonly username: string;
  readonly password: string;
  readonly bdSeq: number;
  /** Metrics of the births: those of the node, then those of each device. */
  readonly metrics: readonly MetricFields[];
  readonly devices?: Readonly<Record<string, readonly MetricFields[]>>;
}

/** A Sparkplug B edge node as vendors build them: will, births, data numbered from 0 to 255, rebirth on request. */
export class SparkplugNode {
  readonly #options: SparkplugNodeOptions;
  readonly client: MqttClient;
  #seq = 0;
  /** Births so far: the first, and one for each rebirth request. */
  births = 0;

  private constructor(options: SparkplugNodeOptions, client: MqttClient) {
    this.#options = options;
    this.client = client;
    client.on('error', () => undefined);
    client.on('message', (topic) => {
      if (topic === this.#topic('NCMD')) this.birth();
    });
  }

  static async connect(options: SparkplugNodeOptions): Promise<SparkplugNode> {
    const { url, group, node, username, password, bdSeq } = options;
    const client = await mqtt.connectAsync(url, {
      clientId: username,
      username,
      password,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      will: {
        topic: `spBv1.0/${group}/NDEATH/${node}`,
        payload: encodePayload({ timestamp: Date.now(), metrics: [bdSeqMetric(bdSeq)] }),
        qos: 1,
        retain: false,
      },
    });
    const made = new SparkplugNode(options, client);
    await client.subscribeAsync(made.#topic('NCMD'), { qos: 1 });
    made.birth();
    return made;
  }

  birth(): void {
    const { metrics, devices = {}, bdSeq } = this.#options;
    this.births++;
    this.#seq = 0;
    const control = metric('Node Control/Rebirth', 'Boolean', false);
    this.#publish('NBIRTH', undefined, [bdSeqMetric(bdSeq), control, ...metrics]);
    for (const [device, born] of Object.entries(devices)) this.#publish('DBIRTH', device, born);
  }

  data(metrics: readonly MetricFields[], device?: string): void {
    this.#publish(device === undefined ? 'NDATA' : 'DDATA', device, metrics);
  }

  deviceDeath(device: string): void {
    this.#publish('DDEATH', device, []);
  }

  /** Skips sequence numbers, as if messages were lost. */
  lose(messages: number): void {
    this.#seq = (this.#seq + messages) % 256;
  }

  /** Publishes any bytes on a topic of its own, without a sequence number of this node. */
  publishRaw(type: string, payload: Buffer): void {
    this.client.publish(this.#topic(type), payload, { qos: 0 });
  }

  /** Stops as an edge node does: a death, then a DISCONNECT. */
  async stop(): Promise<void> {
    const payload = encodePayload({ timestamp: Date.now(), metrics: [bdSeqMetric(this.#options.bdSeq)] });
    await this.client.publishAsync(this.#topic('NDEATH'), payload, { qos: 1 });
    await this.client.endAsync();
  }

  end(): void {
    this.client.end(true);
  }

  #publish(type: string, device: string | undefined, metrics: readonly MetricFields[]): void {
    const timestamp = Date.now();
    const payload = { timestamp, seq: this.#seq, metrics: metrics.map((each) => ({ timestamp, ...each })) };
    this.#seq = (this.#seq + 1) % 256;
    this.client.publish(this.#topic(type, device), encodePayload(payload), { qos: 0 });
  }

  #topic(type: string, device?: string): string {
    const { group, node } = this.#options;
    return `spBv1.0/${group}/${type}/${node}${device === undefined ? '' : `/${device}`}`;
  }
}

function bdSeqMetric(bdSeq: number): MetricFields {
  return metric('bdSeq', 'Int64', bdSeq);
}
