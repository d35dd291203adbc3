import { z } from 'zod';
import type { Clock } from '../../runtime/clock.ts';
import type { AgentConfigs } from '../agent-config/agent-configs.ts';
import type { ConfigStanding } from '../agent-config/standing.ts';
import type { AlertEngine } from '../alerts/engine/engine.ts';
import type { AlertView } from '../alerts/history/alert.ts';
import { isOwnAlarm } from '../alerts/history/own-alarm.ts';
import type { App } from '../api/fastify-app.ts';
import { ApiError } from '../api/problem.ts';
import { agentsHeard } from '../health/agents-heard.ts';
import { unitViews, type UnitState, type UnitSummaryDeps, type UnitView } from '../health/unit-summary.ts';
import type { ServiceStates } from '../health/services/service-states.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { CityCompleteness } from '../ledger/city-completeness.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LatestCache } from '../live/latest-cache.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { AgentPhase } from '../liveness/agent-view.ts';
import type { ClockStanding } from '../liveness/trusted-clock.ts';
import { alertTable, type ShownAlert } from './alert-table.ts';
import { both, html, type Html } from './html.ts';
import { isJudging, isStoring, notices, type Evidence } from './notices.ts';
import { renderNoToken } from './no-token-page.ts';
import { pageFrame, sendPage } from './page-frame.ts';
import { serviceList, type ShownService } from './service-list.ts';

export interface StatusPageDeps extends UnitSummaryDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly version: string;
  readonly ingest: Pick<Ingest, 'stats'>;
  readonly broker: { readonly connected: boolean };
  readonly ledger: Pick<Ledger, 'completeness'>;
  readonly latest: Pick<LatestCache, 'isMeasured'>;
  readonly registry: UnitSummaryDeps['registry'] & Pick<AgentRegistry, 'list' | 'counts'>;
  readonly alerts: Pick<AlertEngine, 'active' | 'countByUnit'>;
  readonly configs: Pick<AgentConfigs, 'standing'>;
  readonly serviceStates: Pick<ServiceStates, 'list'>;
  /** Points stored per second, lately. */
  readonly pointsPerS: () => number;
  readonly clockStanding: () => ClockStanding;
  readonly isDeaf: () => boolean;
}

const REFRESH_S = 5;
const ALERTS_SHOWN = 25;
const CONFIGS_SHOWN = 10;

/** Where it is; the board says so to browsers without a script. */
export const STATUS_PAGE_PATH = '/plain';

/** The state of the city on one page, rendered here, without a script; the page reloads itself. */
export function statusPage(app: App, deps: StatusPageDeps): void {
  // The hook before it has exchanged the code for a cookie.
  const querystring = z.object({ code: z.string().optional() });
  app.get(STATUS_PAGE_PATH, { schema: { hide: true, querystring } }, async (_request, reply) =>
    sendPage(reply, renderStatus(readStatus(deps))),
  );
  app.setErrorHandler((error, request, reply) => {
    const isForPerson = request.headers.accept?.includes('text/html') === true;
    if (isForPerson && error instanceof ApiError && error.code === 'NOT_AUTHENTICATED') {
      return sendPage(reply.status(401), renderNoToken());
    }
    throw error;
  });
}

interface FailedConfig extends ConfigStanding {
  readonly agent: string;
}

export interface Status extends Evidence {
  readonly nowMs: number;
  readonly version: string;
  readonly agents: Readonly<Record<AgentPhase, number>>;
  readonly samplesPerS: number;
  readonly completeness: CityCompleteness;
  readonly alertsTotal: number;
  readonly alerts: readonly ShownAlert[];
  readonly configsFailed: readonly FailedConfig[];
  readonly services: readonly ShownService[];
  readonly units: readonly UnitView[];
}

