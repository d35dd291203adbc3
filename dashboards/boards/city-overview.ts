import type { Board } from '../board.ts';
import { COLOUR, type Colour } from '../panel/colour.ts';
import type { Link } from '../panel/link.ts';
import { STATE_CODES } from '../panel/mapping.ts';
import { lines, map, stat, table, type Stat } from '../panel/panel.ts';
import { badAbove } from '../panel/thresholds.ts';
import type { Text } from '../../contract/catalogue.ts';
import type { FieldNameOf } from '../../contract/measurements/index.ts';
import { last, max, mean } from '../query/column.ts';
import { select } from '../query/select.ts';
import { activeAlerts } from './active-alerts.ts';
import {
  TO_AGENTS,
  TO_ALERTS,
  TO_CITY,
  TO_COVERAGE,
  TO_PIPELINE,
  TO_SERVICES,
  TO_TOPOLOGY,
  TO_UNIT,
} from './links.ts';
import { CITY_VIEW } from './shape.ts';
import { unknownServices } from './unknown-services.ts';

interface Counted {
  readonly title: Text;
  readonly about: Text;
  readonly field: FieldNameOf<'city_state', 'int'>;
  /** From one on. */
  readonly colour: Colour;
  readonly link: Link;
  readonly rules?: readonly string[];
  readonly width?: number;
}

/** Two lines of five numbers: what is bad, then what is not known or waits. */
const WIDTH = 5;
const LAST_WIDTH = 4;
const HEIGHT = 3;

/** A number of the whole city that should be 0. */
function counted({ title, about, field, colour, link, rules = [], width = WIDTH }: Counted): Stat {
  return stat({
    title,
    about,
    rules,
    queries: [select('city_state', last(field, { link })).now()],
    thresholds: badAbove(1, colour, COLOUR.good),
    decimals: 0,
    width,
    height: HEIGHT,
  });
}

const FIRST = [
  counted({
    title: { en: 'Critical alerts', vi: 'Cảnh báo nghiêm trọng' },
    about: { en: 'Service lost: act at once.', vi: 'Mất dịch vụ: xử lý ngay.' },
    field: 'alerts_critical',
    colour: COLOUR.critical,
    link: TO_ALERTS,
  }),
  counted({
    title: { en: 'Units cut off', vi: 'Đơn vị bị cắt' },
    about: {
      en: 'Wards, communes and special zones that the network does not reach.',
      vi: 'Phường, xã, đặc khu mà mạng không tới được.',
    },
    field: 'units_cut_off',
    colour: COLOUR.critical,
    link: TO_TOPOLOGY,
    rules: ['site_cut', 'node_cuts_sites'],
  }),
  counted({
    title: { en: 'Services down', vi: 'Dịch vụ ngừng' },
    about: {
      en: 'City services that do not work for their users.',
      vi: 'Dịch vụ của thành phố mà người dùng không dùng được.',
    },
    field: 'services_down',
    colour: COLOUR.critical,
    link: TO_SERVICES,
    rules: ['city_service_impaired'],
  }),
  counted({
    title: { en: 'Major alerts', vi: 'Cảnh báo lớn' },
    about: { en: 'Service badly degraded: urgent.', vi: 'Dịch vụ suy giảm nặng: khẩn.' },
    field: 'alerts_major',
    colour: COLOUR.major,
    link: TO_ALERTS,
  }),
  counted({
    title: { en: 'Devices down', vi: 'Thiết bị hỏng' },
    about: {
      en: 'Measured bad. Devices behind a broken one are unreachable and are not counted here.',
      vi: 'Đo được là hỏng. Thiết bị nằm sau thiết bị hỏng tính là không tới được, không tính ở đây.',
    },
    field: 'devices_down',
    colour: COLOUR.major,
    link: TO_TOPOLOGY,
    rules: [
      'evidence_disputed',
      'device_never_seen',
      'device_silent',
      'inventory_lacks',
      'retired_still_reporting',
    ],
    width: LAST_WIDTH,
  }),
  counted({
    title: { en: 'Agents silent', vi: 'Tác tử im lặng' },
    about: {
      en: 'Nothing is known of what they measure: neither good nor bad.',
      vi: 'Không biết gì về những gì chúng đo: không tốt cũng không xấu.',
    },
    field: 'agents_silent',
    colour: COLOUR.unknown,
    link: TO_AGENTS,
    rules: ['agent_silent', 'measurement_missing'],
  }),
  counted({
    title: { en: 'Devices unknown', vi: 'Thiết bị không rõ trạng thái' },
    about: {
      en: 'Nothing that measures them reports, and nothing says that the way to them is cut. They are not counted as down.',
      vi: 'Không nơi nào đo được chúng báo cáo, cũng không biết đường tới chúng có bị cắt hay không. Không tính là hỏng.',
    },
    field: 'devices_unknown',
    colour: COLOUR.unknown,
    link: TO_TOPOLOGY,
  }),
  unknownServices({ width: WIDTH, height: HEIGHT }),
  counted({
    title: { en: 'Unacknowledged', vi: 'Chưa ai xác nhận' },
    about: { en: 'Alerts that wait for somebody to take them.', vi: 'Cảnh báo chờ người nhận xử lý.' },
    field: 'alerts_unacknowledged',
    colour: COLOUR.minor,
    link: TO_ALERTS,
  }),
];

