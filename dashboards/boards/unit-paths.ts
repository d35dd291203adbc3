import type { Panel } from '../panel/panel.ts';
import { max, min } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { text, trend } from './shape.ts';
import { UNIT } from './variables.ts';

const HERE = tag('unit').isIn(UNIT);

/** What the agents of one unit measure of their paths and access lines. */
export const UNIT_PATHS: readonly Panel[] = [
  trend({
    title: text('Delay of paths', 'Trễ trên tuyến'),
    about: text(
      'By target and line, the highest of each interval.',
      'Theo đích và đường truyền, cao nhất trong mỗi khoảng.',
    ),
    queries: [select('path', max('latency_ms')).where(HERE).by('target', 'line').series()],
    thresholds: { rule: 'path_latency' },
    rules: ['path_latency'],
    link: TO_ALERTS,
    min: 0,
  }),
  trend({
    title: text('Loss on paths', 'Mất gói trên tuyến'),
    about: text('By target and line.', 'Theo đích và đường truyền.'),
    queries: [select('path', max('loss_pct')).where(HERE).by('target', 'line').series()],
    thresholds: { rule: 'path_loss' },
    rules: ['path_loss'],
    link: TO_ALERTS,
    min: 0,
    max: 100,
  }),
  trend({
    title: text('Quality for calls', 'Chất lượng cho cuộc gọi'),
    about: text(
      'Estimated opinion score, 1 bad to 4.5 perfect.',
      'Điểm ước lượng, 1 rất kém đến 4,5 hoàn hảo.',
    ),
    queries: [select('path', min('mos_est')).where(HERE).by('target', 'line').series()],
    thresholds: { rule: 'call_quality_low' },
    rules: ['call_quality_low'],
    link: TO_ALERTS,
    min: 1,
    max: 4.5,
  }),
  trend({
    title: text('Access lines', 'Đường truy nhập'),
    about: text('How full they are, the busier direction.', 'Mức dùng, chiều bận hơn.'),
    queries: [select('path', max('utilization_pct')).where(HERE).by('line').series()],
    thresholds: { rule: 'line_full' },
    rules: ['line_full'],
    link: TO_ALERTS,
    min: 0,
    max: 100,
  }),
  trend({
    title: text('Light at the subscriber', 'Công suất quang tại thuê bao'),
    about: text('Received by the optical terminal.', 'Công suất thu tại thiết bị quang.'),
    queries: [select('path', min('onu_rx_dbm')).where(HERE).by('line').series()],
    thresholds: { rule: 'optical_power_low' },
    rules: ['optical_power_low'],
    link: TO_ALERTS,
    stepS: 300,
  }),
  trend({
    title: text('Ping: delay', 'Ping: trễ'),
    about: text(
      'Mean round-trip time of a burst, by address.',
      'Thời gian khứ hồi trung bình của một loạt gói, theo địa chỉ.',
    ),
    queries: [select('ping', max('average_response_ms')).where(HERE).by('url').series()],
    thresholds: { rule: 'ping_slow' },
    rules: ['ping_slow'],
    link: TO_ALERTS,
    min: 0,
  }),
  trend({
    title: text('Ping: loss', 'Ping: mất gói'),
    about: text('By address.', 'Theo địa chỉ.'),
    queries: [select('ping', max('percent_packet_loss')).where(HERE).by('url').series()],
    thresholds: { rule: 'ping_loss' },
    rules: ['ping_loss'],
    link: TO_ALERTS,
    min: 0,
    max: 100,
    width: 12,
  }),
  trend({
    title: text('Ping: delay varies', 'Ping: biến thiên trễ'),
    about: text('Between consecutive probes, p95.', 'Giữa hai gói liền nhau, p95.'),
    queries: [select('ping', max('ipdv_p95_ms')).where(HERE).by('url').series()],
    thresholds: { rule: 'jitter_high' },
    rules: ['jitter_high'],
    link: TO_ALERTS,
    min: 0,
    width: 12,
  }),
];
