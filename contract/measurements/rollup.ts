import {
  code,
  count,
  float,
  fromCentral,
  FROM_ZERO,
  LATITUDE,
  LONGITUDE,
  percent,
  SITE,
  tag,
  text,
  UNIT,
  type Field,
} from './define.ts';

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

/** From the gravest: the least of an interval is the worst of it. */
const STATE_CODE = code(
  4,
  '0 down, 1 unreachable, 2 unknown, 3 alert, 4 up',
  '0 hỏng, 1 không tới được, 2 không rõ, 3 cảnh báo, 4 hoạt động',
);

const STATE = {
  state: text(
    'up, alert, down, unreachable or unknown',
    'hoạt động, cảnh báo, hỏng, không tới được, không rõ',
  ),
  state_code: STATE_CODE,
  state_s: float('s', FROM_ZERO, 'time in this state', 'thời gian ở trạng thái này'),
};

const ALERTS = {
  alerts_critical: count('alert', 'critical', 'số cảnh báo nghiêm trọng'),
  alerts_major: count('alert', 'major', 'số cảnh báo lớn'),
  alerts_minor: count('alert', 'minor', 'số cảnh báo nhỏ'),
  alerts_warning: count('alert', 'warning', 'số cảnh báo sớm'),
  alerts_unacknowledged: count('alert', 'that nobody acknowledged', 'số cảnh báo chưa ai xác nhận'),
};

const QUALITY = {
  availability_pct: percent('devices up ÷ devices known', 'tỷ lệ thiết bị hoạt động'),
  completeness_pct: percent('samples received ÷ expected', 'độ đầy đủ dữ liệu'),
  radio_availability_pct: percent('radio samples at or above the minimum', 'độ sẵn sàng của mạng vô tuyến'),
};

function rate(en: string, vi: string): Field<'float'> {
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
    name: text('its name', 'tên đơn vị'),
    ...STATE,
    reason: text('why it is so', 'lý do'),
    roots: text('what that comes from, separated by spaces', 'đối tượng gốc, cách nhau bởi dấu cách'),
    ...DEVICE_STATES,
    ...AGENT_STATES,
    ...ALERTS,
    ...QUALITY,
    latitude: LATITUDE,
    longitude: LONGITUDE,
  },
});

const siteState = fromCentral({
  name: 'site_state',
  en: 'each site of the network, once a minute',
  vi: 'trạng thái từng điểm mạng, mỗi phút',
  tags: {
    site: SITE,
    unit: UNIT,
    kind: tag('city, hub, site or datacentre', 'thành phố, nút, điểm, trung tâm dữ liệu'),
    parent: tag('first site that its uplinks lead to', 'điểm cấp trên đầu tiên'),
  },
  required: ['site'],
  fields: {
    name: text('its name', 'tên điểm'),
    ...STATE,
    roots: text('what that comes from, separated by spaces', 'đối tượng gốc, cách nhau bởi dấu cách'),
    devices_up: DEVICE_STATES.devices_up,
    devices_down: DEVICE_STATES.devices_down,
    devices_unreachable: DEVICE_STATES.devices_unreachable,
    devices_unknown: DEVICE_STATES.devices_unknown,
    latitude: LATITUDE,
    longitude: LONGITUDE,
  },
});

/** `source`, `target`: as edges of a graph have them; the target is behind the source. Rates are those of the target's end. */
const linkState = fromCentral({
  name: 'link_state',
  en: 'each line between two sites, once a minute',
  vi: 'trạng thái từng đường nối giữa hai điểm, mỗi phút',
  tags: {
    id: tag('link of the inventory', 'đường nối trong danh mục'),
    source: tag('site that is nearer to the core', 'điểm gần lõi mạng hơn'),
    target: tag('site at the other end', 'điểm ở đầu kia'),
    unit: UNIT,
  },
  required: ['id', 'source', 'target'],
  fields: {
    ...STATE,
    ...TRAFFIC,
    utilization_pct: float('%', { min: 0, max: 110 }, 'the busier direction', 'chiều bận hơn'),
    latency_ms: float(
      'ms',
      FROM_ZERO,
      'median round-trip time that the target measures, to wherever it measures',
      'thời gian khứ hồi trung vị đo từ điểm đích, tới nơi nó đo',
    ),
    capacity_bps: rate('declared', 'dung lượng khai báo'),
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
    links_count: count('link', 'that lead to the unit', 'số đường nối tới đơn vị'),
    links_measured_count: count('link', 'of which the traffic is known', 'số đường nối có số đo lưu lượng'),
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
    units_up: count('unit', 'units up', 'số đơn vị hoạt động'),
    units_alert: count('unit', 'units up with alerts', 'số đơn vị có cảnh báo'),
    units_down: count('unit', 'units with something down', 'số đơn vị có phần hỏng'),
    units_unreachable: count('unit', 'units with something unreachable', 'số đơn vị có phần không tới được'),
    units_unknown: count('unit', 'units unknown', 'số đơn vị không rõ trạng thái'),
    incidents_open: count('incident', 'incidents with a root that are not over', 'số sự cố chưa hết'),
    services_degraded: count('service', 'services degraded', 'số dịch vụ suy giảm'),
    services_down: count(
      'service',
      'services down or that nothing reaches',
      'số dịch vụ ngừng hoặc không tới được',
    ),
    services_unknown: count('service', 'services unknown', 'số dịch vụ không rõ trạng thái'),
    samples_per_s: float('{sample}/s', FROM_ZERO, 'samples stored', 'số mẫu lưu mỗi giây'),
  },
});

export const ROLLUP = [unitState, siteState, linkState, unitTraffic, cityState] as const;
