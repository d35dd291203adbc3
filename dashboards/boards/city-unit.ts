import type { Board } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import { link } from '../panel/link.ts';
import { goodWhenTrue, STATE_CODES } from '../panel/mapping.ts';
import { lines, stat, states, table } from '../panel/panel.ts';
import { badAbove } from '../panel/thresholds.ts';
import { last, max, mean, min } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { activeAlerts } from './active-alerts.ts';
import { TO_AGENTS, TO_ALERTS, TO_COVERAGE, TO_TOPOLOGY, toNode } from './links.ts';
import { tile } from './shape.ts';
import { UNIT_PATHS } from './unit-paths.ts';
import { UNIT } from './variables.ts';

const HERE = tag('unit').isIn(UNIT);
const SITE_LINK = link(
  'net-topology',
  { en: 'Network of the unit', vi: 'Mạng của đơn vị' },
  { unit: { chosen: 'unit' } },
);

const FIRST = [
  tile({
    title: { en: 'State', vi: 'Trạng thái' },
    about: {
      en: 'Of the unit as a whole: the worst of its sites and devices. Grey: nothing is known of it.',
      vi: 'Của cả đơn vị: xấu nhất trong các điểm và thiết bị. Xám: không biết gì.',
    },
    queries: [
      select('unit_state', last('state_code', { link: TO_TOPOLOGY }))
        .where(HERE)
        .now(),
    ],
    thresholds: 'none',
    mapping: STATE_CODES,
    rules: ['site_cut', 'node_cuts_sites'],
  }),
  tile({
    title: { en: 'For', vi: 'Kéo dài' },
    about: { en: 'Time in this state.', vi: 'Thời gian ở trạng thái này.' },
    queries: [
      select('unit_state', last('state_s', { link: TO_ALERTS }))
        .where(HERE)
        .now(),
    ],
    thresholds: 'none',
  }),
  stat({
    title: { en: 'Devices', vi: 'Thiết bị' },
    about: {
      en: 'Down: measured bad. Unreachable: behind one that is down. Unknown: their agent is silent.',
      vi: 'Hỏng: đo được là hỏng. Không tới được: nằm sau thiết bị hỏng. Không rõ: tác tử im lặng.',
    },
    queries: [
      select(
        'unit_state',
        last('devices_down', {
          label: { en: 'Down', vi: 'Hỏng' },
          link: TO_TOPOLOGY,
          thresholds: badAbove(1, COLOUR.critical, COLOUR.good),
        }),
        last('devices_unreachable', {
          label: { en: 'Unreachable', vi: 'Không tới được' },
          link: TO_TOPOLOGY,
          thresholds: badAbove(1, COLOUR.major, COLOUR.good),
        }),
        last('devices_unknown', {
          label: { en: 'Unknown', vi: 'Không rõ' },
          link: TO_AGENTS,
          thresholds: badAbove(1, COLOUR.unknown, COLOUR.good),
        }),
        last('devices_up', {
          label: { en: 'Up', vi: 'Hoạt động' },
          thresholds: { steps: [{ from: null, colour: COLOUR.good }] },
          link: TO_TOPOLOGY,
        }),
      )
        .where(HERE)
        .now(),
    ],
    thresholds: { steps: [{ from: null, colour: COLOUR.plain }] },
    decimals: 0,
    rules: ['device_never_seen', 'device_silent'],
    width: 8,
    height: 4,
  }),
  tile({
    title: { en: 'Critical alerts', vi: 'Cảnh báo nghiêm trọng' },
    about: { en: 'Service lost: act at once.', vi: 'Mất dịch vụ: xử lý ngay.' },
    queries: [
      select('unit_state', last('alerts_critical', { link: TO_ALERTS }))
        .where(HERE)
        .now(),
    ],
    thresholds: badAbove(1, COLOUR.critical, COLOUR.good),
    decimals: 0,
  }),
  tile({
    title: { en: 'Completeness of data', vi: 'Độ đầy đủ dữ liệu' },
    about: { en: 'Samples received of those expected.', vi: 'Số mẫu nhận được trên số mẫu mong đợi.' },
    queries: [
      select('unit_state', last('completeness_pct', { link: TO_AGENTS }))
        .where(HERE)
        .now(),
    ],
    thresholds: {
      steps: [
        { from: null, colour: COLOUR.major },
        { from: 95, colour: COLOUR.minor },
        { from: 99, colour: COLOUR.good },
      ],
    },
    decimals: 1,
  }),
];

const SITES = table({
  title: { en: 'Sites', vi: 'Các điểm' },
  about: {
    en: 'Every site of the unit, worst first, and what its state comes from.',
    vi: 'Các điểm của đơn vị, xấu nhất ở trên, kèm đối tượng gốc.',
  },
  queries: [
    select(
      'site_state',
      last('name', { label: { en: 'Name', vi: 'Tên' }, link: SITE_LINK }),
      last('state_code', { label: { en: 'State', vi: 'Trạng thái' }, mapping: STATE_CODES, link: SITE_LINK }),
      last('state_s', { label: { en: 'For', vi: 'Kéo dài' } }),
      last('roots', { label: { en: 'Comes from', vi: 'Do' } }),
      last('devices_down', { label: { en: 'Down', vi: 'Hỏng' } }),
    )
      .where(HERE)
      .by('site')
      .now(),
  ],
  sortBy: { column: 'state_code', descending: false },
  unit: 'none',
  width: 12,
  height: 9,
});

const SITE_STATES = states({
  title: { en: 'State of the sites', vi: 'Trạng thái các điểm' },
  about: { en: 'The worst state of each interval.', vi: 'Trạng thái xấu nhất trong mỗi khoảng.' },
  queries: [select('site_state', min('state_code')).where(HERE).by('site').series()],
  mapping: STATE_CODES,
  link: SITE_LINK,
  width: 24,
  height: 8,
});

