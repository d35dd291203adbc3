import {
  ANY,
  bool,
  bytes,
  code,
  count,
  float,
  fromAgent,
  FROM_ZERO,
  int,
  percent,
  tag,
  text,
  type Field,
} from './define.ts';

const CPU_OTEL = 'system.cpu.utilization';
const CPU_TIME_OTEL = 'system.cpu.time';

/** Seconds since boot, only where the sender is configured to report them. */
function cpuTime(en: string, vi: string): Field<'float'> {
  return float('s', FROM_ZERO, `${en}, total`, `${vi}, tổng cộng`, CPU_TIME_OTEL);
}

function share(en: string, vi: string): Field<'float'> {
  return percent(en, vi, CPU_OTEL);
}

const cpu = fromAgent({
  name: 'cpu',
  en: 'processor time by use',
  vi: 'thời gian bộ xử lý theo mục đích sử dụng',
  tags: { cpu: tag('cpu-total or cpu0, cpu1 …', 'cpu-total hoặc cpu0, cpu1 …') },
  required: ['cpu'],
  fields: {
    usage_active: share('everything but idle', 'toàn bộ thời gian không rảnh'),
    usage_idle: share('idle', 'rảnh'),
    usage_user: share('user programs', 'chương trình người dùng'),
    usage_system: share('kernel', 'nhân hệ điều hành'),
    usage_nice: share('user programs of low priority', 'chương trình người dùng ưu tiên thấp'),
    usage_iowait: share('idle while waiting for disks', 'rảnh do chờ đĩa'),
    usage_irq: share('hardware interrupts', 'ngắt phần cứng'),
    usage_softirq: share('software interrupts', 'ngắt mềm'),
    usage_steal: share('taken by other virtual machines', 'bị máy ảo khác chiếm'),
    usage_guest: share('virtual machines', 'máy ảo khách'),
    usage_guest_nice: share('virtual machines of low priority', 'máy ảo khách ưu tiên thấp'),
    time_active: cpuTime('time not idle', 'thời gian không rảnh'),
    time_idle: cpuTime('idle time', 'thời gian rảnh'),
    time_user: cpuTime('time of user programs', 'thời gian chương trình người dùng'),
    time_system: cpuTime('time of the kernel', 'thời gian nhân hệ điều hành'),
    time_nice: cpuTime('time of low priority programs', 'thời gian chương trình ưu tiên thấp'),
    time_iowait: cpuTime('time waiting for disks', 'thời gian chờ đĩa'),
    time_irq: cpuTime('time of hardware interrupts', 'thời gian ngắt phần cứng'),
    time_softirq: cpuTime('time of software interrupts', 'thời gian ngắt mềm'),
    time_steal: cpuTime('time taken by other virtual machines', 'thời gian bị máy ảo khác chiếm'),
    time_guest: cpuTime('time of virtual machines', 'thời gian máy ảo khách'),
    time_guest_nice: cpuTime('time of low priority virtual machines', 'thời gian máy ảo khách ưu tiên thấp'),
  },
});

const system = fromAgent({
  name: 'system',
  en: 'load, uptime and users of a machine',
  vi: 'tải, thời gian chạy và người dùng của máy',
  fields: {
    load1: float('1', FROM_ZERO, 'mean run queue over 1 min', 'hàng đợi chạy trung bình 1 phút'),
    load5: float('1', FROM_ZERO, 'mean run queue over 5 min', 'hàng đợi chạy trung bình 5 phút'),
    load15: float('1', FROM_ZERO, 'mean run queue over 15 min', 'hàng đợi chạy trung bình 15 phút'),
    n_cpus: int('{cpu}', { min: 1 }, 'logical processors', 'số bộ xử lý logic', 'system.cpu.logical.count'),
    n_physical_cpus: count('cpu', 'processor cores', 'số lõi bộ xử lý', 'system.cpu.physical.count'),
    n_users: count('session', 'sessions of logged-in users', 'số phiên đăng nhập'),
    n_unique_users: count('user', 'users logged in', 'số người dùng đang đăng nhập'),
    uptime: int('s', FROM_ZERO, 'time since boot', 'thời gian từ khi khởi động', 'system.uptime'),
    uptime_format: text('time since boot as text', 'thời gian từ khi khởi động, dạng chữ'),
  },
});

const processes = fromAgent({
  name: 'processes',
  en: 'processes by state',
  vi: 'số tiến trình theo trạng thái',
  fields: {
    total: count('process', 'all', 'tổng số', 'system.process.count'),
    total_threads: count('thread', 'threads of all processes', 'tổng số luồng'),
    running: count('process', 'running or ready to run', 'đang chạy hoặc sẵn sàng'),
    sleeping: count('process', 'waiting', 'đang chờ'),
    blocked: count('process', 'waiting for a disk, not interruptible', 'chờ đĩa, không ngắt được'),
    stopped: count('process', 'stopped', 'đã dừng'),
    zombies: count('process', 'ended but not collected', 'đã kết thúc nhưng chưa được thu hồi'),
    dead: count('process', 'dead', 'đã chết'),
    paging: count('process', 'paging', 'đang phân trang'),
    idle: count('process', 'idle kernel threads', 'luồng nhân rảnh'),
    parked: count('process', 'parked', 'tạm đỗ'),
    wait: count('process', 'waiting (BSD)', 'đang đợi (BSD)'),
    unknown: count('process', 'in another state', 'trạng thái khác'),
  },
});

