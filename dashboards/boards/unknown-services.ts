import { COLOUR } from '../panel/colour.ts';
import { stat, type Stat } from '../panel/panel.ts';
import { badAbove } from '../panel/thresholds.ts';
import { last } from '../query/column.ts';
import { select } from '../query/select.ts';
import { TO_AGENTS } from './links.ts';
import { text } from './shape.ts';

/** Stands beside the number of services that are down: 0 there says little while these are not 0. */
export function unknownServices(size: { readonly width: number; readonly height: number }): Stat {
  return stat({
    title: text('Services not known', 'Dịch vụ không rõ trạng thái'),
    about: text(
      'Neither good nor bad: of what they need, something reports nothing. Those to which the way is cut count as down.',
      'Không tốt cũng không xấu: một phần mà dịch vụ cần không gửi số đo. Dịch vụ bị cắt đường tới được tính là ngừng.',
    ),
    queries: [
      select(
        'city_state',
        last('services_unknown', { label: text('Unknown', 'Không rõ'), link: TO_AGENTS }),
      ).now(),
    ],
    thresholds: badAbove(1, COLOUR.unknown, COLOUR.good),
    decimals: 0,
    ...size,
  });
}
