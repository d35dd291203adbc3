import type { Mapping } from '../panel/mapping.ts';
import { states, type Panel } from '../panel/panel.ts';
import { always, min, sum } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { IS_GOOD, text, trend } from './shape.ts';
import { DEVICE } from './variables.ts';

const HERE = tag('device').isIn(DEVICE);
const WORKS: Mapping = IS_GOOD;

/** The modem of a device. */
export const NODE_RADIO: readonly Panel[] = [
  trend({
    title: text('Level (RSRP)', 'Mức thu (RSRP)'),
    about: text('The lowest of each interval.', 'Thấp nhất trong mỗi khoảng.'),
    queries: [select('cellular', min('rsrp_dbm')).where(HERE).by('operator', 'rat').series()],
    thresholds: { rule: 'signal_weak' },
    rules: ['signal_weak', 'signal_below_ward', 'coverage_dip', 'coverage_dip_operator'],
    link: TO_ALERTS,
    stepS: 10,
  }),
  trend({
    title: text('Signal to noise (SINR)', 'Tín hiệu trên nhiễu (SINR)'),
    about: text(
      'The lowest of each interval. Level good and this bad: interference.',
      'Thấp nhất trong mỗi khoảng. Mức thu tốt mà chỉ số này xấu: bị nhiễu.',
    ),
    queries: [select('cellular', min('sinr_db')).where(HERE).by('operator', 'rat').series()],
    thresholds: { rule: 'signal_disturbed' },
    rules: ['signal_disturbed'],
    link: TO_ALERTS,
    stepS: 10,
  }),
  states({
    title: text('Registered', 'Đã đăng ký mạng'),
    about: text('On a network, by technology.', 'Đăng ký mạng, theo công nghệ.'),
    queries: [select('cellular', always('registered')).where(HERE).by('operator', 'rat').series()],
    mapping: WORKS,
    rules: ['modem_not_registered', 'coverage_fallback'],
    link: TO_ALERTS,
    stepS: 10,
    width: 8,
    height: 8,
  }),
  trend({
    title: text('Signal dips', 'Số lần sụt sóng'),
    about: text(
      'Dips of ten seconds or more, and how long they lasted.',
      'Các lần sụt từ mười giây, và tổng thời gian.',
    ),
    queries: [
      select('signal_dip', sum('duration_s', { label: text('In dips', 'Thời gian sụt') }))
        .where(HERE)
        .series(0),
    ],
    rules: ['signal_weak'],
    link: TO_ALERTS,
    bars: true,
    stepS: 300,
    width: 24,
    height: 6,
  }),
];
