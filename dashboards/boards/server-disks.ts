import type { Row } from '../board.ts';
import { table } from '../panel/panel.ts';
import { last, max, perSecond } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { IS_BAD, IS_GOOD, text, trend } from './shape.ts';
import { HOST } from './variables.ts';

const HERE = tag('host').isIn(HOST);

/** Use, waiting and errors of the disks of a server. */
export const SERVER_DISKS: Row = {
  title: text('Disks', 'Đĩa'),
  closed: true,
  panels: [
    trend({
      title: text('File systems', 'Hệ thống tệp'),
      about: text('Used.', 'Đã dùng.'),
      queries: [select('disk', max('used_percent')).where(HERE).by('path').series()],
      thresholds: { rule: 'disk_full' },
      rules: ['disk_full', 'disk_filling'],
      link: TO_ALERTS,
      min: 0,
      max: 100,
    }),
    trend({
      title: text('Inodes', 'Inode'),
      about: text('Used.', 'Đã dùng.'),
      queries: [select('disk', max('inodes_used_percent')).where(HERE).by('path').series()],
      thresholds: { rule: 'inodes_full' },
      rules: ['inodes_full'],
      link: TO_ALERTS,
      min: 0,
      max: 100,
    }),
    trend({
      title: text('Queue of the disks', 'Hàng đợi của đĩa'),
      about: text(
        'Milliseconds of waiting in a second: 1000 is one request that always waits.',
        'Số mili giây chờ mỗi giây: 1000 là luôn có một yêu cầu phải chờ.',
      ),
      queries: [
        select('diskio', perSecond('weighted_io_time', { unit: 'suffix: ms/s' }))
          .where(HERE)
          .by('name')
          .series(),
      ],
      thresholds: { rule: 'disk_queue_long' },
      rules: ['disk_queue_long'],
      link: TO_ALERTS,
      min: 0,
    }),
    trend({
      title: text('Read and written', 'Đọc và ghi'),
      about: text('Written is drawn below zero.', 'Chiều ghi vẽ dưới mức 0.'),
      queries: [
        select('diskio', perSecond('read_bytes', { unit: 'Bps', label: text('read', 'đọc') }))
          .where(HERE)
          .by('name')
          .series(),
        select('diskio', perSecond('write_bytes', { unit: 'Bps', label: text('written', 'ghi') }))
          .where(HERE)
          .by('name')
          .series(),
      ],
      below: ['write_bytes'],
      link: TO_ALERTS,
    }),
    table({
      title: text('Health of the disks', 'Sức khỏe của đĩa'),
      about: text('By their own account (SMART).', 'Theo đĩa tự báo (SMART).'),
      queries: [
        select(
          'smart_device',
          last('health_ok', { label: text('Healthy', 'Tốt'), mapping: IS_GOOD, link: TO_ALERTS }),
          last('pending_sector_count', {
            label: text('Unreadable sectors', 'Cung không đọc được'),
            thresholds: { rule: 'disk_wearing' },
            link: TO_ALERTS,
          }),
          last('temp_c', { label: text('Temperature', 'Nhiệt độ') }),
          last('power_on_hours', { label: text('In use for', 'Đã chạy') }),
        )
          .where(HERE)
          .by('device', 'model')
          .now(15),
      ],
      rules: ['disk_health', 'disk_wearing'],
      unit: 'none',
      width: 8,
      height: 8,
    }),
    table({
      title: text('What the disks count', 'Bộ đếm lỗi của đĩa'),
      about: text(
        'Attributes that tell of a failing disk; raw value above 0 is a sign.',
        'Thuộc tính báo đĩa sắp hỏng; giá trị thô lớn hơn 0 là dấu hiệu.',
      ),
      queries: [
        select(
          'smart_attribute',
          last('raw_value', {
            label: text('Raw value', 'Giá trị thô'),
            thresholds: { rule: 'disk_attributes' },
            link: TO_ALERTS,
          }),
        )
          .where(HERE, tag('id').isOneOf(['5', '187', '188', '197', '198']))
          .by('device', 'name')
          .now(15),
      ],
      sortBy: { column: 'raw_value', descending: true },
      rules: ['disk_attributes'],
      unit: 'none',
      width: 8,
      height: 8,
    }),
    table({
      title: text('Arrays', 'Mảng đĩa'),
      about: text('Software RAID.', 'RAID phần mềm.'),
      queries: [
        select(
          'mdstat',
          last('degraded', { label: text('Degraded', 'Suy giảm'), mapping: IS_BAD, link: TO_ALERTS }),
          last('disks_active', { label: text('At work', 'Đang hoạt động') }),
          last('disks_total', { label: text('Of', 'Trên tổng') }),
          last('blocks_synced_pct', { label: text('Rebuilt', 'Đã khôi phục'), decimals: 0 }),
        )
          .where(HERE)
          .by('name')
          .now(15),
      ],
      rules: ['raid_degraded'],
      unit: 'none',
      width: 24,
      height: 6,
    }),
  ],
};
