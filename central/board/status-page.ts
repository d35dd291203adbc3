import type { App, ApiDeps } from '../api/deps.ts';
import { unitViews, type UnitView } from '../inventory/city-views.ts';
import { html, type Html } from './html.ts';
import { STYLE } from './style.ts';

const REFRESH_S = 5;
const ALERTS_SHOWN = 25;

/** `GET /`: the state of the city at a glance, rendered here, without a script; the page reloads itself. */
export function statusPage(app: App, deps: ApiDeps): void {
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
      )
      .header('cache-control', 'no-store')
      .serializer((page: string) => page)
      .send(renderStatus(readStatus(deps)).text),
  );
}

export interface StatusAlert {
  readonly severity: string;
  readonly phase: string;
  readonly title: string;
  readonly where: string;
  readonly value: string;
  readonly sinceMs: number;
}

export interface Status {
  readonly nowMs: number;
  readonly version: string;
  readonly agents: {
    readonly live: number;
    readonly silent: number;
    readonly stopped: number;
    readonly never_seen: number;
  };
  readonly samplesPerS: number;
  readonly lagMs: number;
  readonly flowMode: string;
  readonly storeAvailable: boolean;
  readonly brokerConnected: boolean;
  readonly completeness: number | undefined;
  readonly alertsTotal: number;
  readonly alerts: readonly StatusAlert[];
  readonly units: readonly UnitView[];
}

export function readStatus(deps: ApiDeps): Status {
  const nowMs = deps.clock.now();
  const stats = deps.ingest.stats();
  const active = deps.alerts.active();
  return {
    nowMs,
    version: deps.version,
    agents: deps.registry.counts(nowMs),
    samplesPerS: deps.pointsPerS(),
    lagMs: stats.lagMs,
    flowMode: stats.flowMode,
    storeAvailable: stats.storeAvailable,
    brokerConnected: deps.broker.connected,
    completeness: completenessOf(deps),
    alertsTotal: active.length,
    alerts: active.slice(0, ALERTS_SHOWN).map((alert) => ({
      severity: alert.severity,
      phase: alert.phase,
      title: alert.title.vi,
      where: Object.values(alert.entity).join(' · '),
      value: alert.valueText,
      sinceMs: alert.startedAtMs,
    })),
    units: unitViews(deps, nowMs),
  };
}

function completenessOf(deps: ApiDeps): number | undefined {
  let stored = 0;
  let lost = 0;
  for (const entry of deps.ledger.entries()) {
    stored += countOf(entry.stored);
    lost += countOf(entry.declaredLost) + countOf(entry.missing);
  }
  return stored + lost === 0 ? undefined : stored / (stored + lost);
}

