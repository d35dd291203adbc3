import {
  ANY,
  bool,
  bytes,
  count,
  float,
  fromAgent,
  FROM_ZERO,
  int,
  percent,
  tag,
  type Field,
} from './define.ts';

const sysctlFs = fromAgent({
  name: 'linux_sysctl_fs',
  en: 'open files of a machine (Telegraf writes file-nr, file-max)',
  vi: 'tệp đang mở trên máy (Telegraf ghi là file-nr, file-max)',
  fields: {
    file_nr: count('file', 'open files', 'số tệp đang mở'),
    file_max: count('file', 'files that may be open', 'số tệp được phép mở'),
  },
});

const conntrack = fromAgent({
  name: 'conntrack',
  en: 'connections that the packet filter follows',
  vi: 'kết nối mà tường lửa đang theo dõi',
  fields: {
    ip_conntrack_count: count('connection', 'connections followed', 'số kết nối đang theo dõi'),
    ip_conntrack_max: count('connection', 'connections it can follow', 'số kết nối tối đa'),
  },
});

const mdstat = fromAgent({
  name: 'mdstat',
  en: 'software RAID of Linux (md); Telegraf names the same in CamelCase',
  vi: 'RAID phần mềm của Linux (md)',
  tags: {
    name: tag('array', 'mảng đĩa'),
    activity_state: tag(
      'active, inactive, broken, recovering, resyncing, checking, repairing or reshaping',
      'hoạt động, ngừng, hỏng, đang khôi phục, đồng bộ, kiểm tra, sửa hoặc đổi cấu trúc',
    ),
    devices: tag('members, with commas between', 'các đĩa thành phần, cách nhau bằng dấu phẩy'),
  },
  required: ['name'],
  fields: {
    degraded: bool(
      'a member is missing or failed, or it does not run',
      'thiếu hoặc hỏng đĩa thành phần, hoặc không chạy',
    ),
    disks_total: count('disk', 'members it should have', 'số đĩa cần có'),
    disks_active: count('disk', 'members at work', 'số đĩa đang hoạt động'),
    disks_down: count('disk', 'members missing', 'số đĩa thiếu'),
    disks_failed: count('disk', 'members that failed', 'số đĩa hỏng'),
    disks_spare: count('disk', 'spare members', 'số đĩa dự phòng'),
    blocks_total: int('{block}', FROM_ZERO, 'size in KiB', 'dung lượng (KiB)'),
    blocks_synced: int('{block}', FROM_ZERO, 'KiB in order', 'số KiB đã đồng bộ'),
    blocks_synced_pct: percent('done of a rebuild or check', 'tiến độ khôi phục hoặc kiểm tra'),
    blocks_synced_speed: float('{block}/s', FROM_ZERO, 'speed of it, KiB a second', 'tốc độ, KiB mỗi giây'),
    blocks_synced_finish_time: float('min', FROM_ZERO, 'time it still takes', 'thời gian còn lại'),
  },
});

interface Quantity {
  readonly unit: string;
  readonly en: string;
  readonly vi: string;
  readonly openTelemetry?: string;
}

const LIMITS = {
  input: ['now', 'hiện tại'],
  average: ['mean', 'trung bình'],
  min: ['lower limit', 'ngưỡng dưới'],
  max: ['upper limit', 'ngưỡng trên'],
  crit: ['critical limit', 'ngưỡng nguy hiểm'],
  lcrit: ['lower critical limit', 'ngưỡng nguy hiểm dưới'],
  cap: ['cap', 'mức giới hạn'],
} as const;

/** An input of a sensor chip, and the limits that its maker set. */
function sensorFields<Kind extends string, What extends keyof typeof LIMITS>(
  kind: Kind,
  { unit, en, vi, openTelemetry }: Quantity,
  limits: readonly What[],
): Readonly<Record<`${Kind}_${What}`, Field<'float'>>> {
  const fields = limits.map((what) => {
    const [enWhat, viWhat] = LIMITS[what];
    const measured = what === 'input' || what === 'average' ? openTelemetry : undefined;
    return [`${kind}_${what}`, float(unit, ANY, `${en}, ${enWhat}`, `${vi}, ${viWhat}`, measured)];
  });
  return Object.fromEntries(fields) as Record<`${Kind}_${What}`, Field<'float'>>;
}