export function readStatus(deps: StatusPageDeps): Status {
  const nowMs = deps.clock.now();
  const stats = deps.ingest.stats();
  const active = ownFirst(deps.alerts.active());
  const agents = deps.registry.list(nowMs);
  return {
    nowMs,
    ...agentsHeard(agents, deps.latest, nowMs),
    isDeaf: deps.isDeaf(),
    clock: deps.clockStanding(),
    version: deps.version,
    agents: deps.registry.counts(nowMs),
    samplesPerS: deps.pointsPerS(),
    lagMs: stats.lagMs,
    flowMode: stats.flowMode,
    storeAvailable: stats.storeAvailable,
    unstoredForMs: stats.unstoredForMs,
    brokerConnected: deps.broker.connected,
    completeness: deps.ledger.completeness(),
    alertsTotal: active.length,
    alerts: active.slice(0, ALERTS_SHOWN).map((alert) => ({
      isOwn: isOwnAlarm(alert),
      severity: alert.severity,
      titleVi: alert.title.vi,
      titleEn: alert.title.en,
      where: whereOf(alert, deps),
      value: alert.valueText,
      sinceMs: alert.startedAtMs,
    })),
    configsFailed: agents
      .map(({ id }) => ({ agent: id, ...deps.configs.standing(id) }))
      .filter(({ state }) => state === 'failed'),
    services: deps.serviceStates.list(),
    units: unitViews(deps, nowMs),
  };
}

/** While Wardwatch itself is not well, every other line is in doubt. */
function ownFirst(active: readonly AlertView[]): readonly AlertView[] {
  return [...active.filter(isOwnAlarm), ...active.filter((alert) => !isOwnAlarm(alert))];
}

/** The ward first, unless the alert is about the ward itself. */
function whereOf({ unit, entity }: AlertView, { inventory }: StatusPageDeps): string {
  const name = unit === undefined || 'unit' in entity ? undefined : inventory.units.get(unit)?.name;
  return [...(name === undefined ? [] : [name]), ...Object.values(entity)].join(' · ');
}

export function renderStatus(status: Status): Html {
  const time = new Date(status.nowMs).toLocaleString('vi-VN', {
    timeZone: 'Asia/Ho_Chi_Minh',
    hour12: false,
  });
  const notLive = status.agents.silent + status.agents.stopped + status.agents.never_seen;
  const isKnown = isJudging(status);
  const calm = !isKnown ? 'unknown' : notLive === 0 ? 'good' : '';
  const alertsMood = status.alertsTotal > 0 ? 'bad' : calm;
  const agentsMood = isKnown && notLive > 0 ? 'warn' : calm;
  return pageFrame(
    html`<meta http-equiv="refresh" content="${REFRESH_S}" />`,
    html`
        <header>
          <h1>Wardwatch</h1>
          <p>${both('Hạ tầng số thành phố', "/ the city's digital infrastructure")}</p>
          <p class="time">${time} (UTC+7) · ${status.version} · <a href="/docs">API</a></p>
        </header>
        ${notices(status)}
        <section class="tiles" aria-label="Tổng quan / overview">
          ${tile('Đơn vị', 'units', status.units.length, '')}
          ${tile('Tác tử hoạt động', 'agents live', status.agents.live, agentsMood, both(`${notLive} im lặng`, '/ silent'))}
          ${tile('Mẫu mỗi giây', 'samples per second', Math.round(status.samplesPerS), '')}
          ${tile('Độ trễ lưu trữ', 'lag to storage', `${Math.round(status.lagMs)} ms`, isStoring(status) ? '' : 'bad', flowText(status))}
          ${completenessTile(status, calm)}
          ${tile('Cảnh báo', 'active alerts', alertsMood === 'unknown' ? '?' : status.alertsTotal, alertsMood)}
        </section>
        <main>
          <section>
            <h2>${both('Cảnh báo', '/ alerts')}</h2>
            ${alertTable(status.alerts, status.alertsTotal, status.nowMs, { isJudging: isKnown, notLive })}
          </section>
          ${serviceList(status.services, status.nowMs)} ${failedConfigs(status.configsFailed)}
          <section>
            <h2>${both('Phường, xã, đặc khu', '/ wards, communes, special zones')}</h2>
            <p class="legend">${LEGEND}</p>
            <div class="units">${status.units.map(unitCard)}</div>
          </section>
        </main>
    `,
  );
}

/** Each state has a shape of its own besides its colour. */
const MARKS: Readonly<Record<UnitState, string>> = {
  down: '■',
  unreachable: '◧',
  unknown: '◇',
  alert: '▲',
  up: '●',
};

