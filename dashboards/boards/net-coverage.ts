import type { Board } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import { lines, map, stat, table } from '../panel/panel.ts';
import type { Thresholds } from '../panel/thresholds.ts';
import { last, max, mean, min, sum } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_CITY, TO_UNIT } from './links.ts';
import { link } from '../panel/link.ts';
import { CITY_VIEW, text } from './shape.ts';
import { OPERATORS, RATS, UNITS } from './variables.ts';

const HERE = tag('unit').isIn(UNITS);
const OPERATOR = tag('operator').isIn(OPERATORS);
const RAT = tag('rat').isIn(RATS);
const TO_COVERAGE_OF = link('net-coverage', text('Only this operator', 'Chỉ nhà mạng này'), {
  operator: { label: 'operator' },
  unit: { chosen: 'unit' },
});

/** Radio availability of QCVN 81:2019 and QCVN 126:2021. */
const AVAILABILITY: Thresholds = {
  steps: [
    { from: null, colour: COLOUR.critical },
    { from: 90, colour: COLOUR.major },
    { from: 95, colour: COLOUR.good },
  ],
};

/** 5G and LTE as modems in each unit find them, and the access lines. */
export const NET_COVERAGE: Board = {
  uid: 'net-coverage',
  folder: 'Network',
  scope: 'city',
  title: text('5G and broadband', 'Vùng phủ 5G và băng rộng'),
  about: text(
    'Where mobile radio is at or above the minimum, where it dips, and whether access lines give what is paid for.',
    'Sóng di động đạt mức tối thiểu ở đâu, sụt ở đâu, và đường truyền có đạt tốc độ hợp đồng không.',
  ),
  variables: [UNITS, OPERATORS, RATS],
  from: 'now-6h',
  refresh: '1m',
  rows: [
    {
      panels: [
        stat({
          title: text('Radio availability of the city', 'Độ sẵn sàng mạng vô tuyến toàn thành phố'),
          about: text(
            'Samples at or above the minimum level; at least 95 % by QCVN 81 and 126.',
            'Số mẫu đạt mức tối thiểu; tối thiểu 95 % theo QCVN 81 và 126.',
          ),
          queries: [select('city_state', last('radio_availability_pct', { link: TO_CITY })).now()],
          thresholds: AVAILABILITY,
          rules: ['coverage_dip', 'coverage_dip_operator'],
          decimals: 1,
          width: 6,
          height: 4,
        }),
        stat({
          title: text('Worst unit', 'Đơn vị thấp nhất'),
          about: text(
            'Of the units, operators and technologies that are chosen above, in the newest minutes.',
            'Trong các đơn vị, nhà mạng, công nghệ đang chọn, ở những phút gần nhất.',
          ),
          queries: [
            select('coverage', min('radio_availability_pct', { link: TO_CITY }))
              .where(HERE, OPERATOR, RAT)
              .now(),
          ],
          thresholds: AVAILABILITY,
          rules: ['coverage_dip', 'coverage_dip_operator', 'coverage_fallback'],
          decimals: 1,
          width: 6,
          height: 4,
        }),
        stat({
          title: text('Dips', 'Số lần sụt sóng'),
          about: text(
            'Of ten seconds or more, over the chosen time.',
            'Từ mười giây trở lên, trong khoảng thời gian đang chọn.',
          ),
          queries: [
            select('coverage', sum('dips_count', { link: TO_CITY }))
              .where(HERE, OPERATOR, RAT)
              .table(),
          ],
          thresholds: {
            steps: [
              { from: null, colour: COLOUR.good },
              { from: 1, colour: COLOUR.minor },
            ],
          },
          rules: ['signal_weak', 'signal_disturbed'],
          decimals: 0,
          width: 6,
          height: 4,
        }),
        stat({
          title: text('Falls from 5G', 'Số lần rơi khỏi 5G'),
          about: text('Counted, not alarmed one by one.', 'Chỉ đếm, không cảnh báo từng lần.'),
          queries: [
            select('coverage', sum('fallbacks_count', { link: TO_CITY }))
              .where(HERE, OPERATOR, RAT)
              .table(),
          ],
          thresholds: 'none',
          rules: ['coverage_fallback'],
          decimals: 0,
          width: 6,
          height: 4,
        }),
        map({
          title: text('Radio availability by unit', 'Độ sẵn sàng sóng theo đơn vị'),
          about: text(
            'The lowest of the operators and technologies that are chosen. No marker: nothing was measured.',
            'Thấp nhất trong các nhà mạng và công nghệ đang chọn. Không có điểm: không có số đo.',
          ),
          queries: [
            select(
              'coverage',
              min('radio_availability_pct', {
                label: text('Radio availability', 'Độ sẵn sàng'),
                decimals: 1,
                link: TO_UNIT,
              }),
              max('latitude', { hidden: true }),
              max('longitude', { hidden: true }),
            )
              .where(HERE, OPERATOR, RAT)
              .by('unit')
              .now(),
          ],
          view: CITY_VIEW,
          colour: 'radio_availability_pct',
          thresholds: AVAILABILITY,
          rules: ['coverage_dip'],
          width: 12,
          height: 13,
        }),
        table({
          title: text('Worst units', 'Các đơn vị thấp nhất'),
          about: text(
            'Over the chosen time. A share rests on at least 30 samples; with fewer there is none.',
            'Trong khoảng thời gian đang chọn. Tỷ lệ chỉ có khi đủ 30 mẫu.',
          ),
          queries: [
            select(
              'coverage',
              mean('radio_availability_pct', {
                label: text('Radio availability', 'Độ sẵn sàng'),
                thresholds: AVAILABILITY,
                decimals: 1,
                link: TO_UNIT,
              }),
              mean('rsrp_p50_dbm', {
                label: text('Median level', 'Mức thu trung vị'),
                decimals: 0,
                link: TO_UNIT,
              }),
              mean('sinr_p50_db', {
                label: text('Median SINR', 'SINR trung vị'),
                decimals: 0,
                link: TO_UNIT,
              }),
              sum('dips_count', { label: text('Dips', 'Số lần sụt'), link: TO_UNIT }),
              sum('dip_s', { label: text('In dips', 'Thời gian sụt'), link: TO_UNIT }),
              sum('samples', { label: text('Samples', 'Số mẫu') }),
              max('modems_count', { label: text('Modems', 'Số modem') }),
            )
              .where(HERE, OPERATOR, RAT)
              .by('unit', 'operator', 'rat')
              .table(),
          ],
          sortBy: { column: 'radio_availability_pct', descending: false },
          limit: 20,
          rules: ['coverage_dip', 'coverage_dip_operator'],
          unit: 'none',
          width: 12,
          height: 13,
        }),
      ],
    },
    {
      title: text('Course', 'Diễn biến'),
      panels: [
        lines({
          title: text('Radio availability by operator', 'Độ sẵn sàng theo nhà mạng'),
          about: text('Mean over the units that are chosen.', 'Trung bình các đơn vị đang chọn.'),
          queries: [
            select('coverage', mean('radio_availability_pct'))
              .where(HERE, OPERATOR, RAT)
              .by('operator', 'rat')
              .series(),
          ],
          thresholds: AVAILABILITY,
          rules: ['coverage_dip_operator'],
          link: TO_COVERAGE_OF,
          max: 100,
          width: 12,
          height: 9,
        }),
        lines({
          title: text('Dips', 'Sụt sóng'),
          about: text('How many, by operator.', 'Số lần, theo nhà mạng.'),
          queries: [select('coverage', sum('dips_count')).where(HERE, OPERATOR, RAT).by('operator').series()],
          thresholds: 'none',
          rules: ['coverage_dip', 'signal_weak'],
          link: TO_COVERAGE_OF,
          bars: true,
          stacked: true,
          min: 0,
          stepS: 300,
          width: 12,
          height: 9,
        }),
      ],
    },
    {
      title: text('Broadband', 'Băng rộng'),
      panels: [
        lines({
          title: text('Delay to the units', 'Trễ tới các đơn vị'),
          about: text(
            'The highest and the mean of the medians that units measure.',
            'Cao nhất và trung bình của các trung vị mà đơn vị đo được.',
          ),
          queries: [
            select(
              'unit_traffic',
              max('latency_ms', { as: 'highest', label: text('Highest', 'Cao nhất') }),
              mean('latency_ms', { as: 'mean', label: text('Mean', 'Trung bình') }),
            )
              .where(HERE)
              .series(),
          ],
          thresholds: { rule: 'path_latency' },
          rules: ['path_latency', 'ping_slow'],
          link: TO_CITY,
          min: 0,
          width: 8,
          height: 9,
        }),
        lines({
          title: text('Loss to the units', 'Mất gói tới các đơn vị'),
          about: text(
            'The highest and the mean of the medians that units measure.',
            'Cao nhất và trung bình của các trung vị mà đơn vị đo được.',
          ),
          queries: [
            select(
              'unit_traffic',
              max('loss_pct', { as: 'highest', label: text('Highest', 'Cao nhất') }),
              mean('loss_pct', { as: 'mean', label: text('Mean', 'Trung bình') }),
            )
              .where(HERE)
              .series(),
          ],
          thresholds: { rule: 'path_loss' },
          rules: ['path_loss', 'ping_loss'],
          link: TO_CITY,
          min: 0,
          width: 8,
          height: 9,
        }),
        table({
          title: text('Speed of access lines, of the contract', 'Tốc độ đường truyền so với hợp đồng'),
          about: text(
            'The last test of each line within two days; a line is tested at most twice a day. Slowest first.',
            'Lần đo gần nhất trong hai ngày; mỗi đường đo nhiều nhất hai lần một ngày. Chậm nhất ở trên.',
          ),
          queries: [
            select(
              'internet_speed',
              last('download_share_pct', {
                label: text('Of the contract', 'So với hợp đồng'),
                thresholds: { rule: 'broadband_slow' },
                decimals: 0,
                link: TO_UNIT,
              }),
              last('download', { label: text('Download', 'Tải xuống'), decimals: 0, link: TO_UNIT }),
              last('upload', { label: text('Upload', 'Tải lên'), decimals: 0, link: TO_UNIT }),
              last('latency', { label: text('Round-trip time', 'Khứ hồi'), decimals: 0 }),
              last('rpm', {
                label: text('Round trips a minute under load', 'Lượt khứ hồi mỗi phút khi có tải'),
                thresholds: { rule: 'line_unresponsive' },
                decimals: 0,
              }),
              last('status', { label: text('Result', 'Kết quả') }),
            )
              .where(HERE)
              .by('unit', 'line', 'isp')
              .now(2880),
          ],
          sortBy: { column: 'download_share_pct', descending: false },
          limit: 50,
          rules: ['broadband_slow', 'line_unresponsive'],
          unit: 'none',
          width: 8,
          height: 9,
        }),
      ],
    },
  ],
};
