import type { Board } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import { link } from '../panel/link.ts';
import { STATE_CODES } from '../panel/mapping.ts';
import { graph, map, stat, states, table } from '../panel/panel.ts';
import { badAbove } from '../panel/thresholds.ts';
import { last, max, mean, min } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS, TO_UNIT } from './links.ts';
import { text, trend, tile } from './shape.ts';
import { LINKS, UNITS } from './variables.ts';

const HERE = tag('unit').isIn(UNITS);
const LINK = tag('id').isIn(LINKS);
const TO_LINK = link('net-topology', text('Only this line', 'Chỉ đường này'), {
  unit: { chosen: 'unit' },
  id: { row: 'id' },
});
const TO_LINK_OF_SERIES = link('net-topology', text('Only this line', 'Chỉ đường này'), {
  unit: { chosen: 'unit' },
  id: { label: 'id' },
});

/** Sites and the lines between them. */
export const NET_TOPOLOGY: Board = {
  uid: 'net-topology',
  folder: 'Network',
  scope: 'city',
  title: text('Network', 'Mạng'),
  about: text(
    'Sites and the lines between them: what is cut, what it comes from, what is full.',
    'Các điểm và đường nối giữa chúng: gì bị cắt, do đâu, đường nào đầy.',
  ),
  variables: [UNITS, LINKS],
  from: 'now-3h',
  refresh: '1m',
  rows: [
    {
      panels: [
        tile({
          title: text('Units cut off', 'Đơn vị bị cắt'),
          about: text('Of the whole city.', 'Của toàn thành phố.'),
          queries: [select('city_state', last('units_cut_off', { link: TO_ALERTS })).now()],
          thresholds: badAbove(1, COLOUR.critical, COLOUR.good),
          rules: ['site_cut', 'node_cuts_sites'],
          decimals: 0,
        }),
        tile({
          title: text('Open incidents', 'Sự cố đang mở'),
          about: text('With a root that is known.', 'Đã biết đối tượng gốc.'),
          queries: [select('city_state', last('incidents_open', { link: TO_ALERTS })).now()],
          thresholds: badAbove(1, COLOUR.major, COLOUR.good),
          rules: ['link_down', 'wiring_differs'],
          decimals: 0,
        }),
        tile({
          title: text('Devices not reached', 'Thiết bị không tới được'),
          about: text('They are behind something that is down.', 'Nằm sau đối tượng hỏng.'),
          queries: [select('city_state', last('devices_unreachable', { link: TO_ALERTS })).now()],
          thresholds: badAbove(1, COLOUR.major, COLOUR.good),
          decimals: 0,
        }),
        tile({
          title: text('Busiest line', 'Đường nối bận nhất'),
          about: text('Of those that are chosen above.', 'Trong các đường đang chọn.'),
          queries: [
            select('link_state', max('utilization_pct', { link: TO_ALERTS }))
              .where(HERE, LINK)
              .now(),
          ],
          thresholds: { rule: 'port_full_in' },
          rules: ['port_full_in', 'port_full_out'],
          decimals: 0,
        }),
        stat({
          title: text('Traffic', 'Lưu lượng'),
          about: text('Of all lines that lead to units.', 'Của các đường nối tới đơn vị.'),
          queries: [
            select(
              'city_state',
              last('in_bps', { label: text('Received', 'Nhận'), link: TO_ALERTS }),
              last('out_bps', { label: text('Sent', 'Gửi'), link: TO_ALERTS }),
            ).now(),
          ],
          thresholds: 'none',
          width: 8,
          height: 4,
        }),
        table({
          title: text('Sites that are not well', 'Các điểm, xấu nhất ở trên'),
          about: text('Worst first, and what their state comes from.', 'Xấu nhất ở trên, kèm đối tượng gốc.'),
          queries: [
            select(
              'site_state',
              last('name', { label: text('Name', 'Tên'), link: TO_UNIT }),
              last('state_code', { label: text('State', 'Trạng thái'), mapping: STATE_CODES, link: TO_UNIT }),
              last('state_s', { label: text('For', 'Kéo dài'), link: TO_UNIT }),
              last('roots', { label: text('Comes from', 'Do') }),
            )
              .where(HERE)
              .by('site', 'unit')
              .now(),
          ],
          sortBy: { column: 'state_code', descending: false },
          limit: 50,
          rules: ['site_cut', 'node_cuts_sites'],
          unit: 'none',
          width: 12,
          height: 11,
        }),
        map({
          title: text('Sites', 'Các điểm'),
          about: text('Grey: nothing is known of it.', 'Xám: không biết gì.'),
          queries: [
            select(
              'site_state',
              last('name', { label: text('Name', 'Tên') }),
              last('state_code', { label: text('State', 'Trạng thái'), link: TO_UNIT }),
              last('latitude', { hidden: true }),
              last('longitude', { hidden: true }),
            )
              .where(HERE)
              .by('site', 'unit')
              .now(),
          ],
          colour: 'state_code',
          thresholds: 'none',
          mapping: STATE_CODES,
          unit: 'none',
          width: 12,
          height: 11,
        }),
      ],
    },
    {
      title: text('Lines', 'Đường nối'),
      panels: [
        table({
          title: text('Lines, busiest first', 'Đường nối, bận nhất ở trên'),
          about: text('The last minute of each.', 'Phút gần nhất của từng đường.'),
          queries: [
            select(
              'link_state',
              last('state_code', { label: text('State', 'Trạng thái'), mapping: STATE_CODES, link: TO_LINK }),
              last('utilization_pct', {
                label: text('Used', 'Mức dùng'),
                thresholds: { rule: 'port_full_in' },
                decimals: 0,
                link: TO_LINK,
              }),
              last('in_bps', { label: text('Received', 'Nhận'), link: TO_LINK }),
              last('out_bps', { label: text('Sent', 'Gửi'), link: TO_LINK }),
              last('latency_ms', { label: text('Round-trip time', 'Khứ hồi'), decimals: 1, link: TO_LINK }),
              last('capacity_bps', { label: text('Capacity', 'Dung lượng') }),
            )
              .where(HERE, LINK)
              .by('id', 'source', 'target')
              .now(),
          ],
          sortBy: { column: 'utilization_pct', descending: true },
          limit: 50,
          rules: ['link_down', 'port_full_in', 'port_full_out'],
          unit: 'none',
          width: 12,
          height: 10,
        }),
        states({
          title: text('State of the lines', 'Trạng thái đường nối'),
          about: text(
            'The worst of each interval; choose a unit or lines above.',
            'Xấu nhất trong mỗi khoảng; chọn đơn vị hoặc đường nối ở trên.',
          ),
          queries: [select('link_state', min('state_code')).where(HERE, LINK).by('id').series()],
          mapping: STATE_CODES,
          rules: ['link_down'],
          link: TO_LINK_OF_SERIES,
          width: 12,
          height: 10,
        }),
        trend({
          title: text('Traffic by line', 'Lưu lượng theo đường nối'),
          about: text('Sent is drawn below zero.', 'Chiều gửi vẽ dưới mức 0.'),
          queries: [
            select('link_state', mean('in_bps', { label: text('received', 'nhận') }))
              .where(HERE, LINK)
              .by('id')
              .series(),
            select('link_state', mean('out_bps', { label: text('sent', 'gửi') }))
              .where(HERE, LINK)
              .by('id')
              .series(),
          ],
          below: ['out_bps'],
          link: TO_LINK_OF_SERIES,
          width: 12,
        }),
        trend({
          title: text('Used by line', 'Mức dùng theo đường nối'),
          about: text('The busier direction, of its capacity.', 'Chiều bận hơn trên dung lượng.'),
          queries: [select('link_state', max('utilization_pct')).where(HERE, LINK).by('id').series()],
          thresholds: { rule: 'port_full_in' },
          rules: ['port_full_in', 'port_full_out'],
          link: TO_LINK_OF_SERIES,
          min: 0,
          max: 100,
          width: 12,
        }),
      ],
    },
    {
      title: text('Graph', 'Sơ đồ'),
      closed: true,
      panels: [
        graph({
          title: text('Sites and lines', 'Điểm và đường nối'),
          about: text(
            'Choose a unit above: the whole city is too much for one picture. Number of a site: its state (0 down, 1 unreachable, 2 unknown, 3 alert, 4 up); of a line: how much of it is used.',
            'Chọn một đơn vị ở trên: toàn thành phố quá lớn cho một hình. Số của điểm: trạng thái (0 hỏng, 1 không tới được, 2 không rõ, 3 cảnh báo, 4 hoạt động); số của đường: mức dùng.',
          ),
          queries: [
            select('site_state', last('name', { as: 'title' }), last('state_code', { as: 'mainstat' }))
              .where(HERE)
              .by('site')
              .nowNaming('id', 2),
            select('link_state', last('utilization_pct', { as: 'mainstat' }))
              .where(HERE, LINK)
              .by('id', 'source', 'target')
              .now(2),
          ],
          rules: ['site_cut', 'link_down'],
          width: 24,
          height: 16,
        }),
      ],
    },
  ],
};
