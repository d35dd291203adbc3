import type { Board } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import { link } from '../panel/link.ts';
import { PORT_STATES, type Mapping } from '../panel/mapping.ts';
import { stat, states, table, type Panel } from '../panel/panel.ts';
import { last, max, mean, tagValue, value } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS, TO_TOPOLOGY } from './links.ts';
import { NODE_POWER } from './node-power.ts';
import { IS_GOOD, text, trend } from './shape.ts';
import { DEVICE, PORTS } from './variables.ts';
import { NODE_OPTICS } from './node-optics.ts';
import { NODE_RADIO } from './node-radio.ts';

const HERE = tag('device').isIn(DEVICE);
const PORT = tag('interface').isIn(PORTS);
const TO_PORT = link('net-node', text('Only this port', 'Chỉ cổng này'), {
  device: { chosen: 'device' },
  interface: { row: 'interface' },
});
const TO_PORT_OF_SERIES = link('net-node', text('Only this port', 'Chỉ cổng này'), {
  device: { chosen: 'device' },
  interface: { label: 'interface' },
});

const WORKS: Mapping = IS_GOOD;

const FIRST: readonly Panel[] = [
  table({
    title: text('State', 'Trạng thái'),
    about: text(
      'What the device said of itself in the last ten minutes. Empty: nothing was measured, which is neither good nor bad.',
      'Số liệu thiết bị tự báo trong mười phút qua. Trống: không đo được, không tốt cũng không xấu.',
    ),
    queries: [
      select(
        'device',
        last('up', { label: text('Answers', 'Phản hồi'), mapping: WORKS, link: TO_ALERTS }),
        last('fan_ok', { label: text('Fans', 'Quạt'), mapping: WORKS, link: TO_ALERTS }),
        last('power_supply_ok', {
          label: text('Power supplies', 'Bộ nguồn'),
          mapping: WORKS,
          link: TO_ALERTS,
        }),
        last('vendor', { label: text('Maker', 'Nhà sản xuất') }),
        last('model', { label: text('Model', 'Kiểu') }),
        last('software', { label: text('Software', 'Phần mềm') }),
      )
        .where(HERE)
        .by('device', 'site', 'unit')
        .now(10),
    ],
    rules: ['device_down', 'device_fan_failed', 'device_power_failed', 'evidence_disputed'],
    unit: 'none',
    width: 12,
    height: 4,
  }),
  stat({
    title: text('CPU', 'CPU'),
    about: text('Processor in use.', 'Bộ xử lý đã dùng.'),
    queries: [
      select('device', last('cpu_pct', { link: TO_ALERTS }))
        .where(HERE)
        .now(10),
    ],
    thresholds: { rule: 'device_cpu_busy' },
    rules: ['device_cpu_busy'],
    decimals: 0,
    width: 3,
    height: 4,
  }),
  stat({
    title: text('Memory', 'Bộ nhớ'),
    about: text('In use.', 'Đã dùng.'),
    queries: [
      select('device', last('memory_pct', { link: TO_ALERTS }))
        .where(HERE)
        .now(10),
    ],
    thresholds: { rule: 'device_memory_low' },
    rules: ['device_memory_low'],
    decimals: 0,
    width: 3,
    height: 4,
  }),
  stat({
    title: text('Temperature', 'Nhiệt độ'),
    about: text('As the device reports it.', 'Theo thiết bị tự báo.'),
    queries: [
      select('device', last('temperature_celsius', { link: TO_ALERTS }))
        .where(HERE)
        .now(15),
    ],
    thresholds: { rule: 'device_hot' },
    rules: ['device_hot'],
    decimals: 0,
    width: 3,
    height: 4,
  }),
  stat({
    title: text('Up since', 'Đã chạy'),
    about: text('Time since its restart.', 'Thời gian từ lần khởi động lại.'),
    queries: [
      select('device', last('uptime_s', { link: TO_ALERTS }))
        .where(HERE)
        .now(10),
    ],
    thresholds: 'none',
    width: 3,
    height: 4,
  }),
];

