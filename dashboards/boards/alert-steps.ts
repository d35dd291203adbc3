import type { Row } from '../board.ts';
import { SEVERITIES } from '../panel/mapping.ts';
import { table } from '../panel/panel.ts';
import { tagValue, value } from '../query/column.ts';
import { tag } from '../query/condition.ts';
import { select } from '../query/select.ts';
import { TO_UNIT } from './links.ts';
import { text } from './shape.ts';
import { SEVERITY, UNITS } from './variables.ts';

const HERE = tag('unit').isIn(UNITS);
const GRAVE = tag('severity').isIn(SEVERITY);

/** Each step of each alert, newest first. */
export const ALERT_STEPS: Row = {
  title: text('Steps', 'Từng bước'),
  closed: true,
  panels: [
    table({
      title: text('Steps in the life of alerts', 'Các bước trong vòng đời cảnh báo'),
      about: text('Newest first, at most 200.', 'Mới nhất ở trên, nhiều nhất 200.'),
      queries: [
        select(
          'alert_event',
          tagValue('severity', { mapping: SEVERITIES }),
          value('event', { label: text('Step', 'Bước') }),
          value('title', { label: text('What', 'Việc gì'), only: 'en' }),
          value('title_vi', { label: text('What (Vietnamese)', 'Việc gì'), only: 'vi' }),
          tagValue('resource'),
          value('qualifier', { label: text('Part', 'Phần') }),
          tagValue('unit', { link: TO_UNIT }),
          value('by', { label: text('By', 'Người thực hiện') }),
          value('suppressed_by', { label: text('Not told because of', 'Không báo vì') }),
          value('value', { label: text('Value', 'Giá trị') }),
        )
          .where(HERE, GRAVE)
          .rows(200),
      ],
      showsTime: true,
      unit: 'none',
      width: 24,
      height: 12,
    }),
  ],
};
