/** One chart: fields of one measurement of something, such as the two directions of a port. */
export interface ChartChoice {
  readonly measurement: string;
  /** Of one unit. */
  readonly fields: readonly string[];
  /** Tags whose every combination gets curves of its own, such as ports. */
  readonly by?: string;
}

const PING: ChartChoice = { measurement: 'ping', fields: ['average_response_ms'] };
const LOSS: ChartChoice = { measurement: 'ping', fields: ['percent_packet_loss'] };

/** What is looked at first, by kind of device; names are those of the catalogue. */
export const CHARTS_OF_DEVICE: Readonly<Record<string, readonly ChartChoice[]>> = {
  node: [
    { measurement: 'interface', fields: ['in_bps', 'out_bps'], by: 'interface' },
    { measurement: 'device', fields: ['cpu_pct', 'memory_pct'] },
    { measurement: 'device', fields: ['temperature_celsius'] },
    PING,
    LOSS,
  ],
  server: [
    { measurement: 'cpu', fields: ['usage_active', 'usage_iowait'] },
    { measurement: 'mem', fields: ['used_percent'] },
    { measurement: 'disk', fields: ['used_percent'], by: 'path' },
    { measurement: 'system', fields: ['load1', 'load15'] },
    { measurement: 'net', fields: ['bytes_recv', 'bytes_sent'], by: 'interface' },
  ],
  modem: [
    { measurement: 'cellular', fields: ['rsrp_dbm'], by: 'operator' },
    { measurement: 'cellular', fields: ['sinr_db'], by: 'operator' },
  ],
  ups: [
    { measurement: 'power', fields: ['charge_pct', 'load_pct'] },
    { measurement: 'power', fields: ['runtime_minutes'] },
    { measurement: 'power', fields: ['input_voltage_v'] },
  ],
  probe: [
    { measurement: 'path', fields: ['latency_ms'] },
    { measurement: 'path', fields: ['loss_pct'] },
    { measurement: 'internet_speed', fields: ['download', 'upload'] },
    PING,
    LOSS,
  ],
  line: [
    { measurement: 'path', fields: ['latency_ms'] },
    { measurement: 'path', fields: ['loss_pct'] },
    { measurement: 'internet_speed', fields: ['download', 'upload'] },
  ],
};

/** Of a port, what is limited by rules first; the count of packets where their share is not measured. */
const PORT_FIELDS: readonly (readonly string[])[] = [
  ['in_bps'],
  ['out_bps'],
  ['in_utilization_pct'],
  ['out_utilization_pct'],
  ['in_errors_pct', 'in_errors'],
  ['out_errors_pct', 'out_errors'],
  ['in_discards_pct', 'in_discards'],
  ['out_discards_pct', 'out_discards'],
];

/** Of a port with a transceiver that tells them. */
export const OPTICS_FIELDS: readonly string[] = [
  ...['rx_power_dbm', 'tx_power_dbm', 'tx_bias_ma', 'transceiver_temperature_celsius'],
];

/** By what the port told last: `isMeasured` says of a field whether it was in that. Pure. */
export function chartsOfPort(isMeasured: (field: string) => boolean): readonly ChartChoice[] {
  const fields = PORT_FIELDS.flatMap((each) => each.find(isMeasured) ?? each[0] ?? []);
  return [{ measurement: 'interface', fields: [...fields, ...OPTICS_FIELDS.filter(isMeasured)] }];
}

/** Of a service as its users experience it, what they feel first. */
const SERVICE_FIELDS: readonly string[] = [
  ...['response_ms', 'errors_pct', 'availability_pct', 'queue_count', 'queue_oldest_s', 'calls_answered_pct'],
  ...['requests_per_s', 'users'],
];

/** By what its probes told last; none where nobody probes it. Pure. */
export function chartsOfService(isMeasured: (field: string) => boolean): readonly ChartChoice[] {
  const fields = SERVICE_FIELDS.filter(isMeasured);
  return fields.length === 0 ? [] : [{ measurement: 'service', fields, by: 'check' }];
}

export const CHARTS_OF_ANY: readonly ChartChoice[] = [
  { measurement: 'device', fields: ['response_ms'] },
  PING,
  LOSS,
];

/** A server's own agent sends its values as `host`, all others are a `device`. Pure. */
export function tagOf({ measurement }: ChartChoice, kind: string): 'host' | 'device' {
  return kind === 'server' && !['ping', 'device', 'interface'].includes(measurement) ? 'host' : 'device';
}
