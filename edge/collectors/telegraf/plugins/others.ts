import type { Point } from '../parse-lines.ts';
import type { MappedField, PluginMapping } from '../plugin-mapping.ts';

const INPUTS = 'https://github.com/influxdata/telegraf/blob/master/plugins/inputs';
const as = (to: string): readonly MappedField[] => [{ to }];

/** Those of `names` that are there. */
function only(tags: Point['tags'], names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = tags.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

const PLACE = ['host', 'site', 'unit'];

/** Words of apcupsd's STATFLAG as those of Network UPS Tools (RFC 9271). */
const UPS_WORDS: ReadonlyMap<string, string> = new Map([
  ['ONLINE', 'OL'],
  ['ONBATT', 'OB'],
  ['LOWBATT', 'LB'],
  ['REPLACEBATT', 'RB'],
  ['NOBATT', 'RB'],
  ['OVERLOAD', 'OVER'],
  ['TRIM', 'TRIM'],
  ['BOOST', 'BOOST'],
  ['CAL', 'CAL'],
  ['SHUTTING', 'FSD'],
]);

function statusOf(tags: Point['tags']): readonly string[] {
  return (tags.get('status') ?? '').split(/\s+/);
}

/** Its status_flags are bits of its own, which upsd does not have. Where it has lost the UPS it repeats the last values: they have no place. */
const apcupsd: PluginMapping = {
  source: `${INPUTS}/apcupsd/README.md`,
  measurement: 'upsd',
  tags: (tags) =>
    tags.has('ups_name') && !statusOf(tags).includes('COMMLOST')
      ? only(tags, [...PLACE, 'ups_name', 'serial', 'model'])
      : undefined,
  fieldsOfTags: (tags): Readonly<Record<string, string>> => {
    const words = statusOf(tags).flatMap((word) => UPS_WORDS.get(word) ?? []);
    return words.length === 0 ? {} : { ups_status: words.join(' ') };
  },
  fields: {
    battery_charge_percent: as('battery_charge_percent'),
    battery_voltage: as('battery_voltage'),
    battery_date: as('battery_date'),
    time_left_ns: as('time_left_ns'),
    time_on_battery_ns: as('time_on_battery_ns'),
    load_percent: as('load_percent'),
    input_voltage: as('input_voltage'),
    input_frequency: as('input_frequency'),
    output_voltage: as('output_voltage'),
    internal_temp: as('internal_temp'),
    nominal_input_voltage: as('nominal_input_voltage'),
    nominal_battery_voltage: as('nominal_battery_voltage'),
    nominal_power: as('nominal_power'),
    firmware: as('firmware'),
  },
  without: ['status_flags', 'cumulative_time_on_battery_ns', 'last_transfer', 'number_transfers'],
};

/** The peer that the clock follows (`*`, or `o` beside a PPS signal), as chrony tells of it; others have no place. Its offset is above 0 where the clock is slow. */
const ntpq: PluginMapping = {
  source: `${INPUTS}/ntpq/README.md`,
  measurement: 'chrony',
  tags: (tags) => {
    if (!['*', 'o'].includes(tags.get('state_prefix') ?? '')) return undefined;
    const reference = tags.get('remote');
    return {
      ...only(tags, [...PLACE, 'stratum']),
      ...(reference !== undefined && { reference_id: reference }),
      source: 'ntpd',
    };
  },
  fieldsOfTags: () => ({ synchronised: true }),
  fields: { offset: [{ to: 'system_time', scale: -1e-3 }] },
  without: ['delay', 'jitter', 'poll', 'reach', 'when', 'precision', 'rootdelay', 'rootdisp'],
};

/** Whether a port answers: as a service, named by its address. */
const netResponse: PluginMapping = {
  source: `${INPUTS}/net_response/README.md`,
  measurement: 'service',
  tags: (tags) => {
    const [server, port] = [tags.get('server'), tags.get('port')];
    if (server === undefined || port === undefined) return undefined;
    const host = server.includes(':') ? `[${server}]` : server;
    return { ...only(tags, PLACE), service: `${host}:${port}`, check: tags.get('protocol') ?? 'tcp' };
  },
  fields: {
    // 0 success, 1 timeout, 2 connection failed, 3 read failed, 4 string mismatch.
    result_code: [
      { to: 'up', values: { 0: true, 1: false, 2: false, 3: false, 4: false } },
      {
        to: 'problem',
        values: { 1: 'timeout', 2: 'connection failed', 3: 'read failed', 4: 'string mismatch' },
      },
    ],
    response_time: [{ to: 'response_ms', scale: 1_000 }],
  },
  without: ['result_type', 'string_found', 'success'],
};

/** A temperature of lm-sensors, which stands beside the others in `temp`. */
const sensorTemperature: PluginMapping = {
  source: `${INPUTS}/sensors/README.md`,
  measurement: 'temp',
  tags: (tags) => {
    const [chip, feature] = [tags.get('chip'), tags.get('feature')];
    return chip === undefined || feature === undefined
      ? undefined
      : { ...only(tags, PLACE), sensor: `${chip}_${feature}` };
  },
  fields: {
    temp_input: as('temp'),
    temp_max: as('max_celsius'),
    temp_crit: as('crit_celsius'),
    temp_fault: [{ to: 'fault', values: { 0: false, 1: true } }],
  },
  without: [
    'temp_alarm',
    'temp_beep',
    'temp_crit_alarm',
    'temp_crit_hyst',
    'temp_emergency',
    'temp_emergency_hyst',
    'temp_highest',
    'temp_lcrit',
    'temp_lowest',
    'temp_max_alarm',
    'temp_max_hyst',
    'temp_min',
    'temp_min_alarm',
    'temp_offset',
    'temp_type',
  ],
};

export const OTHERS: ReadonlyMap<string, PluginMapping> = new Map([
  ['apcupsd', apcupsd],
  ['ntpq', ntpq],
  ['net_response', netResponse],
  ['sensors', sensorTemperature],
]);

export function otherMapping({ measurement, fields }: Point): PluginMapping | undefined {
  // The others of its points are as the catalogue has them.
  if (measurement === 'sensors' && !fields.some(([name]) => name === 'temp_input')) return undefined;
  return OTHERS.get(measurement);
}
