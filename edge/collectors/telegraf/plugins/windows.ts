import type { Point } from '../parse-lines.ts';
import type { MappedField, PluginMapping } from '../plugin-mapping.ts';

/**
 * Counters of Windows, by the names of the sample configuration of Telegraf: percentages are 0 to 100, `_persec` are rates and not
 * counters, and Windows counts megabytes of 2^20 bytes.
 */
const COUNTERS =
  'https://github.com/influxdata/telegraf/blob/master/plugins/inputs/win_perf_counters/README.md';
const SERVICES = 'https://github.com/influxdata/telegraf/blob/master/plugins/inputs/win_services/README.md';
const TOTAL = '_Total';
const MIB = 1024 * 1024;
const MBIT = 1e-6;

const as = (to: string): readonly MappedField[] => [{ to }];
const share = (to: string): MappedField => ({ to, isShare: true });
/** What is left of 100 %. */
const rest = (to: string): MappedField => ({ to, scale: -1, offset: 100, isShare: true });

/** `source` is the machine that was read, which need not be the one that runs Telegraf. */
function hostOf(tags: Point['tags']): Readonly<Record<string, string>> {
  const host = tags.get('source') ?? tags.get('host');
  const placed = ['site', 'unit'].flatMap((name) => {
    const value = tags.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(placed), ...(host !== undefined && { host }) };
}

/** Of one instance each: that of all together has no place. */
function instanceAs(tag: string): PluginMapping['tags'] {
  return (tags) => {
    const instance = tags.get('instance');
    return instance === undefined || instance === TOTAL ? undefined : { ...hostOf(tags), [tag]: instance };
  };
}

const cpu: PluginMapping = {
  source: COUNTERS,
  measurement: 'cpu',
  tags: (tags) => {
    const instance = tags.get('instance');
    // Of "Processor Information", `0,_Total` is a sum over the processors of one NUMA node.
    if (instance === undefined || instance.endsWith(`,${TOTAL}`)) return undefined;
    return { ...hostOf(tags), cpu: instance === TOTAL ? 'cpu-total' : `cpu${instance}` };
  },
  fields: {
    Percent_Processor_Time: [share('usage_active')],
    Percent_Idle_Time: [share('usage_idle'), rest('usage_active')],
    Percent_User_Time: [share('usage_user')],
    // Interrupts and deferred calls are in it, too.
    Percent_Privileged_Time: [share('usage_system')],
    Percent_Interrupt_Time: [share('usage_irq')],
    Percent_DPC_Time: [share('usage_softirq')],
  },
  without: [],
};

const mem: PluginMapping = {
  source: COUNTERS,
  measurement: 'mem',
  tags: hostOf,
  fields: {
    Available_Bytes: as('available'),
    Available_MBytes: [{ to: 'available', scale: MIB }],
    Committed_Bytes: as('committed_as'),
    Commit_Limit: as('commit_limit'),
    Modified_Page_List_Bytes: as('dirty'),
  },
  without: [
    'Cache_Faults_persec',
    'Demand_Zero_Faults_persec',
    'Page_Faults_persec',
    'Pages_persec',
    'Transition_Faults_persec',
    'Pool_Nonpaged_Bytes',
    'Pool_Paged_Bytes',
    'Standby_Cache_Reserve_Bytes',
    'Standby_Cache_Normal_Priority_Bytes',
    'Standby_Cache_Core_Bytes',
  ],
};

/** Of all page files together. */
const swap: PluginMapping = {
  source: COUNTERS,
  measurement: 'swap',
  tags: (tags) => (tags.get('instance') === TOTAL ? hostOf(tags) : undefined),
  fields: { Percent_Usage: [share('used_percent')] },
  without: ['Percent_Usage_Peak'],
};

const TIMES = ['Percent_Disk_Time', 'Percent_Disk_Read_Time', 'Percent_Disk_Write_Time'];

const disk: PluginMapping = {
  source: COUNTERS,
  measurement: 'disk',
  tags: instanceAs('path'),
  fields: {
    Percent_Free_Space: [rest('used_percent')],
    Free_Megabytes: [{ to: 'free', scale: MIB }],
  },
  without: ['Percent_Idle_Time', 'Current_Disk_Queue_Length', ...TIMES],
};

const diskio: PluginMapping = {
  source: COUNTERS,
  measurement: 'diskio',
  tags: instanceAs('name'),
  fields: {
    Disk_Read_Bytes_persec: as('read_bytes_per_s'),
    Disk_Write_Bytes_persec: as('write_bytes_per_s'),
    Disk_Reads_persec: as('reads_per_s'),
    Disk_Writes_persec: as('writes_per_s'),
    Current_Disk_Queue_Length: as('iops_in_progress'),
    // The other percentages add up requests that overlap, and pass 100 %.
    Percent_Idle_Time: [rest('io_util')],
  },
  without: TIMES,
};

const net: PluginMapping = {
  source: COUNTERS,
  measurement: 'net',
  tags: instanceAs('interface'),
  fields: {
    Bytes_Received_persec: as('bytes_recv_per_s'),
    Bytes_Sent_persec: as('bytes_sent_per_s'),
    Packets_Received_persec: as('packets_recv_per_s'),
    Packets_Sent_persec: as('packets_sent_per_s'),
    Packets_Received_Discarded: as('drop_in'),
    Packets_Outbound_Discarded: as('drop_out'),
    Packets_Received_Errors: as('err_in'),
    Packets_Outbound_Errors: as('err_out'),
    Current_Bandwidth: [{ to: 'speed', scale: MBIT, isWhole: true }],
  },
  without: ['Bytes_Total_persec', 'Packets_persec'],
};

const system: PluginMapping = {
  source: COUNTERS,
  measurement: 'system',
  tags: hostOf,
  fields: { System_Up_Time: [{ to: 'uptime', isWhole: true }] },
  without: [
    'Context_Switches_persec',
    'System_Calls_persec',
    'Processor_Queue_Length',
    'Processes',
    'Threads',
  ],
};

/** SERVICE_STATUS of Windows as the states of systemd. A service that is stopped is not failed: most that start by themselves end so, too. */
const STATES = { 1: 2, 2: 4, 3: 5, 4: 0, 5: 4, 6: 5, 7: 2 };

const services: PluginMapping = {
  source: SERVICES,
  measurement: 'systemd_units',
  tags: (tags) => {
    const name = tags.get('service_name');
    return name === undefined ? undefined : { ...hostOf(tags), name };
  },
  fields: { state: [{ to: 'active_code', values: STATES }] },
  without: ['startup_mode'],
};

export const WINDOWS: ReadonlyMap<string, PluginMapping> = new Map([
  ['win_cpu', cpu],
  ['win_mem', mem],
  ['win_swap', swap],
  ['win_disk', disk],
  ['win_diskio', diskio],
  ['win_net', net],
  ['win_system', system],
  ['win_services', services],
]);

/** Of win_perf_counters where the configuration gives an object no name of its own. */
const BY_OBJECT: ReadonlyMap<string, PluginMapping> = new Map([
  ['Processor', cpu],
  ['Processor Information', cpu],
  ['Memory', mem],
  ['Paging File', swap],
  ['LogicalDisk', disk],
  ['PhysicalDisk', diskio],
  ['Network Interface', net],
  ['System', system],
]);

export function windowsMapping({ measurement, tags }: Point): PluginMapping | undefined {
  if (measurement === 'win_perf_counters') return BY_OBJECT.get(tags.get('objectname') ?? '');
  return WINDOWS.get(measurement);
}
