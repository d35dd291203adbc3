import {
  ANY,
  bool,
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

function volts(en: string, vi: string): Field<'float'> {
  return float('V', FROM_ZERO, en, vi, 'hw.voltage');
}

function celsius(en: string, vi: string): Field<'float'> {
  return float('Cel', { min: -40, max: 150 }, en, vi, 'hw.temperature');
}

/** UPS-MIB (RFC 1628). */
const power = fromAgent({
  name: 'power',
  en: 'power supply and battery of a site',
  vi: 'nguồn điện và ắc quy của điểm',
  tags: { line: tag('phase or output', 'pha hoặc ngõ ra') },
  required: ['device'],
  fields: {
    output_source: code(
      7,
      'upsOutputSource: 1 other, 2 none, 3 normal, 4 bypass, 5 battery, 6 booster, 7 reducer',
      'upsOutputSource: 1 khác, 2 không, 3 lưới điện, 4 nối tắt, 5 ắc quy, 6 tăng áp, 7 giảm áp',
    ),
    mains_ok: bool('mains power is there', 'có điện lưới'),
    on_battery: bool('running on battery', 'đang chạy bằng ắc quy'),
    on_battery_s: float('s', FROM_ZERO, 'time on battery', 'thời gian chạy bằng ắc quy'),
    charge_pct: percent('charge (upsEstimatedChargeRemaining)', 'mức sạc còn lại', 'hw.battery.charge'),
    runtime_minutes: float(
      'min',
      FROM_ZERO,
      'runtime left (upsEstimatedMinutesRemaining)',
      'thời gian còn chạy được',
      'hw.battery.time_left',
    ),
    battery_status: code(
      4,
      'upsBatteryStatus: 2 normal, 3 low, 4 empty',
      'upsBatteryStatus: 2 tốt, 3 yếu, 4 cạn',
    ),
    battery_voltage_v: volts('voltage of the battery', 'điện áp ắc quy'),
    battery_current_a: float('A', ANY, 'current of the battery', 'dòng điện ắc quy'),
    battery_temperature_celsius: celsius('temperature of the battery', 'nhiệt độ ắc quy'),
    input_voltage_v: volts('voltage in', 'điện áp vào'),
    input_frequency_hz: float('Hz', FROM_ZERO, 'frequency in', 'tần số vào'),
    input_current_a: float('A', FROM_ZERO, 'current in', 'dòng điện vào'),
    input_power_w: float('W', FROM_ZERO, 'power in', 'công suất vào', 'hw.power'),
    bypass_voltage_v: volts('voltage of the bypass', 'điện áp nhánh nối tắt'),
    output_frequency_hz: float('Hz', FROM_ZERO, 'frequency out', 'tần số ra'),
    output_voltage_v: volts('voltage out', 'điện áp ra'),
    output_current_a: float('A', FROM_ZERO, 'current out', 'dòng điện ra'),
    output_power_w: float('W', FROM_ZERO, 'power out', 'công suất ra', 'hw.power'),
    load_pct: float('%', { min: 0, max: 200 }, 'load ÷ rated power', 'tải ÷ công suất danh định'),
    energy_kwh: float('kW.h', FROM_ZERO, 'energy used, total', 'điện năng đã dùng, tổng', 'hw.energy'),
    outlet_on: bool('the outlet is switched on', 'ổ cắm đang bật'),
    outlet_name: text('what the operator calls the outlet', 'tên do người vận hành đặt cho ổ cắm'),
    load_state: code(
      4,
      'load as the device judges it: 1 low, 2 normal, 3 near overload, 4 overload',
      'mức tải theo thiết bị: 1 thấp, 2 bình thường, 3 gần quá tải, 4 quá tải',
    ),
    alarms_count: count('alarm', 'alarms that are present', 'số cảnh báo hiện có'),
  },
});

const environment = fromAgent({
  name: 'environment',
  en: 'room and cabinet of a site',
  vi: 'môi trường phòng máy, tủ thiết bị',
  tags: { sensor: tag('sensor', 'cảm biến'), location: tag('location', 'vị trí đặt') },
  required: ['device'],
  fields: {
    temperature_celsius: celsius('air temperature', 'nhiệt độ không khí'),
    humidity_pct: percent('relative humidity', 'độ ẩm tương đối'),
    dew_point_celsius: celsius('dew point', 'điểm sương'),
    airflow_m_per_s: float('m/s', FROM_ZERO, 'air speed', 'tốc độ gió'),
    fan_speed_rpm: float('1/min', FROM_ZERO, 'fan speed', 'tốc độ quạt', 'hw.fan.speed'),
    water_level_m: float('m', { min: -10, max: 20 }, 'water level (tide gauge)', 'mực nước (trạm đo triều)'),
    water_leak: bool('water on the floor', 'có nước rò'),
    smoke: bool('smoke', 'có khói'),
    door_open: bool('door open', 'cửa mở'),
    battery_pct: percent('charge of the sensor’s battery', 'mức pin của cảm biến', 'hw.battery.charge'),
    battery_low: bool('the sensor’s battery is low', 'pin của cảm biến yếu'),
    rssi_dbm: float(
      'dBm',
      { min: -150, max: 20 },
      'radio signal of the sensor',
      'tín hiệu vô tuyến của cảm biến',
    ),
    lqi: int('', { min: 0, max: 255 }, 'link quality (IEEE 802.15.4)', 'chất lượng liên kết (IEEE 802.15.4)'),
  },
});

const ipmiSensor = fromAgent({
  name: 'ipmi_sensor',
  en: 'sensors of a server board (IPMI)',
  vi: 'cảm biến trên bo mạch máy chủ (IPMI)',
  tags: {
    name: tag('sensor', 'cảm biến'),
    server: tag('address of the controller', 'địa chỉ bộ điều khiển'),
    unit: tag(
      'unit of the value, as Telegraf writes it; not the ward',
      'đơn vị đo theo Telegraf; không phải mã phường',
    ),
    entity_id: tag('part of the board', 'bộ phận trên bo mạch'),
    status_code: tag('state', 'trạng thái'),
    status_desc: tag('state in words', 'mô tả trạng thái'),
  },
  required: ['name'],
  fields: {
    value: float('1', ANY, 'value in the unit of the sensor', 'giá trị theo đơn vị của cảm biến'),
    status: code(1, '1 good, 0 bad', '1 tốt, 0 xấu'),
  },
});

const upsd = fromAgent({
  name: 'upsd',
  en: 'UPS as Network UPS Tools reports it',
  vi: 'bộ lưu điện theo Network UPS Tools',
  tags: {
    ups_name: tag('name of the UPS', 'tên UPS'),
    serial: tag('serial number', 'số sê-ri'),
    model: tag('model', 'kiểu máy'),
    status: tag('state in words', 'trạng thái'),
  },
  required: ['ups_name'],
  fields: {
    status_flags: int('', FROM_ZERO, 'state, bits (RFC 9271)', 'trạng thái, dạng bit (RFC 9271)'),
    ups_status: text('state, such as OL or OB', 'trạng thái, ví dụ OL (lưới), OB (ắc quy)'),
    battery_charge_percent: percent('charge', 'mức sạc', 'hw.battery.charge'),
    battery_charge_low: percent('charge that counts as low', 'ngưỡng mức sạc thấp'),
    battery_charge_warning: percent('charge that warns', 'ngưỡng mức sạc cảnh báo'),
    battery_runtime: float('s', FROM_ZERO, 'runtime left', 'thời gian còn chạy được'),
    battery_runtime_low: int('s', FROM_ZERO, 'runtime that counts as low', 'ngưỡng thời gian chạy thấp'),
    battery_voltage: volts('voltage of the battery', 'điện áp ắc quy'),
    battery_date: text('date of the battery', 'ngày ắc quy'),
    battery_mfr_date: text('date of manufacture of the battery', 'ngày sản xuất ắc quy'),
    battery_type: text('kind of battery', 'loại ắc quy'),
    time_left_ns: int('ns', FROM_ZERO, 'runtime left', 'thời gian còn chạy được', 'hw.battery.time_left'),
    time_on_battery_ns: int('ns', FROM_ZERO, 'time on battery', 'thời gian chạy bằng ắc quy'),
    load_percent: float('%', { min: 0, max: 200 }, 'load ÷ rated power', 'tải ÷ công suất danh định'),
    internal_temp: celsius('temperature inside', 'nhiệt độ bên trong'),
    input_voltage: volts('voltage in', 'điện áp vào'),
    input_frequency: float('Hz', FROM_ZERO, 'frequency in', 'tần số vào'),
    input_transfer_high: volts('upper voltage for changing to battery', 'ngưỡng điện áp cao chuyển ắc quy'),
    input_transfer_low: volts('lower voltage for changing to battery', 'ngưỡng điện áp thấp chuyển ắc quy'),
    output_voltage: volts('voltage out', 'điện áp ra'),
    nominal_battery_voltage: volts('rated voltage of the battery', 'điện áp danh định của ắc quy'),
    nominal_input_voltage: volts('rated voltage in', 'điện áp vào danh định'),
    nominal_power: float('W', FROM_ZERO, 'rated power', 'công suất danh định'),
    real_power: float('W', FROM_ZERO, 'power out', 'công suất thực', 'hw.power'),
    ups_delay_shutdown: int('s', ANY, 'delay before it shuts down', 'thời gian chờ trước khi tắt'),
    ups_delay_start: int('s', ANY, 'delay before it starts', 'thời gian chờ trước khi bật'),
    ups_test_result: text('result of the last self-test', 'kết quả tự kiểm tra gần nhất'),
    firmware: text('firmware', 'phiên bản phần sụn'),
  },
});

/** A sensor's value (entPhySensorValue), scaled to its unit; RFC 3433. */
const hardwareSensor = fromAgent({
  name: 'hardware_sensor',
  en: 'sensors of a network node (ENTITY-SENSOR-MIB)',
  vi: 'cảm biến của nút mạng (ENTITY-SENSOR-MIB)',
  tags: {
    sensor: tag('sensor', 'cảm biến'),
    type: tag(
      'kind of quantity, and so the unit: celsius, volts_dc, amperes, watts, rpm, dbm …',
      'đại lượng: celsius, volts_dc …',
    ),
  },
  required: ['device', 'sensor'],
  fields: {
    value: float('1', ANY, 'scaled value', 'giá trị đã quy đổi'),
    oper_status: code(3, '1 ok, 2 unavailable, 3 not working', '1 tốt, 2 không đọc được, 3 hỏng'),
    alarms_count: count('alarm', 'alarms of the sensor', 'số cảnh báo của cảm biến'),
  },
});

export const POWER = [power, environment, ipmiSensor, upsd, hardwareSensor] as const;