function countOf(ranges: readonly (readonly [number, number])[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

export function renderStatus(status: Status): Html {
  const time = new Date(status.nowMs).toLocaleString('vi-VN', {
    timeZone: 'Asia/Ho_Chi_Minh',
    hour12: false,
  });
  const notLive = status.agents.silent + status.agents.stopped + status.agents.never_seen;
  return html`<!doctype html>
    <html lang="vi">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="${REFRESH_S}" />
        <title>Wardwatch</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header>
          <h1>Wardwatch</h1>
          <p>Hạ tầng số thành phố <span lang="en">/ the city's digital infrastructure</span></p>
          <p class="time">${time} (UTC+7) · ${status.version} · <a href="/docs">API</a></p>
        </header>
        <section class="tiles" aria-label="Tổng quan / overview">
          ${tile('Đơn vị', 'units', status.units.length, '')}
          ${tile('Tác tử hoạt động', 'agents live', status.agents.live, notLive === 0 ? 'good' : 'warn', `${notLive} im lặng / silent`)}
          ${tile('Mẫu mỗi giây', 'samples per second', Math.round(status.samplesPerS), '')}
          ${tile('Độ trễ lưu trữ', 'lag to storage', `${Math.round(status.lagMs)} ms`, '', flowText(status))}
          ${tile('Độ đầy đủ', 'completeness', status.completeness === undefined ? '–' : percent(status.completeness), status.completeness === 1 ? 'good' : '', 'lô đã lưu / batches stored')}
          ${tile('Cảnh báo', 'active alerts', status.alertsTotal, status.alertsTotal === 0 ? 'good' : 'bad')}
        </section>
        <main>
          <section>
            <h2>Cảnh báo <span lang="en">/ alerts</span></h2>
            ${alertTable(status)}
          </section>
          <section>
            <h2>Phường, xã, đặc khu <span lang="en">/ wards, communes</span></h2>
            <p class="legend">${LEGEND}</p>
            <div class="units">${status.units.map(unitCard)}</div>
          </section>
        </main>
      </body>
    </html>`;
}

const LEGEND = html`<span class="mark up">● tốt / up</span> <span class="mark alert">▲ cảnh báo / alert</span>
  <span class="mark down">■ mất / down</span>
  <span class="mark unreachable">◧ không tới được / unreachable</span>
  <span class="mark unknown">◇ không rõ / unknown</span>`;

function tile(vi: string, en: string, value: string | number, mood: string, note = ''): Html {
  return html`<div class="tile ${mood}">
    <b>${value}</b><span>${vi}</span><span lang="en">${en}</span><small>${note}</small>
  </div>`;
}

function flowText(status: Status): string {
  if (!status.brokerConnected) return 'broker: mất kết nối / not connected';
  if (!status.storeAvailable) return 'kho: không ghi được / store down';
  return `luồng / flow: ${status.flowMode}`;
}

function alertTable(status: Status): Html {
  if (status.alerts.length === 0)
    return html`<p class="calm">● Không có cảnh báo. <span lang="en">No active alert.</span></p>`;
  const rows = status.alerts.map(
    (alert) =>
      html`<tr class="${alert.severity}">
        <td>${MARKS[alert.severity] ?? '○'} ${alert.severity}</td>
        <td>${alert.title}</td>
        <td>${alert.where}</td>
        <td>${alert.value}</td>
        <td>${ago(status.nowMs - alert.sinceMs)}</td>
      </tr>`,
  );
  const more = status.alertsTotal - status.alerts.length;
  return html`<table>
      <thead>
        <tr>
          <th>Mức / severity</th>
          <th>Sự cố / what</th>
          <th>Ở đâu / where</th>
          <th>Giá trị / value</th>
          <th>Từ / since</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${more > 0 ? html`<p>+ ${more}</p>` : ''}`;
}

const MARKS: Readonly<Record<string, string>> = { critical: '■', major: '▲', minor: '◆', warning: '△' };

function unitCard(unit: UnitView): Html {
  const { down, unreachable, unknown } = unit.devices;
  const state = worst(unit);
  const counts = [
    down > 0 ? `■ ${down}` : '',
    unreachable > 0 ? `◧ ${unreachable}` : '',
    unknown > 0 ? `◇ ${unknown}` : '',
    unit.activeAlerts > 0 ? `▲ ${unit.activeAlerts}` : '',
  ].filter((text) => text !== '');
  const title = `${unit.code} ${unit.nameEn}: ${unit.devices.up} up, ${down} down, ${unreachable} unreachable, ${unknown} unknown, ${unit.activeAlerts} alerts`;
  return html`<div class="unit ${state}" title="${title}">
    <b>${unit.name}</b><span>${counts.length === 0 ? `● ${unit.devices.up}` : counts.join(' ')}</span>
  </div>`;
}

function worst(unit: UnitView): string {
  if (unit.devices.down > 0) return 'down';
  if (unit.activeAlerts > 0) return 'alert';
  if (unit.devices.unreachable > 0) return 'unreachable';
  return unit.devices.unknown > 0 ? 'unknown' : 'up';
}

function percent(ratio: number): string {
  // Rounded down: 99.999 % must not read as 100 %.
  return `${(Math.floor(ratio * 100_000) / 1_000).toFixed(ratio === 1 ? 0 : 3)} %`;
}

function ago(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
