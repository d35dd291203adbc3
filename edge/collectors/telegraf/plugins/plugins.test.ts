import { describe, expect, it } from 'vitest';
import { declarationsSchema } from '../../../../contract/custom/declaration.ts';
import { definitionsOf } from '../../../../contract/custom/definition.ts';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { parseLines } from '../parse-lines.ts';
import { OTHERS } from './others.ts';
import { WINDOWS } from './windows.ts';
import { toSample, type SampleOptions } from '../to-sample.ts';

const options: SampleOptions = {
  unitNs: 1n,
  receivedAtMs: 1_790_000_000_123,
  commonTags: { host: 'gw-1', site: 's-1' },
};

function translate(line: string, more: Partial<SampleOptions> = {}) {
  const { points, badLines } = parseLines(Buffer.from(line));
  expect(badLines).toEqual([]);
  return toSample(points[0]!, { ...options, ...more });
}

/** What a line becomes: `cpu cpu=cpu-total,host=… usage_idle=97`. */
function shown(line: string): string {
  const { sample, refusals } = translate(line);
  expect(refusals).toEqual([]);
  if (sample === undefined) return 'nothing';
  const pairs = (of: object): string =>
    Object.entries(of)
      .map(([name, value]) => `${name}=${String(value)}`)
      .sort()
      .join(',');
  const { site: _site, ...tags } = sample.tags;
  return `${sample.measurement} ${pairs(tags)} ${pairs(sample.fields)}`;
}

describe('a Windows server by the names of win_perf_counters', () => {
  it.each([
    [
      'win_cpu,host=app-1,instance=_Total,objectname=Processor,source=app-1 Percent_Idle_Time=97.5,Percent_Interrupt_Time=0.1,Percent_Privileged_Time=1,Percent_User_Time=1.4,Percent_Processor_Time=2.5,Percent_DPC_Time=0.05',
      'cpu cpu=cpu-total,host=app-1 usage_active=2.5,usage_idle=97.5,usage_irq=0.1,usage_softirq=0.05,usage_system=1,usage_user=1.4',
    ],
    [
      'win_cpu,host=app-1,instance=3 Percent_Idle_Time=75',
      'cpu cpu=cpu3,host=app-1 usage_active=25,usage_idle=75',
    ],
    ['win_cpu,host=app-1,instance=0\\,_Total Percent_Idle_Time=75', 'nothing'],
    ['win_cpu,instance=0 Percent_Idle_Time=100.02', 'cpu cpu=cpu0,host=gw-1 usage_active=0,usage_idle=100'],
    [
      'win_mem,host=app-1,objectname=Memory Available_Bytes=8589934592,Page_Faults_persec=12,Pool_Paged_Bytes=7',
      'mem host=app-1 available=8589934592',
    ],
    ['win_mem,host=app-1 Available_MBytes=2048', 'mem host=app-1 available=2147483648'],
    ['win_swap,host=app-1,instance=_Total Percent_Usage=12.5', 'swap host=app-1 used_percent=12.5'],
    ['win_swap,host=app-1,instance=\\??\\C:\\pagefile.sys Percent_Usage=12.5', 'nothing'],
    [
      'win_disk,host=app-1,instance=C:,objectname=LogicalDisk Percent_Free_Space=20,Free_Megabytes=1024,Percent_Disk_Time=3',
      'disk host=app-1,path=C: free=1073741824,used_percent=80',
    ],
    ['win_disk,host=app-1,instance=_Total Percent_Free_Space=20', 'nothing'],
    [
      'win_diskio,host=app-1,instance=0\\ C: Disk_Read_Bytes_persec=4096.5,Disk_Writes_persec=3,Current_Disk_Queue_Length=2,Percent_Idle_Time=60',
      'diskio host=app-1,name=0 C: io_util=40,iops_in_progress=2,read_bytes_per_s=4096.5,writes_per_s=3',
    ],
    [
      'win_net,host=app-1,instance=vmxnet3\\ Ethernet Bytes_Received_persec=1000.5,Packets_Received_Errors=4,Current_Bandwidth=866700000',
      'net host=app-1,interface=vmxnet3 Ethernet bytes_recv_per_s=1000.5,err_in=4,speed=867',
    ],
    [
      'win_system,host=app-1 System_Up_Time=86400.7,Processor_Queue_Length=0',
      'system host=app-1 uptime=86401',
    ],
    [
      'win_services,host=app-1,service_name=Spooler,display_name=Print\\ Spooler state=4i,startup_mode=2i',
      'systemd_units host=app-1,name=Spooler active_code=0',
    ],
    [
      'win_services,host=app-1,service_name=BITS state=1i',
      'systemd_units host=app-1,name=BITS active_code=2',
    ],
    [
      'win_perf_counters,host=gw-1,source=db-1,instance=D:,objectname=LogicalDisk Percent_Free_Space=50',
      'disk host=db-1,path=D: used_percent=50',
    ],
  ])('%s', (line, expected) => {
    expect(shown(line)).toBe(expected);
  });

  it('has percentages far beyond 100 refused, as any', () => {
    expect(translate('win_cpu,instance=0 Percent_User_Time=140').refusals).toEqual([
      'cpu.usage_user is out of range, 0 to 100',
    ]);
  });

  it('is told what to do with counters that have no place', () => {
    expect(translate('win_cpu,instance=0 Percent_C1_Time=9,Percent_Idle_Time=50')).toMatchObject({
      sample: { fields: { usage_idle: 50 } },
      refusals: [
        '"win_cpu": field "Percent_C1_Time" has no place in cpu: declare custom_win_cpu in custom of this collector and at central',
      ],
    });
    expect(translate('win_perf_counters,objectname=Web\\ Service Current_Connections=7').refusals).toEqual([
      'measurement "win_perf_counters" is not in the catalogue: declare custom_win_perf_counters in custom of this collector and at central',
    ]);
  });
});

