import type { Board } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import type { Mapping } from '../panel/mapping.ts';
import { table } from '../panel/panel.ts';
import { last, max, mean, perSecond, sum } from '../query/column.ts';
import { select } from '../query/select.ts';
import { TO_AGENTS, TO_ALERTS } from './links.ts';
import { IS_GOOD, text, trend, tile } from './shape.ts';
import { PIPELINE_ALERTS } from './pipeline-alerts.ts';
import { CENTRAL_MACHINE } from './central-machine.ts';

const PIPELINE = 'pipeline';
/** Central writes them every ten seconds. */
const STEP_S = 10;
const FLOW: Mapping = {
  go: { text: text('takes all', 'nhận tất cả'), colour: COLOUR.good },
  'live-only': { text: text('live only', 'chỉ nhận mới'), colour: COLOUR.major },
  hold: { text: text('takes nothing', 'dừng nhận'), colour: COLOUR.critical },
};

/** Rate, errors and duration of central itself, and the proof that nothing is lost. */
export const PLATFORM_PIPELINE: Board = {
  uid: 'platform-pipeline',
  folder: 'Platform',
  scope: 'city',
  title: text('Pipeline and ledger', 'Đường dữ liệu và sổ cái'),
  about: text(
    'Is Wardwatch itself well: what comes in, what is stored, what waits, and whether anything was lost.',
    'Bản thân Wardwatch có tốt không: gì đi vào, gì được lưu, gì đang chờ, và có mất gì không.',
  ),
  variables: [],
  from: 'now-3h',
  refresh: '30s',
  rows: [
    {
      panels: [
        tile({
          title: text('Stored', 'Đang lưu'),
          about: text('Samples in a second.', 'Số mẫu mỗi giây.'),
          queries: [select(PIPELINE, last('samples_per_s', { link: TO_AGENTS })).now(2)],
          thresholds: {
            steps: [
              { from: null, colour: COLOUR.critical },
              { from: 0.001, colour: COLOUR.good },
            ],
          },
          rules: ['central_store_away', 'central_hears_nobody', 'central_holds', 'central_store_limit'],
          decimals: 0,
        }),
        tile({
          title: text('Oldest batch not stored', 'Lô cũ nhất chưa lưu'),
          about: text('How far the store is behind.', 'Kho dữ liệu chậm bao lâu.'),
          queries: [select(PIPELINE, last('lag_ms', { link: TO_AGENTS })).now(2)],
          thresholds: {
            steps: [
              { from: null, colour: COLOUR.good },
              { from: 30_000, colour: COLOUR.minor },
              { from: 300_000, colour: COLOUR.major },
            ],
          },
          rules: ['central_buffer_filling', 'central_store_away'],
        }),
        tile({
          title: text('Lost, not declared', 'Mất, không khai báo'),
          about: text(
            'Batches whose numbers were found missing in the chosen time. 0 is the promise.',
            'Số lô được xác nhận thiếu số thứ tự trong khoảng thời gian đang chọn. Cam kết là 0.',
          ),
          queries: [select(PIPELINE, sum('new_missing_batches', { link: TO_ALERTS })).table()],
          thresholds: { rule: 'central_missing_batches' },
          rules: ['central_missing_batches', 'central_store_lost'],
          decimals: 0,
        }),
        tile({
          title: text('Declared lost', 'Khai báo mất'),
          about: text(
            'By agents whose disks were full, in the chosen time.',
            'Do tác tử hết chỗ trên đĩa, trong khoảng thời gian đang chọn.',
          ),
          queries: [select(PIPELINE, sum('new_declared_lost_batches', { link: TO_AGENTS })).table()],
          thresholds: { rule: 'central_declared_losses' },
          rules: ['central_declared_losses'],
          decimals: 0,
        }),
        tile({
          title: text('From sample to alert, p99', 'Từ mẫu đến cảnh báo, p99'),
          about: text('The promise is one second.', 'Cam kết là một giây.'),
          queries: [select(PIPELINE, last('alert_latency_p99_ms', { link: TO_ALERTS })).now(2)],
          thresholds: {
            steps: [
              { from: null, colour: COLOUR.good },
              { from: 1_000, colour: COLOUR.minor },
              { from: 10_000, colour: COLOUR.major },
            ],
          },
          rules: ['central_stalled', 'central_journal_unwritten', 'central_alerts_full'],
          decimals: 0,
        }),
        tile({
          title: text('Notification waits', 'Thông báo đang chờ'),
          about: text(
            'For how long one could not be delivered; 0: none waits.',
            'Thời gian chưa gửi được; 0: không có.',
          ),
          queries: [select(PIPELINE, last('undelivered_notification_s', { link: TO_ALERTS })).now(2)],
          thresholds: { rule: 'central_notifications_failing' },
          rules: ['central_notifications_failing', 'central_notifications_lost'],
        }),
        table({
          title: text('Central', 'Trung tâm'),
          about: text(
            'What it says of itself in the last two minutes.',
            'Trung tâm tự báo trong hai phút qua.',
          ),
          queries: [
            select(
              PIPELINE,
              last('flow', { label: text('Takes', 'Nhận dữ liệu'), mapping: FLOW, link: TO_ALERTS }),
              last('store_available', {
                label: text('Store answers', 'Kho trả lời'),
                mapping: IS_GOOD,
                link: TO_ALERTS,
              }),
              last('store_limit', { label: text('Store is limited by', 'Giới hạn của kho') }),
              last('hears_agents', {
                label: text('Hears agents', 'Nghe được tác tử'),
                mapping: IS_GOOD,
                link: TO_AGENTS,
              }),
              last('clocks_agree', {
                label: text('Clocks agree', 'Đồng hồ khớp'),
                mapping: IS_GOOD,
                link: TO_ALERTS,
              }),
              last('known_agents', { label: text('Agents', 'Tác tử'), link: TO_AGENTS }),
              last('uptime_s', { label: text('Running for', 'Đã chạy') }),
            )
              .by('replica')
              .now(2),
          ],
          rules: [
            'central_store_away',
            'central_store_limit',
            'central_hears_nobody',
            'central_clock_disagrees',
            'central_holds',
          ],
          unit: 'none',
          width: 24,
          height: 4,
        }),
      ],
    },
    {
      title: text('In and out', 'Vào và ra'),
      panels: [
        trend({
          title: text('Samples', 'Mẫu dữ liệu'),
          about: text('Stored in a second.', 'Lưu mỗi giây.'),
          queries: [
            select(
              PIPELINE,
              mean('samples_per_s', { label: text('Samples', 'Mẫu') }),
              mean('values_per_s', { label: text('Values', 'Giá trị') }),
            ).series(),
          ],
          rules: ['central_store_away'],
          link: TO_AGENTS,
          min: 0,
          stepS: STEP_S,
        }),
        trend({
          title: text('What waits', 'Dữ liệu chờ'),
          about: text(
            'Checked and not yet stored, of the write buffer.',
            'Đã kiểm, chưa lưu, trên bộ đệm ghi.',
          ),
          queries: [
            select(PIPELINE, max('buffer_fill_percent', { label: text('Buffer', 'Bộ đệm') })).series(),
          ],
          thresholds: { rule: 'central_buffer_filling' },
          rules: ['central_buffer_filling'],
          link: TO_ALERTS,
          min: 0,
          stepS: STEP_S,
        }),
        trend({
          title: text('Time of the store', 'Thời gian của kho'),
          about: text(
            'Of the last write, and age of the oldest batch that waits.',
            'Lần ghi gần nhất, và tuổi của lô chờ cũ nhất.',
          ),
          queries: [
            select(
              PIPELINE,
              max('store_latency_ms', { label: text('Write', 'Lần ghi') }),
              max('lag_ms', { label: text('Oldest batch', 'Lô cũ nhất') }),
            ).series(),
          ],
          rules: ['central_store_away', 'central_stalled'],
          link: TO_ALERTS,
          min: 0,
          stepS: STEP_S,
        }),
        trend({
          title: text('Received', 'Nhận'),
          about: text('Over MQTT.', 'Qua MQTT.'),
          queries: [
            select(
              PIPELINE,
              perSecond('received_bytes', { unit: 'Bps', label: text('Received', 'Nhận') }),
            ).series(),
          ],
          link: TO_AGENTS,
          min: 0,
          stepS: STEP_S,
        }),
        trend({
          title: text('Refused', 'Bị từ chối'),
          about: text(
            'Rows and messages in a second; they are in the quarantine with their reasons.',
            'Dòng và thông điệp mỗi giây; nằm trong khu cách ly kèm lý do.',
          ),
          queries: [select(PIPELINE, max('refused_per_s', { label: text('Refused', 'Từ chối') })).series()],
          thresholds: { rule: 'central_refusing' },
          rules: ['central_refusing'],
          link: TO_ALERTS,
          min: 0,
          stepS: STEP_S,
        }),
        trend({
          title: text('Held back and turned away', 'Bị giữ lại và từ chối'),
          about: text(
            'Agents that sent too much; connections and logins refused.',
            'Tác tử gửi quá nhiều; kết nối và đăng nhập bị từ chối.',
          ),
          queries: [
            select(
              PIPELINE,
              sum('new_held_back', { label: text('Held back', 'Giữ lại') }),
              sum('new_refused_connections', { label: text('Connections', 'Kết nối') }),
              sum('new_refused_logins', { label: text('Logins', 'Đăng nhập') }),
            ).series(),
          ],
          rules: ['central_agents_held_back', 'central_connections_refused', 'central_logins_refused'],
          link: TO_AGENTS,
          min: 0,
          stepS: STEP_S,
        }),
      ],
    },
    {
      title: text('Ledger', 'Sổ cái'),
      panels: [
        trend({
          title: text('Lost', 'Mất mát'),
          about: text(
            'Declared by agents, missing without a declaration, lost by the store after it had confirmed.',
            'Tác tử khai báo; thiếu không khai báo; kho làm mất sau khi đã xác nhận.',
          ),
          queries: [
            select(
              PIPELINE,
              sum('new_declared_lost_batches', { label: text('Declared', 'Khai báo') }),
              sum('new_missing_batches', { label: text('Missing', 'Thiếu') }),
              max('store_lost_batches', { label: text('By the store', 'Do kho') }),
            ).series(),
          ],
          rules: ['central_declared_losses', 'central_missing_batches', 'central_store_lost'],
          link: TO_AGENTS,
          bars: true,
          min: 0,
          stepS: STEP_S,
        }),
        trend({
          title: text('Received twice', 'Nhận trùng'),
          about: text(
            'Sent again by agents, recognised and not stored twice.',
            'Tác tử gửi lại, được nhận ra và không lưu hai lần.',
          ),
          queries: [
            select(
              PIPELINE,
              perSecond('duplicate_batches', {
                unit: 'suffix: /s',
                label: text('Received again', 'Nhận trùng'),
              }),
              perSecond('stored_batches', { unit: 'suffix: /s', label: text('Stored', 'Đã lưu') }),
            ).series(),
          ],
          link: TO_AGENTS,
          min: 0,
          stepS: STEP_S,
        }),
        trend({
          title: text('Backlogs', 'Dữ liệu bù'),
          about: text(
            'Agents that send what they measured while they were cut off.',
            'Tác tử đang gửi dữ liệu đo lúc mất liên lạc.',
          ),
          queries: [
            select(PIPELINE, max('backfilling_agents', { label: text('Agents', 'Tác tử') })).series(),
          ],
          rules: ['central_backlog_left_out'],
          link: TO_AGENTS,
          min: 0,
          stepS: STEP_S,
        }),
      ],
    },
    PIPELINE_ALERTS,
    CENTRAL_MACHINE,
  ],
};
