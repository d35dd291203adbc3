import type { Row } from '../board.ts';
import { last, max, perSecond } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_ALERTS } from './links.ts';
import { text, trend } from './shape.ts';
import { HOST } from './variables.ts';

const HERE = tag('host').isIn(HOST);

/** What a server sends, and the tables of its kernel. */
export const SERVER_NETWORK: Row = {
  title: text('Network and kernel', 'Mạng và nhân hệ điều hành'),
  closed: true,
  panels: [
    trend({
      title: text('Network cards', 'Card mạng'),
      about: text('Sent is drawn below zero.', 'Chiều gửi vẽ dưới mức 0.'),
      queries: [
        select('net', perSecond('bytes_recv', { unit: 'Bps', label: text('received', 'nhận') }))
          .where(HERE)
          .by('interface')
          .series(),
        select('net', perSecond('bytes_sent', { unit: 'Bps', label: text('sent', 'gửi') }))
          .where(HERE)
          .by('interface')
          .series(),
      ],
      below: ['bytes_sent'],
      link: TO_ALERTS,
    }),
    trend({
      title: text('Damaged packets', 'Gói tin lỗi'),
      about: text(
        'Received damaged and all that were received: the rule judges their ratio over an hour.',
        'Số gói nhận lỗi và tổng số gói nhận: quy tắc xét tỷ lệ trong một giờ.',
      ),
      queries: [
        select('net', perSecond('err_in', { unit: 'pps', label: text('damaged', 'lỗi') }))
          .where(HERE)
          .by('interface')
          .series(),
        select('net', perSecond('packets_recv', { unit: 'pps', label: text('all', 'tất cả') }))
          .where(HERE)
          .by('interface')
          .series(),
      ],
      rules: ['net_errors_in'],
      link: TO_ALERTS,
      min: 0,
    }),
    trend({
      title: text('Tables of the kernel', 'Bảng của nhân'),
      about: text(
        'Connections followed and files open, and how many may be.',
        'Kết nối theo dõi, tệp đang mở, và mức tối đa.',
      ),
      queries: [
        select('conntrack', max('ip_conntrack_count', { label: text('Connections', 'Kết nối') }))
          .where(HERE)
          .series(),
        select('conntrack', last('ip_conntrack_max', { label: text('Connections, most', 'Kết nối, tối đa') }))
          .where(HERE)
          .series(),
        select('linux_sysctl_fs', max('file_nr', { label: text('Files', 'Tệp') }))
          .where(HERE)
          .series(),
        select('linux_sysctl_fs', last('file_max', { label: text('Files, most', 'Tệp, tối đa') }))
          .where(HERE)
          .series(),
      ],
      rules: ['conntrack_full', 'file_handles_full'],
      link: TO_ALERTS,
      min: 0,
    }),
  ],
};