/** From the gravest, in the order in which a unit's own state is chosen. */
const LEGEND = (
  [
    ['down', 'mất', '/ down'],
    ['unreachable', 'không tới được', '/ unreachable'],
    ['unknown', 'không rõ', '/ unknown'],
    ['alert', 'cảnh báo', '/ alert'],
    ['up', 'tốt', '/ up'],
  ] as const
).map(([state, vi, en]) => html`<span class="mark ${state}">${both(`${MARKS[state]} ${vi}`, en)}</span> `);

function tile(vi: string, en: string, value: string | number, mood: string, note: Html | string = ''): Html {
  return html`<div class="tile ${mood}">
    <b>${value}</b><span>${vi}</span><span lang="en">${en}</span><small>${note}</small>
  </div>`;
}

/** `calm`: the mood while nothing is wrong; not good where agents are missing, since nobody knows what they hold. */
function completenessTile(status: Status, calm: string): Html {
  const { ratio, implausible } = status.completeness;
  if (!isStoring(status) || calm === 'unknown') {
    return tile('Độ đầy đủ', 'completeness', '?', 'unknown', both('không rõ', '/ unknown'));
  }
  const text = ratio === undefined ? '–' : percent(ratio);
  if (implausible.length > 0) {
    const note = both(`không tính ${leftOut(implausible)}`, '/ left out');
    return tile('Độ đầy đủ', 'completeness', text, 'warn', note);
  }
  const note = both('lô đã lưu', '/ batches stored');
  return tile('Độ đầy đủ', 'completeness', text, ratio === 1 ? calm : '', note);
}

const LEFT_OUT_SHOWN = 3;

function leftOut(agents: CityCompleteness['implausible']): string {
  const names = agents.slice(0, LEFT_OUT_SHOWN).map(({ agent }) => agent);
  const more = agents.length - names.length;
  return [...names, ...(more > 0 ? [`+ ${more}`] : [])].join(', ');
}

function flowText(status: Status): Html {
  if (!status.brokerConnected) return both('broker: mất kết nối', '/ not connected');
  if (!isStoring(status)) return both('kho: không ghi được', '/ store down');
  return both('luồng', `/ flow: ${status.flowMode}`);
}

/** Agents that run another config than the desired one; nothing if all run theirs. */
function failedConfigs(failed: readonly FailedConfig[]): Html {
  if (failed.length === 0) return html``;
  const items = failed
    .slice(0, CONFIGS_SHOWN)
    .map(
      ({ agent, desired, problem }) =>
        html`<li>◆ <b>${agent}</b> ${both(`bản ${desired}`, `/ revision ${desired}`)}: ${problem?.reason ?? ''}</li>`,
    );
  const more = failed.length - items.length;
  return html`<section>
    <h2>${both('Cấu hình không được nhận', '/ configs not taken')}</h2>
    <ul>
      ${items}
    </ul>
    ${more > 0 ? html`<p>+ ${more}</p>` : ''}
  </section>`;
}

/** The number of each beside the state, the gravest first. */
function unitCard(unit: UnitView): Html {
  const { state, devices, activeAlerts } = unit;
  const { down, unreachable, unknown, up } = devices;
  const numbers = { down, unreachable, unknown, alert: activeAlerts };
  const counts = (['down', 'unreachable', 'unknown', 'alert'] as const)
    .filter((each) => numbers[each] > 0)
    .map((each) => `${MARKS[each]} ${numbers[each]}`);
  const title = `${unit.code} ${unit.nameEn}: ${up} up, ${down} down, ${unreachable} unreachable, ${unknown} unknown, ${activeAlerts} alerts`;
  // Of a unit without devices, its sites and agents decide: its own mark says how.
  const text = counts.length === 0 ? `${MARKS[state]} ${up}` : counts.join(' ');
  return html`<div class="unit ${state}" title="${title}"><b>${unit.name}</b><span>${text}</span></div>`;
}

function percent(ratio: number): string {
  // Rounded down: 99.999 % must not read as 100 %.
  return `${(Math.floor(ratio * 100_000) / 1_000).toFixed(ratio === 1 ? 0 : 3)} %`;
}
