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
  PERCENT,
  tag,
  type Field,
} from './define.ts';

const USAGE = 'system.filesystem.usage';

const disk = fromAgent({
  name: 'disk',
  en: 'file systems',
  vi: 'hệ thống tệp',
  tags: {
    path: tag('where it is mounted', 'điểm gắn'),
    device: tag('block device', 'thiết bị khối'),
    fstype: tag('kind of file system', 'loại hệ thống tệp'),
    mode: tag('rw or ro', 'rw (đọc ghi) hoặc ro (chỉ đọc)'),
    label: tag('label', 'nhãn'),
  },
  required: ['path'],
  fields: {
    total: bytes('size', 'tổng dung lượng', 'system.filesystem.limit'),
    used: bytes('in use', 'đã dùng', USAGE),
    free: bytes('free for users', 'còn trống cho người dùng', USAGE),
    used_percent: percent('used ÷ (used + free)', 'tỷ lệ đã dùng', 'system.filesystem.utilization'),
    inodes_total: count('inode', 'files that fit', 'tổng số inode'),
    inodes_used: count('inode', 'files that exist', 'số inode đã dùng'),
    inodes_free: count('inode', 'files that may be added', 'số inode còn trống'),
    inodes_used_percent: percent('used ÷ total inodes', 'tỷ lệ inode đã dùng'),
  },
});

function sinceBootMs(en: string, vi: string, openTelemetry?: string): Field<'int'> {
  return int('ms', FROM_ZERO, en, vi, openTelemetry);
}

const diskio = fromAgent({
  name: 'diskio',
  en: 'work of block devices since boot',
  vi: 'hoạt động của thiết bị khối từ khi khởi động',
  tags: {
    name: tag('block device', 'thiết bị khối'),
    serial: tag('serial number of the disk', 'số sê-ri của đĩa'),
    wwid: tag('worldwide id of the disk', 'mã toàn cầu của đĩa'),
  },
  required: ['name'],
  fields: {
    reads: count('operation', 'reads', 'số lần đọc', 'system.disk.operations'),
    writes: count('operation', 'writes', 'số lần ghi', 'system.disk.operations'),
    read_bytes: bytes('read', 'lượng đọc', 'system.disk.io'),
    write_bytes: bytes('written', 'lượng ghi', 'system.disk.io'),
    read_time: sinceBootMs('time of all reads', 'tổng thời gian đọc', 'system.disk.operation_time'),
    write_time: sinceBootMs('time of all writes', 'tổng thời gian ghi', 'system.disk.operation_time'),
    io_time: sinceBootMs('time in which it was busy', 'thời gian bận', 'system.disk.io_time'),
    weighted_io_time: sinceBootMs('time of all requests together', 'tổng thời gian chờ có trọng số'),
    iops_in_progress: count('operation', 'requests under way', 'số yêu cầu đang xử lý'),
    // Of what tells rates and no counters, as Windows does.
    reads_per_s: float('{operation}/s', FROM_ZERO, 'reads', 'số lần đọc mỗi giây'),
    writes_per_s: float('{operation}/s', FROM_ZERO, 'writes', 'số lần ghi mỗi giây'),
    read_bytes_per_s: float('By/s', FROM_ZERO, 'read', 'lượng đọc mỗi giây'),
    write_bytes_per_s: float('By/s', FROM_ZERO, 'written', 'lượng ghi mỗi giây'),
    io_util: percent('time in which it was busy', 'tỷ lệ thời gian bận'),
    merged_reads: count('operation', 'reads joined with others', 'số lần đọc gộp', 'system.disk.merged'),
    merged_writes: count('operation', 'writes joined with others', 'số lần ghi gộp', 'system.disk.merged'),
  },
});

const SMART_TAGS = {
  device: tag('disk as the system names it', 'tên đĩa theo hệ thống'),
  device_type: tag('disk behind a controller', 'đĩa sau bộ điều khiển'),
  capacity: tag('size in bytes', 'dung lượng (byte)'),
  enabled: tag('whether SMART is on', 'SMART có bật không'),
  model: tag('model', 'kiểu đĩa'),
  serial_no: tag('serial number', 'số sê-ri'),
  wwn: tag('worldwide name', 'tên toàn cầu'),
  power: tag('power mode', 'chế độ nguồn'),
};
const EXIT_STATUS = int('', FROM_ZERO, 'exit status of smartctl, bits', 'mã thoát của smartctl, dạng bit');

