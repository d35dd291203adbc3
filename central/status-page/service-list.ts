import { describeDuration } from '../../runtime/duration.ts';
import type { ServiceState } from '../health/services/judge-service.ts';
import type { ServiceView } from '../health/services/service-view.ts';
import { both, html, type Html } from './html.ts';

export type ShownService = Pick<ServiceView, 'id' | 'name' | 'state' | 'reason' | 'sinceMs'>;

const SHOWN = 10;
/** The worst first. */
const ORDER: readonly ServiceState[] = ['down', 'unknown', 'degraded'];

const MARKS: Readonly<Record<ServiceState, Html>> = {
  up: html`<span class="mark up">● ${both('tốt', '/ up')}</span>`,
  degraded: html`<span class="mark alert">◐ ${both('suy giảm', '/ degraded')}</span>`,
  unknown: html`<span class="mark unknown">◇ ${both('không rõ', '/ unknown')}</span>`,
  down: html`<span class="mark down">■ ${both('mất', '/ down')}</span>`,
};

/** Services of the city that are not up; nothing if all are. */
export function serviceList(services: readonly ShownService[], nowMs: number): Html {
  const wrong = services
    .filter(({ state }) => state !== 'up')
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  if (wrong.length === 0) return html``;
  const items = wrong.slice(0, SHOWN).map(
    ({ name, state, reason, sinceMs }) =>
      html`<li>
        ${MARKS[state]} <b>${name}</b>: <span lang="en">${reason}</span> ·
        ${both('từ', '/ since')} ${describeDuration(nowMs - sinceMs)}
      </li>`,
  );
  const more = wrong.length - items.length;
  return html`<section>
    <h2>${both('Dịch vụ của thành phố', '/ city services')}</h2>
    <ul>
      ${items}
    </ul>
    ${more > 0 ? html`<p>+ ${more}</p>` : ''}
  </section>`;
}
