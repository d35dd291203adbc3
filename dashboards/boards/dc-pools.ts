import type { Board } from '../board.ts';
import { link } from '../panel/link.ts';
import { bars, stat, table } from '../panel/panel.ts';
import { last, max, mean, min } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { text, trend } from './shape.ts';
import { POOLS, RESOURCES } from './variables.ts';

const POOL = tag('pool').isIn(POOLS);
const RESOURCE = tag('resource').isIn(RESOURCES);
const TO_POOL = link('dc-pools', text('Only this pool', 'Chỉ cụm này'), {
  pool: { row: 'pool' },
  resource: { row: 'resource' },
});
const TO_POOL_OF_SERIES = link('dc-pools', text('Only this pool', 'Chỉ cụm này'), {
  pool: { label: 'pool' },
  resource: { label: 'resource' },
});

/** Datacentre and cloud: what is used, promised, and when it is full. */
export const DC_POOLS: Board = {
  uid: 'dc-pools',
  folder: 'Datacentre',
  scope: 'city',
  title: text('Capacity', 'Năng lực trung tâm dữ liệu'),
  about: text(
    'How full the pools of the datacentre and the cloud are, and how many days they last.',
    'Mức sử dụng các cụm tài nguyên của trung tâm dữ liệu và đám mây, và còn dùng được bao nhiêu ngày.',
  ),
  variables: [POOLS, RESOURCES],
  from: 'now-24h',
  refresh: '5m',
  rows: [
    {
      panels: [
        stat({
          title: text('Days until the first pool is full', 'Số ngày đến khi cụm đầu tiên đầy'),
          about: text(
            'At the early end of what is likely: one in ten is full sooner. No figure: no pool grows, or there are fewer than 7 days of history.',
            'Theo đầu sớm của khoảng dự báo: cứ mười lần có một lần đầy sớm hơn. Không có số: không cụm nào tăng, hoặc chưa đủ 7 ngày dữ liệu.',
          ),
          queries: [
            select('pool_state', min('days_to_full_p10', { link: TO_ALERTS }))
              .where(POOL, RESOURCE)
              .now(),
          ],
          thresholds: { rule: 'pool_days_to_full' },
          rules: ['pool_days_to_full', 'storage_days_to_full', 'disk_days_to_full'],
          decimals: 0,
          width: 8,
          height: 5,
        }),
        stat({
          title: text('Fullest pool', 'Cụm đầy nhất'),
          about: text(
            'Used of what is usable when the largest host fails.',
            'Phần đã dùng trên phần khả dụng khi hỏng máy chủ lớn nhất.',
          ),
          queries: [
            select('pool_state', max('used_pct', { link: TO_ALERTS }))
              .where(POOL, RESOURCE)
              .now(),
          ],
          thresholds: { rule: 'capacity_high' },
          rules: ['capacity_high', 'pools_full'],
          decimals: 0,
          width: 8,
          height: 5,
        }),
        stat({
          title: text('Most promised', 'Cấp phát cao nhất'),
          about: text('Promised of what is usable.', 'Phần đã cấp phát trên phần khả dụng.'),
          queries: [
            select('pool_state', max('allocated_pct', { link: TO_ALERTS }))
              .where(POOL, RESOURCE)
              .now(),
          ],
          thresholds: 'none',
          rules: ['pool_overcommitted', 'pool_overcommitted_cpu'],
          decimals: 0,
          width: 8,
          height: 5,
        }),
        table({
          title: text('Pools, first to be full first', 'Các cụm, đầy sớm nhất ở trên'),
          about: text(
            'Amounts are in the unit of the resource: cores, bytes, watts, rack units.',
            'Số lượng theo đơn vị của từng tài nguyên: lõi, byte, watt, đơn vị tủ.',
          ),
          queries: [
            select(
              'pool_state',
              last('days_to_full_p10', {
                label: text('Days to full', 'Số ngày đến khi đầy'),
                thresholds: { rule: 'pool_days_to_full' },
                decimals: 0,
                link: TO_POOL,
              }),
              last('used_pct', {
                label: text('Used', 'Đã dùng'),
                thresholds: { rule: 'capacity_high' },
                decimals: 0,
                link: TO_POOL,
              }),
              last('allocated_pct', { label: text('Promised', 'Cấp phát'), decimals: 0, link: TO_POOL }),
              last('used', { label: text('In use', 'Đang dùng'), unit: 'sishort', link: TO_POOL }),
              last('usable', { label: text('Usable', 'Khả dụng'), unit: 'sishort', link: TO_POOL }),
              last('physical', { label: text('Installed', 'Lắp đặt'), unit: 'sishort', link: TO_POOL }),
            )
              .where(POOL, RESOURCE)
              .by('pool', 'resource', 'site')
              .now(),
          ],
          sortBy: { column: 'days_to_full_p10', descending: false },
          rules: ['pool_days_to_full', 'capacity_high'],
          unit: 'none',
          width: 14,
          height: 11,
        }),
        bars({
          title: text('Used', 'Đã dùng'),
          about: text(
            'Of what is usable, by pool and resource.',
            'Trên phần khả dụng, theo cụm và tài nguyên.',
          ),
          queries: [
            select('pool_state', last('used_pct')).where(POOL, RESOURCE).by('pool', 'resource').nowSeries(),
          ],
          thresholds: { rule: 'capacity_high' },
          rules: ['capacity_high'],
          link: TO_POOL_OF_SERIES,
          max: 100,
          decimals: 0,
          width: 10,
          height: 11,
        }),
      ],
    },
    {
      title: text('Course', 'Diễn biến'),
      panels: [
        trend({
          title: text('Used', 'Đã dùng'),
          about: text('The most of each interval.', 'Cao nhất trong mỗi khoảng.'),
          queries: [
            select('pool_state', max('used_pct')).where(POOL, RESOURCE).by('pool', 'resource').series(),
          ],
          thresholds: { rule: 'capacity_high' },
          rules: ['capacity_high', 'pools_full'],
          link: TO_POOL_OF_SERIES,
          min: 0,
          width: 12,
        }),
        trend({
          title: text('Promised', 'Đã cấp phát'),
          about: text(
            'Of what is usable. More than 100 % of memory or storage cannot be kept.',
            'Trên phần khả dụng. Quá 100 % bộ nhớ hoặc lưu trữ là không giữ được.',
          ),
          queries: [
            select('pool_state', max('allocated_pct')).where(POOL, RESOURCE).by('pool', 'resource').series(),
          ],
          thresholds: { rule: 'pool_overcommitted', times: 100 },
          rules: ['pool_overcommitted', 'pool_overcommitted_cpu'],
          link: TO_POOL_OF_SERIES,
          min: 0,
          width: 12,
        }),
        trend({
          title: text('Days to full', 'Số ngày đến khi đầy'),
          about: text('The early end of what is likely.', 'Đầu sớm của khoảng dự báo.'),
          queries: [
            select('pool_state', min('days_to_full_p10'))
              .where(POOL, RESOURCE)
              .by('pool', 'resource')
              .series('none'),
          ],
          thresholds: { rule: 'pool_days_to_full' },
          rules: ['pool_days_to_full'],
          link: TO_POOL_OF_SERIES,
          min: 0,
          width: 24,
        }),
      ],
    },
    {
      title: text('Forecast and its quality', 'Dự báo và chất lượng dự báo'),
      closed: true,
      panels: [
        table({
          title: text('Forecasts', 'Dự báo'),
          about: text(
            'Early, middle and late end of what is likely: one in ten is full before, one in ten after. The range is made of the errors of earlier predictions for the same pool.',
            'Đầu sớm, giữa và đầu muộn: một phần mười đầy sớm hơn, một phần mười đầy muộn hơn. Khoảng dự báo lấy từ sai số của các dự báo trước đó cho cùng nhóm tài nguyên.',
          ),
          queries: [
            select(
              'capacity_forecast',
              last('days_to_full_p10', {
                label: text('Early', 'Sớm'),
                thresholds: { rule: 'pool_days_to_full' },
                decimals: 0,
                link: TO_POOL,
              }),
              last('days_to_full_p50', { label: text('Middle', 'Giữa'), decimals: 0, link: TO_POOL }),
              last('days_to_full_p90', { label: text('Late', 'Muộn'), decimals: 0, link: TO_POOL }),
              last('slope_per_day', { label: text('Growth a day', 'Mức tăng mỗi ngày') }),
              last('history_days', { label: text('History', 'Dữ liệu'), decimals: 0 }),
              last('model', { label: text('Model', 'Mô hình') }),
              last('backtests', { label: text('Earlier predictions', 'Dự báo trước đó'), decimals: 0 }),
            )
              .where(POOL, RESOURCE)
              .by('pool', 'resource')
              .table(),
          ],
          sortBy: { column: 'days_to_full_p10', descending: false },
          rules: ['pool_days_to_full'],
          unit: 'none',
          width: 24,
          height: 9,
        }),
        trend({
          title: text('Virtual machines wait for CPU', 'Máy ảo chờ CPU'),
          about: text(
            'Time in which a virtual processor waits for a real one.',
            'Thời gian CPU ảo chờ CPU thật.',
          ),
          queries: [select('capacity', max('cpu_ready_pct')).where(POOL).by('pool').series()],
          thresholds: { rule: 'cpu_ready_high' },
          rules: ['cpu_ready_high'],
          link: TO_ALERTS,
          min: 0,
          stepS: 300,
        }),
        trend({
          title: text('As its agents report it: used', 'Theo tác tử báo: đã dùng'),
          about: text(
            'The rows that the rules judge, before central sums them up.',
            'Số liệu mà quy tắc xét, trước khi trung tâm tổng hợp.',
          ),
          queries: [
            select('capacity', max('used_pct')).where(POOL, RESOURCE).by('pool', 'resource').series(),
          ],
          thresholds: { rule: 'capacity_high' },
          rules: ['capacity_high', 'pools_full'],
          link: TO_POOL_OF_SERIES,
          min: 0,
          stepS: 300,
        }),
        trend({
          title: text('As its agents report it: promised and used', 'Theo tác tử báo: cấp phát và đang dùng'),
          about: text('In the unit of the resource.', 'Theo đơn vị của tài nguyên.'),
          queries: [
            select('capacity', mean('allocated', { label: text('promised', 'cấp phát') }))
              .where(POOL, RESOURCE)
              .by('pool', 'resource')
              .series(),
            select('capacity', mean('used', { label: text('in use', 'đang dùng') }))
              .where(POOL, RESOURCE)
              .by('pool', 'resource')
              .series(),
          ],
          rules: ['pool_overcommitted', 'pool_overcommitted_cpu', 'pools_full'],
          link: TO_POOL_OF_SERIES,
          min: 0,
          unit: 'short',
          stepS: 300,
        }),
      ],
    },
  ],
};
