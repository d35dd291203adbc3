import type { Row } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import { states, table } from '../panel/panel.ts';
import { ever, last, max, sum } from '../query/column.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { text, trend } from './shape.ts';

const PIPELINE = 'pipeline';
/** Central writes them every ten seconds. */
const STEP_S = 10;

/** How fast central judges, and whether people are told. */
export const PIPELINE_ALERTS: Row = {
  title: text('Alerts and notifications', 'Cảnh báo và thông báo'),
  panels: [
    trend({
      title: text('From sample to alert, p99', 'Từ mẫu đến cảnh báo, p99'),
      about: text('The promise is one second.', 'Cam kết là một giây.'),
      queries: [select(PIPELINE, max('alert_latency_p99_ms', { label: text('p99', 'p99') })).series()],
      rules: ['central_alerts_full', 'central_stalled'],
      link: TO_ALERTS,
      min: 0,
      stepS: STEP_S,
    }),
    trend({
      title: text('Steps and rows left out', 'Bước và dòng bị bỏ'),
      about: text(
        'Steps not yet on disk, evaluations and backlog left out for lack of room.',
        'Bước chưa ghi đĩa, lần xét và dữ liệu bù bị bỏ vì hết chỗ.',
      ),
      queries: [
        select(
          PIPELINE,
          max('unsaved_alert_steps', { label: text('Not on disk', 'Chưa ghi đĩa') }),
          sum('new_refused_alert_entities', { label: text('Evaluations', 'Lần xét') }),
          sum('new_backlog_holes', { label: text('Backlog', 'Dữ liệu bù') }),
        ).series(),
      ],
      rules: ['central_journal_unwritten', 'central_alerts_full', 'central_backlog_left_out'],
      link: TO_ALERTS,
      min: 0,
      stepS: STEP_S,
    }),
    trend({
      title: text('Notifications', 'Thông báo'),
      about: text(
        'For how long one waits, and how many alerts were given up.',
        'Thời gian chờ, và số cảnh báo không gửi được.',
      ),
      queries: [
        select(
          PIPELINE,
          max('undelivered_notification_s', { label: text('Waits for', 'Chờ') }),
          sum('new_given_up_notifications', { label: text('Given up', 'Bỏ'), unit: 'short' }),
        ).series(),
      ],
      thresholds: { rule: 'central_notifications_failing' },
      rules: ['central_notifications_failing', 'central_notifications_lost'],
      link: TO_ALERTS,
      min: 0,
      stepS: STEP_S,
    }),
    table({
      title: text('Canary', 'Sự cố giả kiểm tra'),
      about: text(
        'A known fault through every hop to a receipt; a hop that is broken says for how long.',
        'Sự cố giả đi qua mọi chặng đến biên nhận; chặng hỏng cho biết hỏng bao lâu.',
      ),
      queries: [
        select(
          'canary_hop',
          last('broken_s', {
            label: text('Broken for', 'Hỏng'),
            thresholds: { rule: 'central_canary_broken' },
            link: TO_ALERTS,
          }),
          last('latency_ms', { label: text('Took', 'Mất'), decimals: 0 }),
        )
          .by('hop')
          .now(30),
      ],
      rules: ['central_canary_broken'],
      unit: 'none',
      width: 12,
      height: 7,
    }),
    states({
      title: text('Canary fault', 'Sự cố giả'),
      about: text(
        'When the known fault was there: it is no fault of the city.',
        'Lúc có sự cố giả: không phải sự cố của thành phố.',
      ),
      queries: [select('canary', ever('is_fault')).by('slot').series()],
      mapping: {
        true: { text: text('fault', 'có'), colour: COLOUR.plain },
        false: { text: text('none', 'không'), colour: COLOUR.good },
      },
      rules: ['central_canary'],
      link: TO_ALERTS,
      width: 12,
      height: 7,
    }),
  ],
};
