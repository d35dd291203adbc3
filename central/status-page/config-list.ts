import type { ConfigStanding } from '../agent-config/standing.ts';
import { both, html, type Html } from './html.ts';

export interface ShownConfig extends ConfigStanding {
  readonly agent: string;
}

/** Agents that run another config than the one they should; nothing when all do. `total` may be more than are shown. */
export function configSection(failed: readonly ShownConfig[], total: number): Html {
  if (failed.length === 0) return html``;
  const items = failed.map(
    ({ agent, desired, problem }) =>
      html`<li>◆ <b>${agent}</b> ${both(`bản ${desired}`, `/ revision ${desired}`)}: ${problem?.reason ?? ''}</li>`,
  );
  const more = total - failed.length;
  return html`<section>
    <h2>${both('Cấu hình không được nhận', '/ configs not taken')}</h2>
    <ul>
      ${items}
    </ul>
    ${more > 0 ? html`<p>+ ${more}</p>` : ''}
  </section>`;
}
