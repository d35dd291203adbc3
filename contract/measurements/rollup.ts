import type { FieldDefinition, MeasurementDefinition } from '../catalogue.ts';
import { count, float, fromCentral, FROM_ZERO, percent, text, UNIT } from './define.ts';

/** What central writes each minute from memory, so that city-wide panels never read raw series. */
const DEVICE_STATES = {
  devices_up: count('device', 'up', 'số thiết bị hoạt động'),
  devices_down: count('device', 'measured bad', 'số thiết bị hỏng'),
  devices_unreachable: count('device', 'behind one that is down', 'số thiết bị không tới được'),
  devices_unknown: count('device', 'their agent is silent', 'số thiết bị không rõ trạng thái'),
  devices_maintenance: count('device', 'in maintenance', 'số thiết bị đang bảo trì'),
};

const AGENT_STATES = {
  agents_live: count('agent', 'reporting', 'số tác tử đang báo cáo'),
  agents_silent: count('agent', 'silent', 'số tác tử im lặng'),
  agents_stopped: count('agent', 'stopped on purpose', 'số tác tử đã dừng'),
  agents_never_seen: count('agent', 'never seen', 'số tác tử chưa từng thấy'),
};

const ALERTS = {
  alerts_critical: count('alert', 'critical', 'số cảnh báo nghiêm trọng'),
  alerts_major: count('alert', 'major', 'số cảnh báo lớn'),
  alerts_minor: count('alert', 'minor', 'số cảnh báo nhỏ'),
  alerts_warning: count('alert', 'warning', 'số cảnh báo sớm'),
};

const QUALITY = {
  availability_pct: percent('devices up ÷ devices known', 'tỷ lệ thiết bị hoạt động'),
  completeness_pct: percent('samples received ÷ expected', 'độ đầy đủ dữ liệu'),
  radio_availability_pct: percent('radio samples at or above the minimum', 'độ sẵn sàng của mạng vô tuyến'),
};

function rate(en: string, vi: string): FieldDefinition {
  return float('bit/s', FROM_ZERO, en, vi);
}

const TRAFFIC = {
  in_bps: rate('received', 'tốc độ nhận'),
  out_bps: rate('sent', 'tốc độ gửi'),
};

const unitState = fromCentral({
  name: 'unit_state',
  en: 'each ward, commune and special zone, once a minute',
  vi: 'trạng thái từng phường, xã, đặc khu, mỗi phút',
  tags: { unit: UNIT },
  required: ['unit'],
  fields: {
    state: text(
      'up, alert, down, unreachable or unknown',
      'hoạt động, cảnh báo, hỏng, không tới được, không rõ',
    ),
    ...DEVICE_STATES,
    ...AGENT_STATES,
    ...ALERTS,
    ...QUALITY,
  },
});

const unitTraffic = fromCentral({
  name: 'unit_traffic',
  en: 'traffic of each unit, once a minute',
  vi: 'lưu lượng từng đơn vị, mỗi phút',
  tags: { unit: UNIT },
  required: ['unit'],
  fields: {
    ...TRAFFIC,
    utilization_pct: float('%', { min: 0, max: 110 }, 'of the busiest link', 'của đường nối bận nhất'),
    latency_ms: float('ms', FROM_ZERO, 'median round-trip time', 'thời gian khứ hồi trung vị'),
    loss_pct: percent('median packet loss', 'tỷ lệ mất gói trung vị'),
  },
});

const cityState = fromCentral({
  name: 'city_state',
  en: 'the whole city, once a minute',
  vi: 'trạng thái toàn thành phố, mỗi phút',
  fields: {
    ...DEVICE_STATES,
    ...AGENT_STATES,
    ...ALERTS,
    ...QUALITY,
    ...TRAFFIC,
    units_cut_off: count('unit', 'units cut off', 'số đơn vị bị cắt'),
    services_down: count('service', 'services down', 'số dịch vụ ngừng'),
    samples_per_s: float('{sample}/s', FROM_ZERO, 'samples stored', 'số mẫu lưu mỗi giây'),
  },
});

export const ROLLUP: readonly MeasurementDefinition[] = [unitState, unitTraffic, cityState];
