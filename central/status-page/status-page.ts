import type { AlertView } from '../alerts/history/alert.ts';
import type { App, ApiDeps } from '../api/deps.ts';
import { ApiError } from '../api/problem.ts';
import { unitViews, type UnitView } from '../health/device-states.ts';
import { alertTable, type ShownAlert } from './alert-table.ts';
import { configSection, type ShownConfig } from './config-list.ts';
import { both, html, type Html } from './html.ts';
import { renderNoToken } from './no-token-page.ts';
import { pageFrame, sendPage } from './page-frame.ts';

const REFRESH_S = 5;
const ALERTS_SHOWN = 25;
const CONFIGS_SHOWN = 10;

/** `GET /`: the state of the city at a glance, rendered here, without a script; the page reloads itself. */
export function statusPage(app: App, deps: ApiDeps): void {
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    sendPage(reply, renderStatus(readStatus(deps))),
  );
  app.setErrorHandler((error, request, reply) => {
    const isForPerson = request.headers.accept?.includes('text/html') === true;
    if (isForPerson && error instanceof ApiError && error.status === 401) {
      return sendPage(reply.status(401), renderNoToken());
    }
    throw error;
  });
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
  readonly alerts: readonly ShownAlert[];
  readonly configsFailed: readonly ShownConfig[];
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
      titleVi: alert.title.vi,
      titleEn: alert.title.en,
      where: whereOf(alert, deps),
      value: alert.valueText,
      sinceMs: alert.startedAtMs,
    })),
    configsFailed: deps.registry
      .list(nowMs)
      .map(({ id }) => ({ agent: id, ...deps.configs.standing(id) }))
      .filter(({ state }) => state === 'failed'),
    units: unitViews(deps, nowMs),
  };
}

/** The ward first, unless the alert is about the ward itself. */
function whereOf({ unit, entity }: AlertView, { inventory }: ApiDeps): string {
  const name = unit === undefined || 'unit' in entity ? undefined : inventory.units.get(unit)?.name;
  return [...(name === undefined ? [] : [name]), ...Object.values(entity)].join(' · ');
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
  return pageFrame(
    html`<meta http-equiv="refresh" content="${REFRESH_S}" />`,
    html`
        <header>
          <h1>Wardwatch</h1>
          <p>${both('Hạ tầng số thành phố', "/ the city's digital infrastructure")}</p>
          <p class="time">${time} (UTC+7) · ${status.version} · <a href="/docs">API</a></p>
        </header>
        <section class="tiles" aria-label="Tổng quan / overview">
          ${tile('Đơn vị', 'units', status.units.length, '')}
          ${tile('Tác tử hoạt động', 'agents live', status.agents.live, notLive === 0 ? 'good' : 'warn', both(`${notLive} im lặng`, '/ silent'))}
          ${tile('Mẫu mỗi giây', 'samples per second', Math.round(status.samplesPerS), '')}
          ${tile('Độ trễ lưu trữ', 'lag to storage', `${Math.round(status.lagMs)} ms`, '', flowText(status))}
          ${tile('Độ đầy đủ', 'completeness', status.completeness === undefined ? '–' : percent(status.completeness), status.completeness === 1 ? 'good' : '', both('lô đã lưu', '/ batches stored'))}
          ${tile('Cảnh báo', 'active alerts', status.alertsTotal, status.alertsTotal === 0 ? 'good' : 'bad')}
        </section>
        <main>
          <section>
            <h2>${both('Cảnh báo', '/ alerts')}</h2>
            ${alertTable(status.alerts, status.alertsTotal, status.nowMs)}
          </section>
          ${configSection(status.configsFailed.slice(0, CONFIGS_SHOWN), status.configsFailed.length)}
          <section>
            <h2>${both('Phường, xã, đặc khu', '/ wards, communes, special zones')}</h2>
            <p class="legend">${LEGEND}</p>
            <div class="units">${status.units.map(unitCard)}</div>
          </section>
        </main>
    `,
  );
}

const LEGEND = (
  [
    ['up', '● tốt', '/ up'],
    ['alert', '▲ cảnh báo', '/ alert'],
    ['down', '■ mất', '/ down'],
    ['unreachable', '◧ không tới được', '/ unreachable'],
    ['unknown', '◇ không rõ', '/ unknown'],
  ] as const
).map(([state, vi, en]) => html`<span class="mark ${state}">${both(vi, en)}</span> `);

function tile(vi: string, en: string, value: string | number, mood: string, note: Html | string = ''): Html {
  return html`<div class="tile ${mood}">
    <b>${value}</b><span>${vi}</span><span lang="en">${en}</span><small>${note}</small>
  </div>`;
}

function flowText(status: Status): Html {
  if (!status.brokerConnected) return both('broker: mất kết nối', '/ not connected');
  if (!status.storeAvailable) return both('kho: không ghi được', '/ store down');
  return both('luồng', `/ flow: ${status.flowMode}`);
}

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