const INTERFACES: readonly Panel[] = [
  table({
    title: text('Ports', 'Cổng'),
    about: text(
      'The last reading of each, in the last ten minutes. "In use": down is a fault.',
      'Số liệu gần nhất trong mười phút qua. "Đang dùng": nếu ngắt là sự cố.',
    ),
    queries: [
      select(
        'interface',
        last('oper_status', { label: text('State', 'Trạng thái'), mapping: PORT_STATES, link: TO_PORT }),
        last('admin_status', { label: text('Wanted', 'Mong muốn'), mapping: PORT_STATES }),
        last('in_use', {
          label: text('In use', 'Đang dùng'),
          mapping: {
            true: { text: text('yes', 'có'), colour: COLOUR.plain },
            false: { text: text('no', 'không'), colour: COLOUR.plain },
          },
        }),
        last('in_utilization_pct', {
          label: text('Received', 'Chiều nhận'),
          thresholds: { rule: 'port_full_in' },
          decimals: 0,
          link: TO_PORT,
        }),
        last('out_utilization_pct', {
          label: text('Sent', 'Chiều gửi'),
          thresholds: { rule: 'port_full_out' },
          decimals: 0,
          link: TO_PORT,
        }),
        last('speed_mbps', { label: text('Speed', 'Tốc độ'), decimals: 0 }),
        last('rx_power_dbm', { label: text('Light received', 'Quang thu'), decimals: 1, link: TO_PORT }),
        last('last_change_s', { label: text('In this state for', 'Kéo dài') }),
      )
        .where(HERE, PORT)
        .by('interface', 'alias')
        .now(10),
    ],
    sortBy: { column: 'oper_status', descending: true },
    rules: ['port_down', 'port_full_in', 'port_full_out'],
    unit: 'none',
    width: 24,
    height: 9,
  }),
  trend({
    title: text('Traffic', 'Lưu lượng'),
    about: text('By port; sent is drawn below zero.', 'Theo cổng; chiều gửi vẽ dưới mức 0.'),
    queries: [
      select('interface', mean('in_bps', { label: text('received', 'nhận') }))
        .where(HERE, PORT)
        .by('interface')
        .series(),
      select('interface', mean('out_bps', { label: text('sent', 'gửi') }))
        .where(HERE, PORT)
        .by('interface')
        .series(),
    ],
    below: ['out_bps'],
    link: TO_PORT_OF_SERIES,
    legend: 'table',
    width: 12,
    height: 10,
  }),
  trend({
    title: text('Utilisation', 'Mức sử dụng'),
    about: text('The busier direction, of the speed of the port.', 'Chiều bận hơn trên tốc độ cổng.'),
    queries: [select('interface', max('utilization_pct')).where(HERE, PORT).by('interface').series()],
    thresholds: { rule: 'port_full_in' },
    rules: ['port_full_in', 'port_full_out'],
    link: TO_PORT_OF_SERIES,
    min: 0,
    max: 100,
    width: 12,
    height: 10,
  }),
  states({
    title: text('State of the ports', 'Trạng thái các cổng'),
    about: text(
      'The worst of each interval: 1 is up, everything else is not.',
      'Xấu nhất trong mỗi khoảng: 1 là chạy.',
    ),
    queries: [select('interface', max('oper_status')).where(HERE, PORT).by('interface').series()],
    mapping: PORT_STATES,
    rules: ['port_down', 'link_down'],
    link: TO_PORT_OF_SERIES,
    width: 12,
    height: 9,
  }),
  trend({
    title: text('Errors and discards', 'Lỗi và bỏ gói'),
    about: text(
      'Share of packets: damaged, and dropped for lack of room.',
      'Tỷ lệ gói: lỗi, và bỏ do hết chỗ.',
    ),
    queries: [
      select('interface', max('in_errors_pct', { label: text('errors in', 'lỗi nhận') }))
        .where(HERE, PORT)
        .by('interface')
        .series(),
      select('interface', max('out_errors_pct', { label: text('errors out', 'lỗi gửi') }))
        .where(HERE, PORT)
        .by('interface')
        .series(),
      select('interface', max('in_discards_pct', { label: text('discards in', 'bỏ nhận') }))
        .where(HERE, PORT)
        .by('interface')
        .series(),
      select('interface', max('out_discards_pct', { label: text('discards out', 'bỏ gửi') }))
        .where(HERE, PORT)
        .by('interface')
        .series(),
    ],
    thresholds: { rule: 'port_errors_in' },
    rules: ['port_errors_in', 'port_errors_out', 'port_discards_in', 'port_discards_out'],
    link: TO_PORT_OF_SERIES,
    min: 0,
    width: 12,
    height: 9,
  }),
];