const COMPLETENESS = stat({
  title: { en: 'Completeness of data', vi: 'Độ đầy đủ dữ liệu' },
  about: {
    en: 'Samples received of those expected. While it is low, do not trust the green of the other numbers.',
    vi: 'Số mẫu nhận được trên số mẫu mong đợi. Khi thấp, đừng tin màu xanh của các ô khác.',
  },
  queries: [select('city_state', last('completeness_pct', { link: TO_PIPELINE })).now()],
  thresholds: {
    steps: [
      { from: null, colour: COLOUR.major },
      { from: 95, colour: COLOUR.minor },
      { from: 99, colour: COLOUR.good },
    ],
  },
  decimals: 1,
  width: LAST_WIDTH,
  height: HEIGHT,
});

const UNITS_MAP = map({
  title: { en: 'Units', vi: 'Các đơn vị' },
  about: {
    en: 'The state of each unit at the centre of its area. Grey: nothing is known of it. A unit without a marker sent nothing in the last five minutes. Côn Đảo lies south of what is seen at first.',
    vi: 'Trạng thái từng đơn vị, đặt tại tâm địa bàn. Xám: không biết gì. Đơn vị không có điểm đánh dấu: không có dữ liệu trong năm phút qua. Côn Đảo nằm phía nam, ngoài khung nhìn ban đầu.',
  },
  queries: [
    select(
      'unit_state',
      last('name', { label: { en: 'Name', vi: 'Tên' } }),
      last('state_code', { label: { en: 'State', vi: 'Trạng thái' }, link: TO_UNIT }),
      last('devices_down', { label: { en: 'Devices down', vi: 'Thiết bị hỏng' }, link: TO_UNIT }),
      last('alerts_critical', {
        label: { en: 'Critical alerts', vi: 'Cảnh báo nghiêm trọng' },
        link: TO_UNIT,
      }),
      last('latitude', { hidden: true }),
      last('longitude', { hidden: true }),
    )
      .by('unit')
      .now(),
  ],
  view: CITY_VIEW,
  colour: 'state_code',
  mapping: STATE_CODES,
  thresholds: 'none',
  unit: 'none',
  width: 10,
  height: 12,
});

const WORST_UNITS = table({
  title: { en: 'Units, worst first', vi: 'Các đơn vị, xấu nhất ở trên' },
  about: {
    en: 'Sorted by state; the reason names what that comes from.',
    vi: 'Sắp theo trạng thái; cột lý do nêu nguyên nhân.',
  },
  queries: [
    select(
      'unit_state',
      last('name', { label: { en: 'Name', vi: 'Tên' }, link: TO_UNIT }),
      last('state_code', { label: { en: 'State', vi: 'Trạng thái' }, mapping: STATE_CODES, link: TO_UNIT }),
      last('state_s', { label: { en: 'For', vi: 'Kéo dài' }, link: TO_UNIT }),
      last('reason', { label: { en: 'Reason', vi: 'Lý do' } }),
      last('devices_down', { label: { en: 'Down', vi: 'Hỏng' }, link: TO_UNIT }),
      last('devices_unreachable', { label: { en: 'Unreachable', vi: 'Không tới được' }, link: TO_UNIT }),
      last('devices_unknown', { label: { en: 'Unknown', vi: 'Không rõ' }, link: TO_UNIT }),
      last('availability_pct', {
        label: { en: 'Devices up', vi: 'Thiết bị hoạt động' },
        decimals: 1,
        link: TO_UNIT,
      }),
    )
      .by('unit')
      .now(),
  ],
  sortBy: { column: 'state_code', descending: false },
  limit: 20,
  unit: 'none',
  width: 24,
  height: 10,
});

