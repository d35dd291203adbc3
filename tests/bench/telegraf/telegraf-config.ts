export const TELEGRAF_DATABASE = 'telegraf';
export const TELEGRAF_TOPICS = 'telegraf/#';

export interface TelegrafConfig {
  readonly brokerUrl: string;
  readonly influxUrl: string;
  /** Missing: Telegraf's default, 10,000. */
  readonly metricBufferLimit?: number;
}

/**
 * telegraf.conf (TOML; JSON strings are TOML strings). Delivery is as safe as Telegraf offers; everything else is its
 * default, except that no tags are added: stored are the same series as central's.
 */
export function telegrafConfig({ brokerUrl, influxUrl, metricBufferLimit }: TelegrafConfig): string {
  const buffer = metricBufferLimit === undefined ? '' : `\n  metric_buffer_limit = ${metricBufferLimit}`;
  return `[agent]
  omit_hostname = true${buffer}

[[inputs.mqtt_consumer]]
  servers = [${JSON.stringify(brokerUrl)}]
  topics = [${JSON.stringify(TELEGRAF_TOPICS)}]
  topic_tag = ""
  qos = 1
  persistent_session = true
  client_id = "telegraf"
  data_format = "influx"

[[outputs.influxdb]]
  urls = [${JSON.stringify(influxUrl)}]
  database = ${JSON.stringify(TELEGRAF_DATABASE)}
`;
}