/** lm-sensors' names without numbers; temperatures are in `temp`. */
const sensors = fromAgent({
  name: 'sensors',
  en: 'fans, voltages, currents and power of a machine (hwmon)',
  vi: 'quạt, điện áp, dòng điện và công suất của máy (hwmon)',
  tags: {
    chip: tag('chip, the second of a name with _2', 'chip cảm biến, cái thứ hai cùng tên có _2'),
    feature: tag('what the chip calls it', 'tên cảm biến trên chip'),
  },
  required: ['chip', 'feature'],
  fields: {
    ...sensorFields(
      'fan',
      { unit: '1/min', en: 'fan speed', vi: 'tốc độ quạt', openTelemetry: 'hw.fan.speed' },
      ['input', 'min', 'max'],
    ),
    fan_fault: float('1', { min: 0, max: 1 }, '1 the fan is broken', '1 là quạt hỏng'),
    ...sensorFields('in', { unit: 'V', en: 'voltage', vi: 'điện áp', openTelemetry: 'hw.voltage' }, [
      'input',
      'min',
      'max',
      'crit',
      'lcrit',
    ]),
    ...sensorFields('curr', { unit: 'A', en: 'current', vi: 'dòng điện' }, [
      'input',
      'min',
      'max',
      'crit',
      'lcrit',
    ]),
    ...sensorFields('power', { unit: 'W', en: 'power', vi: 'công suất', openTelemetry: 'hw.power' }, [
      'input',
      'average',
      'max',
      'crit',
      'cap',
    ]),
  },
});

/** By control groups; Telegraf's docker_container_* come from a socket that the agent should not have. */
const container = fromAgent({
  name: 'container',
  en: 'containers of a machine, by their control groups (cgroup v2)',
  vi: 'container trên máy, theo nhóm điều khiển (cgroup v2)',
  tags: {
    container: tag('first 12 digits of its id', '12 chữ số đầu của mã container'),
    runtime: tag(
      'docker, podman, containerd, crio, kubernetes or unknown',
      'docker, podman, containerd, crio, kubernetes hoặc không rõ',
    ),
    name: tag('NAMESPACE/POD/CONTAINER where the kubelet names it', 'tên trong Kubernetes nếu biết'),
  },
  required: ['container'],
  fields: {
    cpu_pct: float('%', FROM_ZERO, 'CPU used, 100 is one CPU', 'CPU đã dùng, 100 là một CPU'),
    cpu_limit_pct: float('%', FROM_ZERO, 'CPU it may use, 100 is one CPU', 'CPU được dùng, 100 là một CPU'),
    cpu_throttled_pct: percent('periods in which it hit its CPU limit', 'tỷ lệ chu kỳ bị giới hạn CPU'),
    memory_bytes: bytes(
      'memory in use without idle file pages',
      'bộ nhớ đang dùng, không tính tệp đệm rảnh',
      'container.memory.working_set',
    ),
    memory_limit_bytes: bytes('memory it may use', 'bộ nhớ được dùng'),
    memory_pct: percent('in use ÷ limit', 'tỷ lệ bộ nhớ đã dùng'),
    oom_kills: count('process', 'processes killed for lack of memory', 'số tiến trình bị diệt do hết bộ nhớ'),
    oom_kills_5min: count('process', 'the same in the last 5 min', 'số tiến trình bị diệt trong 5 phút qua'),
    restarts_5min: count(
      'restart',
      'starts with the same id in the last 5 min (docker, podman)',
      'số lần khởi động lại trong 5 phút qua (docker, podman)',
    ),
    pids_count: count('process', 'processes and threads', 'số tiến trình và luồng'),
    pids_limit_count: count(
      'process',
      'processes and threads it may have',
      'số tiến trình và luồng được phép',
    ),
    io_read_bytes: bytes('read from disks since its start', 'lượng đọc đĩa từ khi chạy', 'container.disk.io'),
    io_write_bytes: bytes(
      'written to disks since its start',
      'lượng ghi đĩa từ khi chạy',
      'container.disk.io',
    ),
  },
});

function units(en: string, vi: string): Field<'int'> {
  return count('unit', en, vi);
}

const systemdManager = fromAgent({
  name: 'systemd_manager',
  en: 'how many units of systemd are in each state',
  vi: 'số đơn vị systemd theo trạng thái',
  fields: {
    units_loaded_count: units(
      'services, mounts, timers, sockets',
      'dịch vụ, điểm gắn, bộ hẹn giờ, ổ cắm mạng',
    ),
    units_active_count: units('active', 'đang hoạt động'),
    units_reloading_count: units('reloading their settings', 'đang nạp lại'),
    units_inactive_count: units('not running', 'không chạy'),
    units_failed_count: units('failed', 'bị lỗi'),
    units_activating_count: units(
      'starting, or waiting to be restarted',
      'đang khởi động hoặc chờ khởi động lại',
    ),
    units_deactivating_count: units('stopping', 'đang dừng'),
  },
});

export const MACHINE = [sysctlFs, conntrack, mdstat, sensors, container, systemdManager] as const;
