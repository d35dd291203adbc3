import type { Row } from '../board.ts';
import { COLOUR } from '../panel/colour.ts';
import { table } from '../panel/panel.ts';
import { last, max, mean } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { IS_GOOD, text, trend } from './shape.ts';
import { HOST } from './variables.ts';

const HERE = tag('host').isIn(HOST);

/** What runs on a server, and its clock. */
export const SERVER_SERVICES: Row = {
  title: text('Services, containers, clock', 'Dịch vụ, container, đồng hồ'),
  closed: true,
  panels: [
    table({
      title: text('Services of the system', 'Dịch vụ hệ thống'),
      about: text('Failed and restarting ones first.', 'Dịch vụ hỏng và khởi động lại ở trên.'),
      queries: [
        select(
          'systemd_units',
          last('active_code', {
            label: text('State', 'Trạng thái'),
            mapping: {
              0: { text: text('active', 'hoạt động'), colour: COLOUR.good },
              1: { text: text('reloading', 'đang nạp lại'), colour: COLOUR.plain },
              2: { text: text('inactive', 'không chạy'), colour: COLOUR.plain },
              3: { text: text('failed', 'hỏng'), colour: COLOUR.critical },
              4: { text: text('activating', 'đang khởi động'), colour: COLOUR.minor },
              5: { text: text('deactivating', 'đang dừng'), colour: COLOUR.minor },
            },
            link: TO_ALERTS,
          }),
          last('restarts_5min', {
            label: text('Restarts in 5 min', 'Khởi động lại trong 5 phút'),
            thresholds: { rule: 'unit_restarting' },
          }),
        )
          .where(HERE)
          .by('name')
          .now(),
      ],
      sortBy: { column: 'active_code', descending: true },
      limit: 100,
      rules: ['unit_failed', 'unit_restarting'],
      unit: 'none',
      width: 8,
      height: 9,
    }),
    table({
      title: text('Containers', 'Container'),
      about: text('Memory, and what was killed or restarted.', 'Bộ nhớ, số lần bị diệt hoặc khởi động lại.'),
      queries: [
        select(
          'container',
          last('memory_pct', { label: text('Memory', 'Bộ nhớ'), decimals: 0 }),
          last('oom_kills_5min', {
            label: text('Killed in 5 min', 'Bị diệt trong 5 phút'),
            thresholds: { rule: 'container_out_of_memory' },
            link: TO_ALERTS,
          }),
          last('restarts_5min', {
            label: text('Restarts in 5 min', 'Khởi động lại trong 5 phút'),
            thresholds: { rule: 'container_restarting' },
            link: TO_ALERTS,
          }),
        )
          .where(HERE)
          .by('container', 'name')
          .now(),
      ],
      sortBy: { column: 'oom_kills_5min', descending: true },
      rules: ['container_out_of_memory', 'container_restarting'],
      unit: 'none',
      width: 8,
      height: 9,
    }),
    trend({
      title: text('Clock', 'Đồng hồ'),
      about: text(
        'Against true time; above 0 is fast. Broken line: not synchronised, nothing is known.',
        'So với giờ thật; trên 0 là chạy nhanh. Đường đứt: chưa đồng bộ, không biết.',
      ),
      queries: [
        select('chrony', mean('system_time', { label: text('Offset', 'Độ lệch') }))
          .where(HERE)
          .series(),
      ],
      rules: ['clock_ahead', 'clock_behind'],
      link: TO_ALERTS,
      width: 8,
      height: 9,
    }),
    table({
      title: text('Clock is synchronised', 'Đồng bộ đồng hồ'),
      about: text('And by which source.', 'Và theo nguồn nào.'),
      queries: [
        select(
          'chrony',
          last('synchronised', {
            label: text('Synchronised', 'Đã đồng bộ'),
            mapping: IS_GOOD,
            link: TO_ALERTS,
          }),
        )
          .where(HERE)
          .by('source')
          .now(),
      ],
      rules: ['clock_not_synchronised'],
      unit: 'none',
      width: 8,
      height: 5,
    }),
    trend({
      title: text('Temperatures', 'Nhiệt độ'),
      about: text('Of the sensors of the server.', 'Của các cảm biến trong máy chủ.'),
      queries: [select('temp', max('temp')).where(HERE).by('sensor').series()],
      rules: ['temperature_differs', 'hardware_hot'],
      link: TO_ALERTS,
      width: 16,
    }),
  ],
};
