import type { Board } from '../board.ts';
import { last, max, min } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS, TO_POOLS } from './links.ts';
import { text, trend, tile } from './shape.ts';
import { HOST } from './variables.ts';
import { SERVER_DISKS } from './server-disks.ts';
import { SERVER_NETWORK } from './server-network.ts';
import { SERVER_SERVICES } from './server-services.ts';

const HERE = tag('host').isIn(HOST);
const WHOLE_CPU = tag('cpu').is('cpu-total');

/** A server, by the USE method: how busy each resource is, what waits for it, what fails. */
export const DC_SERVER: Board = {
  uid: 'dc-server',
  folder: 'Datacentre',
  scope: 'detail',
  title: text('Server', 'Máy chủ'),
  about: text(
    'One server: use, saturation and errors of CPU, memory, disks and network.',
    'Một máy chủ: mức dùng, mức nghẽn và lỗi của CPU, bộ nhớ, đĩa, mạng.',
  ),
  variables: [HOST],
  from: 'now-6h',
  refresh: '1m',
  rows: [
    {
      panels: [
        tile({
          title: text('CPU', 'CPU'),
          about: text('Everything but idle.', 'Toàn bộ thời gian không rảnh.'),
          queries: [
            select('cpu', last('usage_active', { link: TO_ALERTS }))
              .where(HERE, WHOLE_CPU)
              .now(),
          ],
          thresholds: { rule: 'cpu_busy' },
          rules: ['cpu_busy', 'server_overloaded'],
          decimals: 0,
        }),
        tile({
          title: text('Memory left', 'Bộ nhớ còn lại'),
          about: text('Can be used without swapping.', 'Có thể dùng ngay.'),
          queries: [
            select('mem', last('available_percent', { link: TO_ALERTS }))
              .where(HERE)
              .now(),
          ],
          thresholds: { rule: 'memory_low' },
          rules: ['memory_low', 'memory_exhausted'],
          decimals: 0,
        }),
        tile({
          title: text('Fullest disk', 'Đĩa đầy nhất'),
          about: text('Of all file systems.', 'Trong các hệ thống tệp.'),
          queries: [
            select('disk', max('used_percent', { link: TO_POOLS }))
              .where(HERE)
              .now(),
          ],
          thresholds: { rule: 'disk_full' },
          rules: ['disk_full', 'disk_filling', 'disk_days_to_full'],
          decimals: 0,
        }),
        tile({
          title: text('Load', 'Tải'),
          about: text(
            'Mean run queue over 1 min; the rule judges it for each CPU.',
            'Hàng đợi chạy trung bình 1 phút; quy tắc tính theo từng CPU.',
          ),
          queries: [
            select('system', last('load1', { link: TO_ALERTS }))
              .where(HERE)
              .now(),
          ],
          thresholds: 'none',
          rules: ['load_high', 'server_overloaded'],
          decimals: 1,
        }),
        tile({
          title: text('Hottest sensor to its limit', 'Cảm biến nóng nhất còn cách ngưỡng'),
          about: text(
            'Degrees left to the critical limit of its maker.',
            'Số độ còn lại tới ngưỡng nguy hiểm của nhà sản xuất.',
          ),
          queries: [
            select('temp', min('crit_margin_celsius', { link: TO_ALERTS }))
              .where(HERE)
              .now(10),
          ],
          thresholds: { rule: 'hardware_hot' },
          rules: ['hardware_hot', 'temperature_differs'],
          decimals: 0,
        }),
        tile({
          title: text('Up since', 'Đã chạy'),
          about: text('Time since boot.', 'Thời gian từ khi khởi động.'),
          queries: [
            select('system', last('uptime', { link: TO_ALERTS }))
              .where(HERE)
              .now(),
          ],
          thresholds: 'none',
        }),
      ],
    },
    {
      title: text('CPU', 'CPU'),
      panels: [
        trend({
          title: text('CPU', 'CPU'),
          about: text(
            'Use; the part that other virtual machines take; idle while waiting for disks.',
            'Mức dùng; phần máy ảo khác chiếm; rảnh do chờ đĩa.',
          ),
          queries: [
            select(
              'cpu',
              max('usage_active', { label: text('Busy', 'Bận') }),
              max('usage_steal', { label: text('Taken by others', 'Bị chiếm') }),
              max('usage_iowait', { label: text('Waits for disks', 'Chờ đĩa') }),
            )
              .where(HERE, WHOLE_CPU)
              .series(),
          ],
          thresholds: { rule: 'cpu_busy' },
          rules: ['cpu_busy', 'cpu_steal', 'server_overloaded'],
          link: TO_ALERTS,
          min: 0,
          max: 100,
        }),
        trend({
          title: text('Load', 'Tải'),
          about: text(
            'Run queue and the number of CPUs: more in the queue than CPUs means that work waits.',
            'Hàng đợi chạy và số CPU: hàng đợi dài hơn số CPU nghĩa là công việc phải chờ.',
          ),
          queries: [
            select(
              'system',
              max('load1', { label: text('1 min', '1 phút') }),
              max('load15', { label: text('15 min', '15 phút') }),
              last('n_cpus', { label: text('CPUs', 'Số CPU'), unit: 'none' }),
            )
              .where(HERE)
              .series(),
          ],
          rules: ['load_high', 'server_overloaded'],
          link: TO_ALERTS,
          min: 0,
        }),
        trend({
          title: text('Work that waits', 'Công việc phải chờ'),
          about: text(
            'Pressure (PSI): time in which some or all tasks stood still, by resource.',
            'Áp lực (PSI): thời gian một số hoặc mọi tác vụ đình trệ, theo tài nguyên.',
          ),
          queries: [
            select('pressure', max('avg60', { label: text('60 s', '60 giây') }))
              .where(HERE)
              .by('resource', 'type')
              .series(),
            select('pressure', max('avg300', { label: text('300 s', '300 giây') }))
              .where(HERE)
              .by('resource', 'type')
              .series(),
          ],
          rules: ['pressure_cpu', 'pressure_io', 'pressure_memory', 'memory_exhausted'],
          link: TO_ALERTS,
          min: 0,
        }),
      ],
    },
    {
      title: text('Memory', 'Bộ nhớ'),
      panels: [
        trend({
          title: text('Memory', 'Bộ nhớ'),
          about: text(
            'Can be used without swapping, of what is installed.',
            'Phần dùng ngay được trên tổng.',
          ),
          queries: [
            select('mem', min('available_percent', { label: text('Left', 'Còn lại') }))
              .where(HERE)
              .series(),
          ],
          thresholds: { rule: 'memory_low' },
          rules: ['memory_low', 'memory_exhausted'],
          link: TO_ALERTS,
          min: 0,
          max: 100,
          width: 12,
        }),
        trend({
          title: text('Swap', 'Vùng tráo đổi'),
          about: text('In use.', 'Đang dùng.'),
          queries: [
            select('swap', max('used_percent', { label: text('Used', 'Đã dùng') }))
              .where(HERE)
              .series(),
          ],
          thresholds: { rule: 'swap_full' },
          rules: ['swap_full', 'memory_exhausted'],
          link: TO_ALERTS,
          min: 0,
          max: 100,
          width: 12,
        }),
      ],
    },
    SERVER_DISKS,
    SERVER_NETWORK,
    SERVER_SERVICES,
  ],
};
