import type { Row } from '../board.ts';
import { stat } from '../panel/panel.ts';
import { last, max, min } from '../query/column.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { text, trend } from './shape.ts';

const PIPELINE = 'pipeline';
/** Central writes them every ten seconds. */
const STEP_S = 10;

/** What central takes of its machine. */
export const CENTRAL_MACHINE: Row = {
  title: text('Machine and files of central', 'Máy và tệp của trung tâm'),
  closed: true,
  panels: [
    trend({
      title: text('Disk', 'Đĩa'),
      about: text('Of the file system of the data directory.', 'Của hệ thống tệp chứa dữ liệu.'),
      queries: [select(PIPELINE, max('data_disk_used_percent', { label: text('Used', 'Đã dùng') })).series()],
      thresholds: { rule: 'central_disk_filling' },
      rules: ['central_disk_filling'],
      link: TO_ALERTS,
      min: 0,
      max: 100,
    }),
    trend({
      title: text('CPU and memory', 'CPU và bộ nhớ'),
      about: text('Of the process.', 'Của tiến trình.'),
      queries: [
        select(
          PIPELINE,
          max('cpu_percent', { label: text('CPU', 'CPU') }),
          max('rss_bytes', { label: text('Memory', 'Bộ nhớ') }),
        ).series(),
      ],
      rules: ['central_stalled'],
      link: TO_ALERTS,
      min: 0,
    }),
    trend({
      title: text('Stood still', 'Đứng yên'),
      about: text(
        'Time in which central did nothing, since the sample before.',
        'Thời gian trung tâm đứng yên từ mẫu trước.',
      ),
      queries: [
        select(
          PIPELINE,
          max('stalled_ms', { label: text('Stood still', 'Đứng yên') }),
          max('event_loop_delay_p99_ms', { label: text('Event loop, p99', 'Vòng lặp, p99') }),
        ).series(),
      ],
      thresholds: { rule: 'central_stalled' },
      rules: ['central_stalled'],
      link: TO_ALERTS,
      min: 0,
      stepS: STEP_S,
    }),
    stat({
      title: text('Last backup', 'Sao lưu gần nhất'),
      about: text('Time since the last whole one.', 'Thời gian từ bản đầy đủ gần nhất.'),
      queries: [select(PIPELINE, last('backup_age_s', { link: TO_ALERTS })).now(2)],
      thresholds: { rule: 'central_backup_overdue' },
      rules: ['central_backup_overdue'],
      width: 6,
      height: 4,
    }),
    stat({
      title: text('Certificate ends in', 'Chứng thư số hết hạn sau'),
      about: text('The one that ends first.', 'Chứng thư hết hạn sớm nhất.'),
      queries: [select(PIPELINE, min('certificate_expires_in_s', { link: TO_ALERTS })).now(2)],
      thresholds: { rule: 'central_certificate_expiring' },
      rules: ['central_certificate_expiring'],
      width: 6,
      height: 4,
    }),
    stat({
      title: text('Long history behind', 'Lịch sử dài hạn chậm'),
      about: text(
        'Since minutes and hours were made of all samples that were due.',
        'Từ lần tổng hợp phút và giờ xong gần nhất.',
      ),
      queries: [select(PIPELINE, last('history_lag_s', { link: TO_ALERTS })).now(2)],
      thresholds: { rule: 'central_history_behind' },
      rules: ['central_history_behind'],
      width: 6,
      height: 4,
    }),
    stat({
      title: text('Files that are refused', 'Tệp bị từ chối'),
      about: text(
        'Problems of the inventory file and of the rules: the former ones stay in force.',
        'Lỗi của tệp danh mục và quy tắc: bản cũ vẫn có hiệu lực.',
      ),
      queries: [
        select(
          PIPELINE,
          last('inventory_file_problems', { label: text('Inventory', 'Danh mục'), link: TO_ALERTS }),
          last('rule_problems', { label: text('Rules', 'Quy tắc'), link: TO_ALERTS }),
          last('unexpected_devices', {
            label: text('Devices that it lacks', 'Thiết bị ngoài danh mục'),
            link: TO_ALERTS,
          }),
        ).now(2),
      ],
      thresholds: { rule: 'central_inventory_refused' },
      rules: [
        'central_inventory_refused',
        'central_rules_refused',
        'central_unexpected_devices',
        'inventory_lacks',
        'retired_still_reporting',
      ],
      decimals: 0,
      width: 6,
      height: 4,
    }),
  ],
};
