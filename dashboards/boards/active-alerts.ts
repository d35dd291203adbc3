import type { Text } from '../../contract/catalogue.ts';
import type { Link } from '../panel/link.ts';
import { SEVERITIES } from '../panel/mapping.ts';
import { table, type Table } from '../panel/panel.ts';
import type { Condition } from '../query/condition.ts';
import { last } from '../query/column.ts';
import { select } from '../query/select.ts';

/** Written each minute; what is not in the newest is over. */
const NEWEST_MINUTES = 2;

interface Draft {
  readonly title: Text;
  readonly width: number;
  readonly height: number;
  readonly link: Link;
  readonly where?: readonly Condition<'rule' | 'severity' | 'unit', 'tag'>[];
}

/** What is broken, where, since when, and who has it. */
export function activeAlerts({ title, width, height, link, where = [] }: Draft): Table {
  return table({
    title,
    about: {
      en: 'Alerts that are not over, by rule, severity and unit, gravest first. Each row names the oldest of its alerts and who is to see to it; an empty list with data elsewhere means that nothing is open.',
      vi: 'Các cảnh báo chưa hết, gộp theo quy tắc, mức độ và đơn vị, nặng nhất ở trên. Mỗi dòng nêu cảnh báo cũ nhất và người phụ trách; danh sách trống trong khi các ô khác có dữ liệu nghĩa là không còn cảnh báo.',
    },
    queries: [
      select(
        'alert_active',
        last('severity_code', { hidden: true }),
        last('title', { label: { en: 'What', vi: 'Việc gì' }, only: 'en', link }),
        last('title_vi', { label: { en: 'What (Vietnamese)', vi: 'Việc gì' }, only: 'vi', link }),
        last('unit_name', { label: { en: 'Unit', vi: 'Đơn vị' }, link, widthPx: 160 }),
        last('resource', {
          as: 'oldest',
          label: { en: 'Oldest at', vi: 'Đối tượng' },
          link,
          widthPx: 180,
        }),
        last('oldest_s', { label: { en: 'Since', vi: 'Kéo dài' }, link, widthPx: 100 }),
        last('assignee', {
          label: { en: 'Who has it', vi: 'Phụ trách' },
          absent: { en: 'nobody', vi: 'chưa ai' },
          widthPx: 125,
        }),
        last('unacknowledged_count', { label: { en: 'New', vi: 'Chưa nhận' }, widthPx: 120 }),
        last('alerts_count', { label: { en: 'Alerts', vi: 'Số lượng' }, widthPx: 110 }),
      )
        .where(...where)
        .by('severity', 'unit', 'rule')
        .now(NEWEST_MINUTES),
    ],
    tags: { severity: SEVERITIES },
    hiddenTags: ['rule', 'unit'],
    sortBy: { column: 'severity_code', descending: false },
    limit: 100,
    width,
    height,
  });
}
