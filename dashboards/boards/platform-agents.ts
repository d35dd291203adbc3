import type { Board } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import { goodWhenTrue } from '../panel/mapping.ts';
import { lines, stat, states, table } from '../panel/panel.ts';
import { badAbove } from '../panel/thresholds.ts';
import { always, last, max, min, sum } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS, TO_PIPELINE, toAgent } from './links.ts';
import { IS_BAD, NO, text, trend, YES, tile } from './shape.ts';
import { AGENTS } from './variables.ts';

const CHOSEN = tag('agent').isIn(AGENTS);
/** An agent's own rows; those with a collector are about that one. */
const WHOLE = tag('collector').isAbsent();

/** Every agent of the city, and one in detail. */
export const PLATFORM_AGENTS: Board = {
  uid: 'platform-agents',
  folder: 'Platform',
  scope: 'detail',
  title: text('Edge fleet', 'Đội tác tử biên'),
  about: text(
    'Which agents report, what waits on their disks, which collectors fail.',
    'Tác tử nào đang báo cáo, gì chờ trên đĩa, bộ thu nào lỗi.',
  ),
  variables: [AGENTS],
  from: 'now-3h',
  refresh: '1m',
  rows: [
    {
      panels: [
        stat({
          title: text('Agents', 'Tác tử'),
          about: text(
            'Silent: nothing is known of what they measure. Stopped: on purpose. Never seen: in the inventory only.',
            'Im lặng: không biết gì về những gì chúng đo. Đã dừng: chủ động. Chưa từng thấy: chỉ có trong danh mục.',
          ),
          queries: [
            select(
              'city_state',
              last('agents_silent', {
                label: text('Silent', 'Im lặng'),
                thresholds: badAbove(1, COLOUR.unknown, COLOUR.good),
                link: TO_ALERTS,
              }),
              last('agents_live', { label: text('Live', 'Đang báo cáo'), link: TO_PIPELINE }),
              last('agents_stopped', { label: text('Stopped', 'Đã dừng'), link: TO_ALERTS }),
              last('agents_never_seen', {
                label: text('Never seen', 'Chưa từng thấy'),
                thresholds: badAbove(1, COLOUR.minor, COLOUR.good),
                link: TO_ALERTS,
              }),
            ).now(),
          ],
          thresholds: { steps: [{ from: null, colour: COLOUR.plain }] },
          rules: [
            'agent_silent',
            'measurement_missing',
            'device_never_seen',
            'agent_twins',
            'agent_losses_implausible',
            'agent_alerts_full',
            'agent_series_full',
            'agent_refused_full',
          ],
          decimals: 0,
          width: 10,
          height: 4,
        }),
        tile({
          title: text('Longest backlog', 'Dữ liệu chờ lâu nhất'),
          about: text(
            'Age of the oldest batch that waits on a disk.',
            'Tuổi của lô cũ nhất đang chờ trên đĩa.',
          ),
          queries: [
            select('agent', max('queue_oldest_age_s', { link: TO_ALERTS }))
              .where(CHOSEN, WHOLE)
              .now(),
          ],
          thresholds: { rule: 'agent_backlog' },
          rules: ['agent_backlog'],
        }),
        tile({
          title: text('Fullest queue', 'Hàng đợi đầy nhất'),
          about: text('On the disk of an agent.', 'Trên đĩa của một tác tử.'),
          queries: [
            select('agent', max('queue_bytes', { link: TO_ALERTS }))
              .where(CHOSEN, WHOLE)
              .now(),
          ],
          thresholds: { rule: 'agent_queue_full' },
          rules: ['agent_queue_full', 'agent_losing_data'],
        }),
        stat({
          title: text('Worst clock', 'Đồng hồ lệch nhất'),
          about: text(
            'The largest and the least of the agents that are chosen; a sign tells which way. The rule judges by how central receives them.',
            'Lớn nhất và nhỏ nhất trong các tác tử đang chọn; dấu cho biết chiều lệch. Quy tắc xét theo lúc trung tâm nhận.',
          ),
          queries: [
            select(
              'agent',
              max('clock_offset_ms', { as: 'ahead', label: text('Ahead (+)', 'Nhanh (+)'), link: TO_ALERTS }),
              min('clock_offset_ms', {
                as: 'behind',
                label: text('Behind (−)', 'Chậm (−)'),
                link: TO_ALERTS,
              }),
            )
              .where(CHOSEN, WHOLE)
              .now(),
          ],
          thresholds: 'none',
          rules: ['agent_clock_off'],
          width: 6,
          height: 4,
        }),
        table({
          title: text('Agents', 'Tác tử'),
          about: text(
            'The last five minutes, longest backlog first. An agent that is missing here is silent.',
            'Năm phút qua, chờ lâu nhất ở trên. Tác tử không có ở đây là đang im lặng.',
          ),
          queries: [
            select(
              'agent',
              last('queue_oldest_age_s', {
                label: text('Backlog', 'Chờ'),
                thresholds: { rule: 'agent_backlog' },
                link: toAgent('row'),
              }),
              last('queue_bytes', {
                label: text('Queue', 'Hàng đợi'),
                thresholds: { rule: 'agent_queue_full' },
                link: toAgent('row'),
              }),
              last('connected', { label: text('Connected', 'Kết nối'), mapping: goodWhenTrue(YES, NO) }),
              last('samples_dropped', {
                label: text('Samples lost', 'Mẫu mất'),
                thresholds: { rule: 'agent_losing_data' },
                link: toAgent('row'),
              }),
              last('lost_batches', { label: text('Declared lost', 'Khai báo mất') }),
              last('config_failed', {
                label: text('Config refused', 'Cấu hình bị từ chối'),
                mapping: IS_BAD,
              }),
              last('config_revision', { label: text('Config', 'Cấu hình') }),
              last('cpu_percent', { label: text('CPU', 'CPU'), decimals: 1 }),
              last('rss_bytes', { label: text('Memory', 'Bộ nhớ') }),
              last('uptime_s', { label: text('Running for', 'Đã chạy') }),
            )
              .where(CHOSEN, WHOLE)
              .by('agent')
              .now(),
          ],
          sortBy: { column: 'queue_oldest_age_s', descending: true },
          limit: 100,
          rules: ['agent_backlog', 'agent_queue_full', 'agent_losing_data', 'agent_config_failed'],
          unit: 'none',
          width: 24,
          height: 11,
        }),
      ],
    },
    {
      title: text('Course', 'Diễn biến'),
      panels: [
        lines({
          title: text('Live agents', 'Số tác tử đang báo cáo'),
          about: text('Of the whole city.', 'Toàn thành phố.'),
          queries: [
            select(
              'city_state',
              max('agents_silent', { label: text('Silent', 'Im lặng') }),
              max('agents_live', { label: text('Live', 'Đang báo cáo') }),
            ).series(),
          ],
          thresholds: 'none',
          rules: ['agent_silent'],
          link: TO_ALERTS,
          min: 0,
          width: 12,
          height: 8,
        }),
        lines({
          title: text('Waits on disks', 'Chờ trên đĩa'),
          about: text(
            'Points not yet confirmed, of all agents that are chosen.',
            'Số điểm chưa xác nhận của các tác tử đang chọn.',
          ),
          queries: [
            select(
              'agent',
              max('queue_pending_points', { label: text('Most of one agent', 'Nhiều nhất của một tác tử') }),
            )
              .where(CHOSEN, WHOLE)
              .series(),
          ],
          thresholds: 'none',
          rules: ['agent_backlog'],
          link: TO_PIPELINE,
          min: 0,
          width: 12,
          height: 8,
        }),
      ],
    },
    {
      title: text('Collectors: choose an agent', 'Bộ thu: chọn một tác tử'),
      closed: true,
      panels: [
        table({
          title: text('Collectors', 'Bộ thu'),
          about: text('Those with errors first.', 'Bộ thu có lỗi ở trên.'),
          queries: [
            select(
              'agent',
              last('collector_errors', {
                label: text('Errors', 'Lỗi'),
                thresholds: { rule: 'collector_failing' },
                link: TO_ALERTS,
              }),
              last('collector_last_error', { label: text('Last error', 'Lỗi gần nhất') }),
              last('collector_duration_ms', { label: text('Takes', 'Mất'), decimals: 0 }),
              last('collector_failures', { label: text('Runs without a result', 'Lần chạy không kết quả') }),
            )
              .where(CHOSEN, tag('collector').isPresent())
              .by('agent', 'collector')
              .now(),
          ],
          sortBy: { column: 'collector_errors', descending: true },
          limit: 100,
          rules: ['collector_failing'],
          unit: 'none',
          width: 12,
          height: 9,
        }),
        states({
          title: text('Connected', 'Kết nối'),
          about: text(
            'To the broker; a gap is a silent agent.',
            'Với broker; khoảng trống là tác tử im lặng.',
          ),
          queries: [select('agent', always('connected')).where(CHOSEN, WHOLE).by('agent').series()],
          mapping: goodWhenTrue(YES, NO),
          rules: ['agent_silent'],
          link: toAgent('label'),
          width: 12,
          height: 9,
        }),
        trend({
          title: text('Time to confirmation', 'Thời gian chờ xác nhận'),
          about: text(
            'From sending a batch to its acknowledgement.',
            'Từ lúc gửi một lô đến khi được xác nhận.',
          ),
          queries: [select('agent', max('ack_latency_ms')).where(CHOSEN, WHOLE).by('agent').series()],
          link: TO_PIPELINE,
          min: 0,
        }),
        trend({
          title: text('Late batches', 'Lô đến trễ'),
          about: text('How late the latest came, by agent.', 'Trễ nhất, theo tác tử.'),
          queries: [select('ingest_batch', max('lateness_ms')).where(CHOSEN).by('agent').series()],
          rules: ['agent_backlog', 'agent_clock_off'],
          link: TO_PIPELINE,
          min: 0,
        }),
        trend({
          title: text('Points stored', 'Điểm đã lưu'),
          about: text('By agent.', 'Theo tác tử.'),
          queries: [select('ingest_batch', sum('points')).where(CHOSEN).by('agent').series(0)],
          link: TO_PIPELINE,
          bars: true,
          min: 0,
        }),
      ],
    },
  ],
};