describe('other plugins', () => {
  it.each([
    [
      'apcupsd,model=Smart-UPS\\ 1500,serial=AS1,status=ONBATT\\ LOWBATT,ups_name=rack status_flags=83886096i,battery_charge_percent=12,load_percent=9.7,time_left_ns=120000000000i,input_voltage=0,nominal_power=865i,firmware="UPS 9.8"',
      'upsd host=gw-1,model=Smart-UPS 1500,serial=AS1,ups_name=rack battery_charge_percent=12,firmware=UPS 9.8,input_voltage=0,load_percent=9.7,nominal_power=865,time_left_ns=120000000000,ups_status=OB LB',
    ],
    [
      'ntpq,refid=.GPS.,remote=10.0.0.1,state_prefix=*,stratum=1,type=u delay=0.4,jitter=0.1,offset=-2.5,poll=64i,reach=377i,when=12i',
      'chrony host=gw-1,reference_id=10.0.0.1,source=ntpd,stratum=1 synchronised=true,system_time=0.0025',
    ],
    ['ntpq,remote=10.0.0.2,state_prefix=+ offset=1', 'nothing'],
    [
      'ntpq,remote=10.0.0.2,state_prefix=o offset=1',
      'chrony host=gw-1,reference_id=10.0.0.2,source=ntpd synchronised=true,system_time=-0.001',
    ],
    ['apcupsd,status=COMMLOST,ups_name=rack battery_charge_percent=100', 'nothing'],
    [
      'apcupsd,status=ONLINE\\ NOBATT,ups_name=rack load_percent=9.7',
      'upsd host=gw-1,ups_name=rack load_percent=9.7,ups_status=OL RB',
    ],
    [
      'net_response,port=443,protocol=tcp,result=success,server=10.1.2.3 response_time=0.012,result_code=0i,result_type="success"',
      'service check=tcp,host=gw-1,service=10.1.2.3:443 response_ms=12,up=true',
    ],
    [
      'net_response,port=443,protocol=tcp,result=timeout,server=10.1.2.3 result_code=1i',
      'service check=tcp,host=gw-1,service=10.1.2.3:443 problem=timeout,up=false',
    ],
    [
      'sensors,chip=coretemp-isa-0000,feature=core_0 temp_input=48,temp_max=80,temp_crit=100,temp_crit_alarm=0',
      'temp host=gw-1,sensor=coretemp-isa-0000_core_0 crit_celsius=100,max_celsius=80,temp=48',
    ],
    [
      'sensors,chip=nct6775-isa-0290,feature=fan1 fan_input=900',
      'sensors chip=nct6775-isa-0290,feature=fan1,host=gw-1 fan_input=900',
    ],
  ])('%s', (line, expected) => {
    expect(shown(line)).toBe(expected);
  });
});

describe('what is declared', () => {
  const custom = definitionsOf(
    declarationsSchema.parse([
      {
        measurement: 'custom_zfs_pool',
        tags: { pool: { required: true }, health: {} },
        fields: { capacity: { type: 'int', unit: '%', min: 0, max: 100 } },
      },
      {
        measurement: 'custom_win_cpu',
        fields: { percent_c1_time: { type: 'float', unit: '%', min: 0, max: 100 } },
        tags: { instance: {} },
      },
    ]),
  );

  it('is taken under the name of the plugin with custom_ before it', () => {
    expect(translate('zfs_pool,pool=tank,health=ONLINE capacity=31i', { custom })).toEqual({
      sample: {
        measurement: 'custom_zfs_pool',
        tags: { host: 'gw-1', site: 's-1', pool: 'tank', health: 'ONLINE' },
        fields: { capacity: 31 },
        timeMs: 1_790_000_000_123,
      },
      refusals: [],
    });
  });

  it('is checked as it is declared, and goes before a mapping', () => {
    expect(translate('zfs_pool,pool=tank capacity=131i,size=5i', { custom }).refusals).toEqual([
      'custom_zfs_pool.capacity is out of range, 0 to 100',
      'custom_zfs_pool has no field "size" in the catalogue',
    ]);
    expect(translate('zfs_pool capacity=1i', { custom }).refusals).toEqual([
      'custom_zfs_pool needs the tag pool',
    ]);
    expect(translate('win_cpu,instance=0 Percent_C1_Time=9', { custom }).sample).toMatchObject({
      measurement: 'custom_win_cpu',
      fields: { percent_c1_time: 9 },
    });
  });
});

it.each([...WINDOWS, ...OTHERS])('the mapping of %s leads to what the catalogue has', (_plugin, mapping) => {
  const { measurement, fields, without } = mapping;
  const definition = CATALOGUE.get(measurement);
  const targets = Object.values(fields).flatMap((of) => of.map(({ to }) => to));
  expect(targets.filter((to) => definition?.fields[to] === undefined)).toEqual([]);
  expect(without.filter((name) => Object.hasOwn(fields, name))).toEqual([]);
});