const UNITS_BY_STATE = lines({
  title: { en: 'Units by state', vi: 'Số đơn vị theo trạng thái' },
  about: { en: 'How many units were in each state.', vi: 'Số đơn vị ở từng trạng thái theo thời gian.' },
  queries: [
    select(
      'city_state',
      max('units_down', { label: { en: 'Down', vi: 'Hỏng' }, colour: COLOUR.critical }),
      max('units_unreachable', { label: { en: 'Unreachable', vi: 'Không tới được' }, colour: COLOUR.major }),
      max('units_unknown', { label: { en: 'Unknown', vi: 'Không rõ' }, colour: COLOUR.unknown }),
      max('units_alert', { label: { en: 'Alert', vi: 'Có cảnh báo' }, colour: COLOUR.minor }),
    ).series(),
  ],
  thresholds: 'none',
  stacked: true,
  min: 0,
  decimals: 0,
  link: TO_CITY,
  width: 8,
  height: 8,
});

const TRAFFIC = lines({
  title: { en: 'Traffic of the network', vi: 'Lưu lượng mạng' },
  about: {
    en: 'Of all lines that lead to units; sent is drawn below zero.',
    vi: 'Tổng các đường nối tới đơn vị; chiều gửi vẽ dưới mức 0.',
  },
  queries: [
    select(
      'city_state',
      mean('in_bps', { label: { en: 'Received', vi: 'Nhận' } }),
      mean('out_bps', { label: { en: 'Sent', vi: 'Gửi' } }),
    ).series(),
  ],
  thresholds: 'none',
  below: ['out_bps'],
  link: TO_TOPOLOGY,
  width: 8,
  height: 8,
});

const QUALITY = lines({
  title: { en: 'Availability', vi: 'Độ sẵn sàng' },
  about: {
    en: 'Devices up of those known, radio samples at or above the minimum, samples received of those expected.',
    vi: 'Thiết bị hoạt động, mẫu sóng đạt mức tối thiểu, mẫu dữ liệu nhận được: mỗi thứ trên tổng của nó.',
  },
  queries: [
    select(
      'city_state',
      mean('availability_pct', { label: { en: 'Devices', vi: 'Thiết bị' } }),
      mean('radio_availability_pct', { label: { en: 'Radio', vi: 'Sóng di động' } }),
      mean('completeness_pct', { label: { en: 'Data', vi: 'Dữ liệu' } }),
    ).series(),
  ],
  thresholds: 'none',
  max: 100,
  decimals: 1,
  link: TO_COVERAGE,
  width: 8,
  height: 8,
});

/** Home, and the wall: what is above the second row of numbers is readable from across a room. */
export const CITY_OVERVIEW: Board = {
  uid: 'city-overview',
  folder: 'Overview',
  scope: 'city',
  title: { en: 'City', vi: 'Toàn thành phố' },
  about: {
    en: 'Is anything broken, where, since when, and who has it. Every number leads to its details.',
    vi: 'Có gì hỏng không, ở đâu, từ bao giờ, ai đang xử lý. Bấm vào số để xem chi tiết.',
  },
  variables: [],
  from: 'now-3h',
  refresh: '30s',
  rows: [
    {
      panels: [
        ...FIRST,
        COMPLETENESS,
        activeAlerts({
          title: { en: 'Open alerts', vi: 'Cảnh báo đang mở' },
          link: TO_ALERTS,
          width: 14,
          height: 12,
        }),
        UNITS_MAP,
      ],
    },
    { title: { en: 'Course', vi: 'Diễn biến' }, panels: [UNITS_BY_STATE, TRAFFIC, QUALITY] },
    { title: { en: 'Units', vi: 'Các đơn vị' }, panels: [WORST_UNITS] },
  ],
};