const smartDevice = fromAgent({
  name: 'smart_device',
  en: 'health of a disk by its own account (SMART)',
  vi: 'sức khỏe đĩa do đĩa tự báo (SMART)',
  tags: SMART_TAGS,
  required: ['device'],
  fields: {
    health_ok: bool('the disk calls itself healthy', 'đĩa tự đánh giá là tốt'),
    exit_status: EXIT_STATUS,
    temp_c: int('Cel', { min: -40, max: 150 }, 'temperature', 'nhiệt độ', 'hw.temperature'),
    power_on_hours: int('h', FROM_ZERO, 'time switched on', 'số giờ hoạt động'),
    power_cycle_count: count('cycle', 'times switched on', 'số lần bật nguồn'),
    read_error_rate: int('1', FROM_ZERO, 'read errors, raw', 'lỗi đọc, giá trị thô'),
    seek_error_rate: int('1', FROM_ZERO, 'seek errors, raw', 'lỗi định vị, giá trị thô'),
    udma_crc_errors: count('error', 'errors on the cable', 'lỗi trên cáp'),
    media_wearout_indicator: int('1', FROM_ZERO, 'wear, normalised', 'độ mòn, chuẩn hóa'),
    wear_leveling_count: int('1', FROM_ZERO, 'wear levelling, raw', 'cân bằng mòn, giá trị thô'),
    percent_lifetime_remain: int('%', PERCENT, 'lifetime left', 'tuổi thọ còn lại'),
    available_spare: int('%', PERCENT, 'spare blocks left (NVMe)', 'khối dự phòng còn lại (NVMe)'),
    available_spare_threshold: int(
      '%',
      PERCENT,
      'alarm limit of spare (NVMe)',
      'ngưỡng khối dự phòng (NVMe)',
    ),
    percentage_used: int('%', { min: 0, max: 255 }, 'lifetime used (NVMe)', 'tuổi thọ đã dùng (NVMe)'),
    critical_warning: int('', { min: 0, max: 255 }, 'warnings, bits (NVMe)', 'cảnh báo, dạng bit (NVMe)'),
    critical_temperature_time: int('min', FROM_ZERO, 'time too hot (NVMe)', 'thời gian quá nóng (NVMe)'),
    warning_temperature_time: int('min', FROM_ZERO, 'time hot (NVMe)', 'thời gian nóng (NVMe)'),
    error_log_entries: count('entry', 'entries of the error log (NVMe)', 'số mục nhật ký lỗi (NVMe)'),
    media_errors: count('error', 'data errors (NVMe)', 'lỗi dữ liệu (NVMe)'),
    unsafe_shutdowns: count('shutdown', 'power lost while working (NVMe)', 'số lần mất điện đột ngột (NVMe)'),
    pending_sector_count: count('sector', 'sectors that cannot be read now', 'số cung chờ xử lý'),
    reallocated_sectors_count: count('sector', 'sectors replaced', 'số cung đã thay'),
    uncorrectable_errors: count('error', 'errors not corrected', 'lỗi không sửa được'),
    uncorrectable_sector_count: count('sector', 'sectors not correctable', 'số cung không sửa được'),
  },
});

const smartAttribute = fromAgent({
  name: 'smart_attribute',
  en: 'one SMART attribute of a disk; watched: 5, 187, 188, 197, 198',
  vi: 'một thuộc tính SMART của đĩa; theo dõi: 5, 187, 188, 197, 198',
  tags: {
    ...SMART_TAGS,
    id: tag('number of the attribute', 'số thuộc tính'),
    name: tag('name of the attribute', 'tên thuộc tính'),
    flags: tag('flags', 'cờ'),
    fail: tag('when it failed, or -', 'thời điểm hỏng, hoặc -'),
  },
  required: ['device', 'name'],
  fields: {
    raw_value: int('1', ANY, 'raw value', 'giá trị thô', 'hw.physical_disk.smart'),
    value: int('1', FROM_ZERO, 'normalised value', 'giá trị chuẩn hóa'),
    worst: int('1', FROM_ZERO, 'worst normalised value', 'giá trị chuẩn hóa xấu nhất'),
    threshold: int('1', FROM_ZERO, 'limit of the normalised value', 'ngưỡng của giá trị chuẩn hóa'),
    exit_status: EXIT_STATUS,
  },
});

const temp = fromAgent({
  name: 'temp',
  en: 'temperature sensors of a machine',
  vi: 'cảm biến nhiệt độ của máy',
  tags: {
    sensor: tag('sensor', 'cảm biến'),
    device: tag('part the sensor belongs to', 'bộ phận chứa cảm biến'),
  },
  required: ['sensor'],
  fields: {
    temp: float('Cel', { min: -273.15, max: 1000 }, 'temperature', 'nhiệt độ', 'hw.temperature'),
    max_celsius: float('Cel', ANY, 'limit of its maker', 'ngưỡng của nhà sản xuất', 'hw.temperature.limit'),
    crit_celsius: float('Cel', ANY, 'critical limit', 'ngưỡng nguy hiểm', 'hw.temperature.limit'),
    crit_margin_celsius: float('Cel', ANY, 'critical limit − temperature', 'ngưỡng nguy hiểm − nhiệt độ'),
    fault: bool('the sensor is broken', 'cảm biến hỏng'),
  },
});

export const DISK = [disk, diskio, smartDevice, smartAttribute, temp] as const;