const kernel = fromAgent({
  name: 'kernel',
  en: 'counters of the kernel since boot',
  vi: 'bộ đếm của nhân từ khi khởi động',
  fields: {
    boot_time: int('s', FROM_ZERO, 'time of boot, Unix time', 'thời điểm khởi động (giờ Unix)'),
    context_switches: count('switch', 'context switches', 'số lần chuyển ngữ cảnh'),
    interrupts: count('interrupt', 'interrupts', 'số ngắt'),
    processes_forked: count('process', 'processes started', 'số tiến trình đã tạo', 'system.process.created'),
    entropy_avail: int('bit', FROM_ZERO, 'randomness at hand', 'lượng entropy sẵn có'),
    disk_pages_in: count('page', 'pages read from disk', 'số trang đọc từ đĩa'),
    disk_pages_out: count('page', 'pages written to disk', 'số trang ghi ra đĩa'),
  },
});

const pressure = fromAgent({
  name: 'pressure',
  en: 'time in which work stood still for lack of a resource (PSI)',
  vi: 'thời gian công việc bị đình trệ do thiếu tài nguyên (PSI)',
  tags: {
    resource: tag('cpu, memory or io', 'cpu, memory (bộ nhớ) hoặc io (vào/ra)'),
    type: tag('some or full: some tasks, or all of them', 'some (một số) hoặc full (tất cả) tác vụ'),
  },
  required: ['resource', 'type'],
  fields: {
    avg10: percent('mean over 10 s', 'trung bình 10 giây'),
    avg60: percent('mean over 60 s', 'trung bình 60 giây'),
    avg300: percent('mean over 300 s', 'trung bình 300 giây'),
    total: int('us', FROM_ZERO, 'since boot', 'tổng từ khi khởi động'),
  },
});

const systemdUnits = fromAgent({
  name: 'systemd_units',
  en: 'services of a machine under systemd',
  vi: 'dịch vụ hệ thống do systemd quản lý',
  tags: {
    name: tag('unit of systemd', 'tên đơn vị systemd'),
    load: tag('load state', 'trạng thái nạp'),
    active: tag('active state', 'trạng thái hoạt động'),
    sub: tag('detailed state', 'trạng thái chi tiết'),
    state: tag('state of the unit file', 'trạng thái tệp đơn vị'),
    preset: tag('preset of the unit file', 'thiết lập mặc định của tệp đơn vị'),
    uf_state: tag('state of the unit file, older name', 'trạng thái tệp đơn vị, tên cũ'),
    uf_preset: tag('preset of the unit file, older name', 'thiết lập mặc định của tệp đơn vị, tên cũ'),
    user: tag('owner of the user manager', 'chủ của trình quản lý người dùng'),
  },
  required: ['name'],
  fields: {
    load_code: code(6, 'load state, 0 loaded', 'trạng thái nạp, 0 là đã nạp'),
    active_code: code(7, 'active state: 0 active, 3 failed', 'trạng thái: 0 hoạt động, 3 hỏng'),
    sub_code: code(0xffff, 'detailed state by unit type', 'trạng thái chi tiết theo loại đơn vị'),
    restarts: count('restart', 'automatic restarts', 'số lần tự khởi động lại'),
    restarts_5min: count(
      'restart',
      'automatic restarts in the last 5 min',
      'số lần tự khởi động lại trong 5 phút qua',
    ),
    status_errno: int('', ANY, 'last error number', 'mã lỗi gần nhất'),
    pid: int('', FROM_ZERO, 'main process', 'tiến trình chính'),
    mem_current: bytes('memory in use', 'bộ nhớ đang dùng'),
    mem_peak: bytes('most memory used', 'bộ nhớ dùng nhiều nhất'),
    mem_avail: bytes('memory still available to it', 'bộ nhớ còn dùng được'),
    swap_current: bytes('swap in use', 'bộ nhớ tráo đổi đang dùng'),
    swap_peak: bytes('most swap used', 'bộ nhớ tráo đổi dùng nhiều nhất'),
    active_enter_timestamp_us: int('us', FROM_ZERO, 'active since, Unix time', 'hoạt động từ lúc (giờ Unix)'),
  },
});

function seconds(en: string, vi: string): Field<'float'> {
  return float('s', ANY, en, vi);
}

const chrony = fromAgent({
  name: 'chrony',
  en: 'how well the clock is kept',
  vi: 'chất lượng đồng bộ đồng hồ',
  tags: {
    reference_id: tag('time source', 'nguồn thời gian'),
    stratum: tag('steps from a reference clock', 'số bước tới đồng hồ chuẩn'),
    leap_status: tag('normal, insert second …, not synchronised', 'bình thường, thêm giây …, chưa đồng bộ'),
    source: tag(
      'address of chronyd; timedatectl where there is no chrony',
      'địa chỉ của chronyd; timedatectl nếu không có chrony',
    ),
  },
  fields: {
    synchronised: bool('the clock follows a source', 'đồng hồ đang theo một nguồn'),
    // Telegraf's sign: above 0 is fast.
    system_time: seconds('clock against true time', 'lệch đồng hồ so với giờ thật'),
    last_offset: seconds('offset at the last update', 'độ lệch ở lần cập nhật cuối'),
    rms_offset: seconds('mean offset over a long time', 'độ lệch trung bình dài hạn'),
    frequency: float('[ppm]', ANY, 'rate error of the clock', 'sai số tần số đồng hồ'),
    residual_freq: float('[ppm]', ANY, 'rate error that is left', 'sai số tần số còn lại'),
    skew: float('[ppm]', ANY, 'error bound of the rate', 'giới hạn sai số tần số'),
    root_delay: seconds('network delay to the reference', 'trễ mạng tới nguồn chuẩn'),
    root_dispersion: seconds('dispersion to the reference', 'độ phân tán tới nguồn chuẩn'),
    update_interval: seconds('time between the last two updates', 'khoảng cách giữa hai lần cập nhật cuối'),
  },
});

export const SERVER = [cpu, system, processes, kernel, pressure, systemdUnits, chrony] as const;