const INSIDE: readonly Panel[] = [
  trend({
    title: text('CPU, memory', 'CPU, bộ nhớ'),
    about: text('In use.', 'Đã dùng.'),
    queries: [
      select(
        'device',
        max('cpu_pct', { label: text('CPU', 'CPU') }),
        max('memory_pct', { label: text('Memory', 'Bộ nhớ') }),
      )
        .where(HERE)
        .series(),
    ],
    thresholds: { rule: 'device_cpu_busy' },
    rules: ['device_cpu_busy', 'device_memory_low'],
    link: TO_ALERTS,
    min: 0,
    max: 100,
  }),
  trend({
    title: text('Storage', 'Lưu trữ'),
    about: text('In use.', 'Đã dùng.'),
    queries: [select('device_storage', max('used_pct')).where(HERE).by('storage').series()],
    thresholds: { rule: 'device_storage_full' },
    rules: ['device_storage_full', 'storage_days_to_full'],
    link: TO_ALERTS,
    min: 0,
    max: 100,
    stepS: 300,
  }),
  table({
    title: text('Routing neighbours', 'Láng giềng định tuyến'),
    about: text('BGP and OSPF.', 'BGP và OSPF.'),
    queries: [
      select(
        'routing_peer',
        last('established', { label: text('Established', 'Đã thiết lập'), mapping: WORKS, link: TO_ALERTS }),
        last('established_s', { label: text('For', 'Kéo dài') }),
        last('prefixes_received', { label: text('Routes', 'Số tuyến') }),
      )
        .where(HERE)
        .by('peer', 'protocol')
        .now(10),
    ],
    sortBy: { column: 'established', descending: false },
    rules: ['routing_peer_lost'],
    unit: 'none',
    width: 8,
    height: 8,
  }),
  table({
    title: text('Told by itself', 'Sự kiện tự báo'),
    about: text('Syslog and SNMP traps, newest first.', 'Syslog và trap SNMP, mới nhất ở trên.'),
    queries: [
      select(
        'event',
        tagValue('event'),
        tagValue('severity'),
        tagValue('source'),
        value('message', { label: text('Message', 'Nội dung') }),
        value('events', { label: text('Times', 'Số lần') }),
      )
        .where(HERE)
        .rows(100),
    ],
    showsTime: true,
    rules: ['events_critical'],
    unit: 'none',
    width: 16,
    height: 9,
  }),
  trend({
    title: text('How much it tells', 'Lượng sự kiện'),
    about: text(
      'Critical events, and those that were too many to be kept one by one.',
      'Sự kiện nghiêm trọng, và sự kiện quá nhiều không lưu riêng.',
    ),
    queries: [
      select('event_source', max('critical_5min', { label: text('critical', 'nghiêm trọng') }))
        .where(HERE)
        .by('source')
        .series(),
      select('event_source', max('suppressed_5min', { label: text('suppressed', 'gộp') }))
        .where(HERE)
        .by('source')
        .series(),
    ],
    rules: ['events_critical', 'events_suppressed'],
    link: TO_ALERTS,
    min: 0,
    height: 9,
  }),
  table({
    title: text('Wiring', 'Đấu nối'),
    about: text(
      'What the device sees at the other end of its ports (LLDP).',
      'Thiết bị thấy gì ở đầu bên kia của cổng (LLDP).',
    ),
    queries: [
      select(
        'lldp_neighbor',
        last('remote_device', { label: text('Device', 'Thiết bị'), link: TO_TOPOLOGY }),
        last('remote_interface', { label: text('Its port', 'Cổng bên kia') }),
      )
        .where(HERE)
        .by('interface')
        .now(60),
    ],
    rules: ['wiring_differs'],
    unit: 'none',
    width: 24,
    height: 7,
  }),
];

/** A network node, or anything else with an address: a modem, a UPS, a storage. Rows without data stay closed. */
export const NET_NODE: Board = {
  uid: 'net-node',
  folder: 'Network',
  scope: 'detail',
  title: text('Device', 'Thiết bị'),
  about: text(
    'A network node with its ports and optics; also a modem, a UPS, a storage.',
    'Nút mạng cùng các cổng và quang; cũng dùng cho modem, UPS, thiết bị lưu trữ.',
  ),
  variables: [DEVICE, PORTS],
  from: 'now-6h',
  refresh: '1m',
  rows: [
    { panels: FIRST },
    { title: text('Ports', 'Cổng'), panels: INTERFACES },
    { title: text('Optics', 'Quang'), closed: true, panels: NODE_OPTICS },
    {
      title: text('Inside, neighbours, events', 'Bên trong, láng giềng, sự kiện'),
      closed: true,
      panels: INSIDE,
    },
    { title: text('Mobile radio', 'Sóng di động'), closed: true, panels: NODE_RADIO },
    { title: text('Power and room', 'Nguồn điện và phòng máy'), closed: true, panels: NODE_POWER },
  ],
};