const DEVICES = table({
  title: { en: 'Devices', vi: 'Thiết bị' },
  about: {
    en: 'What the devices of the unit say of themselves, in the last ten minutes. A device that is missing here was not measured.',
    vi: 'Số liệu thiết bị tự báo trong mười phút qua. Thiết bị không có ở đây là không đo được.',
  },
  queries: [
    select(
      'device',
      last('up', {
        label: { en: 'Answers', vi: 'Phản hồi' },
        mapping: goodWhenTrue({ en: 'yes', vi: 'có' }, { en: 'no', vi: 'không' }),
        link: toNode('row'),
      }),
      last('response_ms', {
        label: { en: 'Answers within', vi: 'Thời gian trả lời' },
        decimals: 1,
        link: toNode('row'),
      }),
      last('cpu_pct', { label: { en: 'CPU', vi: 'CPU' }, decimals: 0, link: toNode('row') }),
      last('memory_pct', { label: { en: 'Memory', vi: 'Bộ nhớ' }, decimals: 0, link: toNode('row') }),
      last('uptime_s', { label: { en: 'Up since', vi: 'Chạy được' }, link: toNode('row') }),
    )
      .where(HERE, tag('device').isPresent())
      .by('device', 'site')
      .now(10),
  ],
  sortBy: { column: 'up', descending: false },
  rules: ['device_down'],
  unit: 'none',
  width: 12,
  height: 9,
});

const TRAFFIC = [
  lines({
    title: { en: 'Traffic', vi: 'Lưu lượng' },
    about: {
      en: 'Of all lines that lead to the unit; sent is drawn below zero.',
      vi: 'Tổng các đường nối tới đơn vị; chiều gửi vẽ dưới mức 0.',
    },
    queries: [
      select(
        'unit_traffic',
        mean('in_bps', { label: { en: 'Received', vi: 'Nhận' } }),
        mean('out_bps', { label: { en: 'Sent', vi: 'Gửi' } }),
      )
        .where(HERE)
        .series(),
    ],
    thresholds: 'none',
    below: ['out_bps'],
    link: SITE_LINK,
    width: 8,
    height: 8,
  }),
  lines({
    title: { en: 'Busiest line', vi: 'Đường nối bận nhất' },
    about: {
      en: 'Rate of its busier direction, of its capacity.',
      vi: 'Tốc độ chiều bận hơn trên dung lượng.',
    },
    queries: [
      select('unit_traffic', max('utilization_pct', { label: { en: 'Busiest line', vi: 'Đường bận nhất' } }))
        .where(HERE)
        .series(),
    ],
    thresholds: { rule: 'port_full_in' },
    rules: ['port_full_in', 'port_full_out'],
    min: 0,
    max: 100,
    link: SITE_LINK,
    width: 8,
    height: 8,
  }),
  lines({
    title: { en: 'Delay and loss', vi: 'Trễ và mất gói' },
    about: { en: 'Medians of what the unit measures.', vi: 'Trung vị các phép đo của đơn vị.' },
    queries: [
      select(
        'unit_traffic',
        mean('latency_ms', { label: { en: 'Round-trip time', vi: 'Thời gian khứ hồi' } }),
        mean('loss_pct', { label: { en: 'Loss', vi: 'Mất gói' } }),
      )
        .where(HERE)
        .series(),
    ],
    thresholds: 'none',
    min: 0,
    link: SITE_LINK,
    width: 8,
    height: 8,
  }),
];

const RADIO = lines({
  title: { en: 'Radio at or above the minimum', vi: 'Sóng đạt mức tối thiểu' },
  about: {
    en: 'Share of samples, by operator and technology. At least 95 % by QCVN 81 and 126.',
    vi: 'Tỷ lệ mẫu đạt, theo nhà mạng và công nghệ. Tối thiểu 95 % theo QCVN 81 và 126.',
  },
  queries: [select('coverage', mean('radio_availability_pct')).where(HERE).by('operator', 'rat').series()],
  thresholds: {
    steps: [
      { from: null, colour: COLOUR.major },
      { from: 95, colour: COLOUR.good },
    ],
  },
  min: 0,
  max: 100,
  rules: ['coverage_dip', 'coverage_dip_operator', 'coverage_fallback'],
  link: TO_COVERAGE,
  width: 24,
  height: 8,
});

export const CITY_UNIT: Board = {
  uid: 'city-unit',
  folder: 'Overview',
  scope: 'detail',
  title: { en: 'Unit', vi: 'Đơn vị' },
  about: { en: 'One ward, commune or special zone.', vi: 'Một phường, xã hoặc đặc khu.' },
  variables: [UNIT],
  from: 'now-6h',
  refresh: '1m',
  rows: [
    {
      panels: [
        ...FIRST,
        activeAlerts({
          title: { en: 'Open alerts of the unit', vi: 'Cảnh báo đang mở của đơn vị' },
          link: TO_ALERTS,
          where: [HERE],
          width: 24,
          height: 7,
        }),
      ],
    },
    { title: { en: 'Sites and devices', vi: 'Điểm và thiết bị' }, panels: [SITES, DEVICES, SITE_STATES] },
    { title: { en: 'Network', vi: 'Mạng' }, panels: TRAFFIC },
    {
      title: { en: 'Paths and access lines', vi: 'Tuyến và đường truy nhập' },
      closed: true,
      panels: UNIT_PATHS,
    },
    { title: { en: 'Mobile radio', vi: 'Sóng di động' }, panels: [RADIO] },
  ],
};
