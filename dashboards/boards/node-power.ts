import { COLOUR } from '../panel/colour.ts';
import type { Mapping } from '../panel/mapping.ts';
import { table, type Panel } from '../panel/panel.ts';
import { last, max, min } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { IS_BAD, IS_BAD_MINOR, text, trend } from './shape.ts';
import { DEVICE } from './variables.ts';

const HERE = tag('device').isIn(DEVICE);

/** upsOutputSource and upsBatteryStatus (RFC 1628). */
const SOURCES: Mapping = {
  1: { text: text('other', 'khác'), colour: COLOUR.plain },
  2: { text: text('no output', 'không có điện ra'), colour: COLOUR.critical },
  3: { text: text('mains', 'lưới điện'), colour: COLOUR.good },
  4: { text: text('bypass', 'nối tắt'), colour: COLOUR.minor },
  5: { text: text('battery', 'ắc quy'), colour: COLOUR.minor },
  6: { text: text('booster', 'tăng áp'), colour: COLOUR.plain },
  7: { text: text('reducer', 'giảm áp'), colour: COLOUR.plain },
};
const BATTERY: Mapping = {
  1: { text: text('unknown', 'không rõ'), colour: COLOUR.unknown },
  2: { text: text('normal', 'tốt'), colour: COLOUR.good },
  3: { text: text('low', 'yếu'), colour: COLOUR.minor },
  4: { text: text('empty', 'cạn'), colour: COLOUR.major },
};

/** UPS, and what is around it. */
export const NODE_POWER: readonly Panel[] = [
  table({
    title: text('UPS', 'Bộ lưu điện'),
    about: text('The last reading, in the last ten minutes.', 'Số liệu gần nhất trong mười phút qua.'),
    queries: [
      select(
        'power',
        last('on_battery', {
          label: text('On battery', 'Chạy ắc quy'),
          mapping: IS_BAD_MINOR,
          link: TO_ALERTS,
        }),
        last('output_source', { label: text('Output from', 'Nguồn ra'), mapping: SOURCES, link: TO_ALERTS }),
        last('battery_status', { label: text('Battery', 'Ắc quy'), mapping: BATTERY, link: TO_ALERTS }),
        last('alarms_count', {
          label: text('Alarms', 'Cảnh báo'),
          thresholds: { rule: 'power_alarms' },
          link: TO_ALERTS,
        }),
      )
        .where(HERE)
        .by('device')
        .now(10),
    ],
    rules: ['power_on_battery', 'power_no_output', 'power_on_bypass', 'power_battery_bad', 'power_alarms'],
    unit: 'none',
    width: 12,
    height: 5,
  }),
  table({
    title: text('Room', 'Phòng máy'),
    about: text(
      'The last reading of each sensor, in the last 15 minutes.',
      'Số liệu gần nhất của từng cảm biến trong 15 phút qua.',
    ),
    queries: [
      select(
        'environment',
        last('smoke', { label: text('Smoke', 'Khói'), mapping: IS_BAD, link: TO_ALERTS }),
        last('water_leak', { label: text('Water', 'Nước'), mapping: IS_BAD, link: TO_ALERTS }),
        last('door_open', { label: text('Door open', 'Cửa mở'), mapping: IS_BAD_MINOR, link: TO_ALERTS }),
      )
        .where(HERE)
        .by('sensor')
        .now(15),
    ],
    rules: ['room_smoke', 'room_water', 'room_door'],
    unit: 'none',
    width: 12,
    height: 5,
  }),
  trend({
    title: text('Charge', 'Mức sạc'),
    about: text('Of the battery.', 'Của ắc quy.'),
    queries: [
      select('power', min('charge_pct', { label: text('Charge', 'Mức sạc') }))
        .where(HERE)
        .series(),
    ],
    thresholds: { rule: 'battery_low' },
    rules: ['battery_low', 'battery_not_charged'],
    link: TO_ALERTS,
    min: 0,
    max: 100,
  }),
  trend({
    title: text('Runtime left', 'Thời gian còn chạy được'),
    about: text('As the UPS estimates it.', 'Theo bộ lưu điện ước lượng.'),
    queries: [
      select('power', min('runtime_minutes', { label: text('Left', 'Còn lại') }))
        .where(HERE)
        .series(),
    ],
    thresholds: { rule: 'power_runtime_low' },
    rules: ['power_runtime_low'],
    link: TO_ALERTS,
    min: 0,
  }),
  trend({
    title: text('Load', 'Tải'),
    about: text('Of its rated power.', 'Trên công suất danh định.'),
    queries: [
      select('power', max('load_pct', { label: text('Load', 'Tải') }))
        .where(HERE)
        .series(),
    ],
    thresholds: { rule: 'power_load_high' },
    rules: ['power_load_high', 'power_load_lost'],
    link: TO_ALERTS,
    min: 0,
  }),
  trend({
    title: text('Temperature of the room', 'Nhiệt độ phòng'),
    about: text(
      'Air that servers take in should be between 18 and 27 °C.',
      'Không khí vào máy chủ nên từ 18 đến 27 °C.',
    ),
    queries: [select('environment', max('temperature_celsius')).where(HERE).by('sensor').series()],
    thresholds: { rule: 'inlet_hot' },
    rules: ['inlet_hot', 'inlet_cold', 'room_warming'],
    link: TO_ALERTS,
    stepS: 300,
    width: 12,
  }),
  trend({
    title: text('Humidity of the room', 'Độ ẩm phòng'),
    about: text('Relative.', 'Tương đối.'),
    queries: [select('environment', max('humidity_pct')).where(HERE).by('sensor').series()],
    thresholds: { rule: 'room_humidity_high' },
    rules: ['room_humidity_high'],
    link: TO_ALERTS,
    min: 0,
    max: 100,
    stepS: 300,
    width: 12,
  }),
];
