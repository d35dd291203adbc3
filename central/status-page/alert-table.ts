import { describeDuration } from '../../runtime/duration.ts';
import { both, html, type Html } from './html.ts';

export interface ShownAlert {
  /** About Wardwatch itself. */
  readonly isOwn: boolean;
  readonly severity: string;
  readonly titleVi: string;
  readonly titleEn: string;
  /** From the whole to the part: unit, device, sensor. */
  readonly where: string;
  readonly value: string;
  readonly sinceMs: number;
}

const MARKS: Readonly<Record<string, string>> = { critical: '■', major: '▲', minor: '◆', warning: '△' };

const OWN = html`<b>⚙ Wardwatch:</b> `;

/** What no alert means. */
export interface Watch {
  /** False while nothing could raise an alert. */
  readonly isJudging: boolean;
  /** Agents that do not report. */
  readonly notLive: number;
}

/** `alerts` are those shown; `total` counts all. */
export function alertTable(alerts: readonly ShownAlert[], total: number, nowMs: number, watch: Watch): Html {
  if (alerts.length === 0) return noAlert(watch);
  const rows = alerts.map(
    (alert) =>
      html`<tr class="${alert.severity}${alert.isOwn ? ' own' : ''}">
        <td lang="en">${MARKS[alert.severity] ?? '○'} ${alert.severity}</td>
        <td>${alert.isOwn ? OWN : ''}${both(alert.titleVi, alert.titleEn)}</td>
        <td>${alert.where}</td>
        <td>${alert.value}</td>
        <td>${describeDuration(nowMs - alert.sinceMs)}</td>
      </tr>`,
  );
  const more = total - alerts.length;
  return html`<table>
      <thead>
        <tr>
          <th scope="col">${both('Mức', '/ severity')}</th>
          <th scope="col">${both('Sự cố', '/ what')}</th>
          <th scope="col">${both('Ở đâu', '/ where')}</th>
          <th scope="col">${both('Giá trị', '/ value')}</th>
          <th scope="col">${both('Từ', '/ since')}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${more > 0 ? html`<p>+ ${more}</p>` : ''}`;
}

function noAlert({ isJudging, notLive }: Watch): Html {
  if (!isJudging)
    return html`<p>◇ ${both('Không rõ: không nhận được dữ liệu.', 'Unknown: no data is received.')}</p>`;
  if (notLive === 0) return html`<p class="calm">● ${both('Không có cảnh báo.', 'No active alert.')}</p>`;
  const text = both(
    `Không có cảnh báo từ các tác tử hoạt động; ${notLive} tác tử không báo cáo.`,
    `No active alert of the agents that are live; ${notLive} do not report.`,
  );
  return html`<p>◇ ${text}</p>`;
}
