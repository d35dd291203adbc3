import type { Board } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import { link, type Link } from '../panel/link.ts';
import { ALERT_SEVERITIES, SEVERITIES } from '../panel/mapping.ts';
import { lines, stat, table } from '../panel/panel.ts';
import { badAbove } from '../panel/thresholds.ts';
import { count, last, max, mean, percentile, tagValue, value } from '../query/column.ts';
import { field, tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { activeAlerts } from './active-alerts.ts';
import { TO_PIPELINE, TO_UNIT } from './links.ts';
import { text, tile } from './shape.ts';
import { SEVERITY, UNITS } from './variables.ts';
import { ALERT_STEPS } from './alert-steps.ts';

const HERE = tag('unit').isIn(UNITS);
const GRAVE = tag('severity').isIn(SEVERITY);
const SAME_RULE = link('alerts', text('This severity', 'Mức độ này'), { severity: { row: 'severity' } });
const TO_SEVERITY = link('alerts', text('This severity', 'Mức độ này'), { severity: { label: 'severity' } });
function ofSeverity(severity: string): Link {
  return link('alerts', text('This severity', 'Mức độ này'), { severity: { text: severity } });
}
const FIRED = field('event').is('fired');

/** What is open, what was, and whether alerts are few enough to be acted on. */
export const ALERTS: Board = {
  uid: 'alerts',
  folder: 'Alerts',
  scope: 'city',
  title: text('Incidents and alarm quality', 'Sự cố và chất lượng cảnh báo'),
  about: text(
    'What is open, what was, how fast it is handled, and which rules ring most.',
    'Gì đang mở, gì đã qua, xử lý nhanh ra sao, quy tắc nào báo nhiều nhất.',
  ),
  variables: [UNITS, SEVERITY],
  from: 'now-24h',
  refresh: '1m',
  rows: [
    {
      panels: [
        stat({
          title: text('Open alerts', 'Cảnh báo đang mở'),
          about: text('By severity, in the whole city.', 'Theo mức độ, toàn thành phố.'),
          queries: [
            select(
              'city_state',
              last('alerts_critical', {
                label: text('Critical', 'Nghiêm trọng'),
                thresholds: badAbove(1, COLOUR.critical, COLOUR.good),
                link: ofSeverity('critical'),
              }),
              last('alerts_major', {
                label: text('Major', 'Lớn'),
                thresholds: badAbove(1, COLOUR.major, COLOUR.good),
                link: ofSeverity('major'),
              }),
              last('alerts_minor', {
                label: text('Minor', 'Nhỏ'),
                thresholds: badAbove(1, COLOUR.minor, COLOUR.good),
                link: ofSeverity('minor'),
              }),
              last('alerts_warning', {
                label: text('Warning', 'Cảnh báo sớm'),
                thresholds: badAbove(1, COLOUR.warning, COLOUR.good),
                link: ofSeverity('warning'),
              }),
            ).now(),
          ],
          thresholds: { steps: [{ from: null, colour: COLOUR.plain }] },
          decimals: 0,
          width: 10,
          height: 4,
        }),
        stat({
          title: text('Unacknowledged', 'Chưa ai xác nhận'),
          about: text('Alerts that wait for somebody to take them.', 'Cảnh báo chờ người nhận xử lý.'),
          queries: [
            select('city_state', last('alerts_unacknowledged', { link: ofSeverity('critical') })).now(),
          ],
          thresholds: badAbove(1, COLOUR.minor, COLOUR.good),
          decimals: 0,
          width: 3,
          height: 4,
        }),
        tile({
          title: text('Alarms per person in 10 min', 'Cảnh báo mỗi người trong 10 phút'),
          about: text(
            'A person can handle one; more than ten is a flood (ISA-18.2).',
            'Một người xử lý được một; quá mười là tràn cảnh báo (ISA-18.2).',
          ),
          queries: [
            select('alarm_quality', last('alarm_rate', { link: TO_PIPELINE }))
              .where(tag('severity').isAbsent())
              .now(),
          ],
          thresholds: {
            steps: [
              { from: null, colour: COLOUR.good },
              { from: 1.01, colour: COLOUR.minor },
              { from: 10, colour: COLOUR.critical },
            ],
          },
          rules: ['central_alerts_full'],
          decimals: 1,
        }),
        stat({
          title: text('Time in flood, last 24 h', 'Thời gian tràn, 24 giờ'),
          about: text('Should be below 1 %.', 'Nên dưới 1 %.'),
          queries: [
            select('alarm_quality', last('flood_pct', { link: TO_PIPELINE }))
              .where(tag('severity').isAbsent())
              .now(),
          ],
          thresholds: badAbove(1, COLOUR.minor, COLOUR.good),
          decimals: 1,
          width: 3,
          height: 4,
        }),
        tile({
          title: text('Open for more than 24 h', 'Mở quá 24 giờ'),
          about: text(
            'Should be fewer than five, each with a plan.',
            'Nên dưới năm, mỗi cảnh báo có kế hoạch.',
          ),
          queries: [
            select('alarm_quality', last('stale', { link: TO_PIPELINE }))
              .where(tag('severity').isAbsent())
              .now(),
          ],
          thresholds: badAbove(5, COLOUR.minor, COLOUR.good),
          decimals: 0,
        }),
        activeAlerts({
          title: text(
            'Open alerts: what, where, since when, who has it',
            'Cảnh báo đang mở: gì, ở đâu, từ bao giờ, ai xử lý',
          ),
          link: TO_UNIT,
          where: [HERE, GRAVE],
          width: 24,
          height: 11,
        }),
      ],
    },
    {
      title: text('Incidents', 'Sự cố'),
      panels: [
        table({
          title: text('Open incidents', 'Sự cố đang mở'),
          about: text(
            'What is not over at the end of the chosen time, however long ago it began, longest first. An empty list with data elsewhere means that none is open.',
            'Sự cố chưa hết ở cuối khoảng thời gian đang chọn, dù bắt đầu từ bao giờ, lâu nhất ở trên. Danh sách trống trong khi các ô khác có dữ liệu nghĩa là không còn sự cố.',
          ),
          queries: [
            select(
              'incident_active',
              last('title', { label: text('What', 'Việc gì'), only: 'en' }),
              last('title_vi', { label: text('What (Vietnamese)', 'Việc gì'), only: 'vi' }),
              last('root_name', {
                label: text('Root', 'Gốc'),
                link: link('net-topology', text('Network', 'Mạng')),
              }),
              last('severity', { label: text('Severity', 'Mức độ'), mapping: SEVERITIES }),
              last('open_s', { label: text('Since', 'Kéo dài') }),
              last('assignee', {
                label: text('Who has it', 'Phụ trách'),
                absent: text('nobody', 'chưa ai'),
              }),
              last('alerts_count', { label: text('Alerts', 'Cảnh báo') }),
              last('units_count', { label: text('Units', 'Đơn vị') }),
              last('devices_count', { label: text('Devices', 'Thiết bị') }),
            )
              .by('root')
              .now(3),
          ],
          hiddenTags: ['root'],
          sortBy: { column: 'open_s', descending: true },
          limit: 100,
          unit: 'none',
          width: 24,
          height: 8,
        }),
        table({
          title: text('Incidents of the chosen time', 'Sự cố trong khoảng thời gian đang chọn'),
          about: text(
            'Those that began in it: one root, and everything that hangs on it. One that lasts has no end.',
            'Các sự cố bắt đầu trong khoảng này: một gốc và mọi thứ do nó gây ra. Sự cố chưa hết không có lúc hết.',
          ),
          queries: [
            select(
              'incident',
              value('title', { label: text('What', 'Việc gì'), only: 'en' }),
              value('title_vi', { label: text('What (Vietnamese)', 'Việc gì'), only: 'vi' }),
              value('root_name', {
                label: text('Root', 'Gốc'),
                link: link('net-topology', text('Network', 'Mạng')),
              }),
              value('severity', { label: text('Severity', 'Mức độ'), mapping: SEVERITIES }),
              value('open', {
                label: text('Open', 'Đang mở'),
                mapping: {
                  true: { text: text('open', 'đang mở'), colour: COLOUR.major },
                  false: { text: text('over', 'đã hết'), colour: COLOUR.good },
                },
              }),
              value('ended_at', {
                label: text('Until', 'Đến'),
                unit: 'dateTimeAsLocal',
                mapping: { 0: { text: text('not over', 'chưa hết'), colour: COLOUR.major } },
              }),
              value('alerts_count', { label: text('Alerts', 'Cảnh báo') }),
              value('units_count', { label: text('Units', 'Đơn vị') }),
              value('devices_count', { label: text('Devices', 'Thiết bị') }),
              tagValue('root', { hidden: true }),
            ).rows(100),
          ],
          showsTime: true,
          unit: 'none',
          width: 24,
          height: 9,
        }),
      ],
    },
    {
      title: text('How fast they are handled', 'Xử lý nhanh ra sao'),
      panels: [
        lines({
          title: text('Time to acknowledge (MTTA)', 'Thời gian xác nhận (MTTA)'),
          about: text(
            'Median over 24 h, by severity. Critical ones within five minutes.',
            'Trung vị trong 24 giờ, theo mức độ. Nghiêm trọng: trong năm phút.',
          ),
          queries: [select('alarm_quality', mean('mtta_p50_s')).where(GRAVE).by('severity').series()],
          thresholds: {
            steps: [
              { from: null, colour: COLOUR.good },
              { from: 300, colour: COLOUR.minor },
            ],
          },
          values: ALERT_SEVERITIES,
          link: TO_SEVERITY,
          min: 0,
          width: 8,
          height: 8,
        }),
        lines({
          title: text('Time to recover (MTTR)', 'Thời gian khắc phục (MTTR)'),
          about: text('Median over 24 h, by severity.', 'Trung vị trong 24 giờ, theo mức độ.'),
          queries: [select('alarm_quality', mean('mttr_p50_s')).where(GRAVE).by('severity').series()],
          thresholds: 'none',
          values: ALERT_SEVERITIES,
          link: TO_SEVERITY,
          min: 0,
          width: 8,
          height: 8,
        }),
        table({
          title: text('By severity', 'Theo mức độ'),
          about: text(
            'Of alerts that ended in the chosen time, and of those acknowledged.',
            'Cảnh báo đã hết và đã xác nhận trong khoảng thời gian đang chọn.',
          ),
          queries: [
            select(
              'alert_event',
              mean('ack_s', { label: text('To acknowledge, mean', 'Xác nhận, trung bình'), link: SAME_RULE }),
              percentile('ack_s', 90, { as: 'ack_p90', label: text('p90', 'p90') }),
              mean('duration_s', {
                label: text('To recover, mean', 'Khắc phục, trung bình'),
                link: SAME_RULE,
              }),
              percentile('duration_s', 90, { as: 'duration_p90', label: text('p90 ', 'p90 ') }),
            )
              .where(HERE, GRAVE)
              .by('severity')
              .table(),
          ],
          tags: { severity: SEVERITIES },
          unit: 's',
          width: 8,
          height: 8,
        }),
      ],
    },
    {
      title: text('Quality of the alarms', 'Chất lượng cảnh báo'),
      panels: [
        lines({
          title: text('Alerts that fired', 'Cảnh báo đã phát'),
          about: text('How many, by severity.', 'Số lượng, theo mức độ.'),
          queries: [
            select('alert_event', count('alert_id')).where(FIRED, HERE, GRAVE).by('severity').series(0),
          ],
          thresholds: 'none',
          values: ALERT_SEVERITIES,
          link: TO_SEVERITY,
          bars: true,
          stacked: true,
          min: 0,
          stepS: 600,
          width: 12,
          height: 9,
        }),
        table({
          title: text('Noisiest rules', 'Quy tắc báo nhiều nhất'),
          about: text(
            'How often each fired in the chosen time. The top ten usually make most of the noise: raise their delay or mend what they are about.',
            'Số lần phát trong khoảng thời gian đang chọn. Mười quy tắc đầu thường gây phần lớn tiếng ồn: tăng thời gian chờ hoặc sửa tận gốc.',
          ),
          queries: [
            select(
              'alert_event',
              count('alert_id', { as: 'fired', label: text('Fired', 'Số lần phát'), link: SAME_RULE }),
              mean('latency_ms', { label: text('From sample to alert', 'Từ mẫu đến cảnh báo'), decimals: 0 }),
            )
              .where(FIRED, HERE, GRAVE)
              .by('rule', 'severity')
              .table(),
          ],
          tags: { severity: SEVERITIES },
          sortBy: { column: 'fired', descending: true },
          limit: 20,
          unit: 'none',
          width: 12,
          height: 9,
        }),
        lines({
          title: text('Alarms per person in 10 min', 'Cảnh báo mỗi người trong 10 phút'),
          about: text('One is the aim, more than ten is a flood.', 'Mục tiêu là một, quá mười là tràn.'),
          queries: [
            select('alarm_quality', max('alarm_rate', { label: text('Alarms', 'Cảnh báo') }))
              .where(tag('severity').isAbsent())
              .series(),
          ],
          thresholds: {
            steps: [
              { from: null, colour: COLOUR.good },
              { from: 1.01, colour: COLOUR.minor },
              { from: 10, colour: COLOUR.critical },
            ],
          },
          rules: ['central_alerts_full'],
          link: TO_PIPELINE,
          min: 0,
          width: 12,
          height: 8,
        }),
        lines({
          title: text('Mix of priorities', 'Cơ cấu mức ưu tiên'),
          about: text(
            'About 80 % low, 15 % medium, 5 % high.',
            'Khoảng 80 % thấp, 15 % trung bình, 5 % cao.',
          ),
          queries: [
            select(
              'alarm_quality',
              mean('high_priority_pct', { label: text('High', 'Cao'), colour: COLOUR.critical }),
              mean('medium_priority_pct', { label: text('Medium', 'Trung bình'), colour: COLOUR.minor }),
              mean('low_priority_pct', { label: text('Low', 'Thấp'), colour: COLOUR.warning }),
            )
              .where(tag('severity').isAbsent())
              .series(),
          ],
          thresholds: 'none',
          stacked: true,
          min: 0,
          max: 100,
          link: TO_PIPELINE,
          width: 12,
          height: 8,
        }),
      ],
    },
    ALERT_STEPS,
  ],
};
