import { openAlertRepository } from '../../../central/alerts/history/alert-repository.ts';
import type { AlertEvent } from '../../../central/alerts/history/alert.ts';
import { alertId, type AlertWrite } from '../../../central/alerts/history/alert-record.ts';
import { openHistoryStore, type HistoryEntry } from '../../../central/health/states/history/history-store.ts';
import { openPhaseLog, type PhaseChange } from '../../../central/liveness/phase-log.ts';
import type { StateDatabase } from '../../../central/state/database.ts';
import type { InventoryFile } from '../../../contract/inventory.ts';
import { seededRandom } from '../../support/seeded-random.ts';

/** More than one and a half a day and site. */
const OUTAGES_A_SITE = 12;
const MINUTE_MS = 60_000;
const LONGEST_MS = 30 * MINUTE_MS;
const WRITTEN_AT_ONCE = 5_000;

export interface Week {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A line of a site that failed. */
interface Outage extends Week {
  readonly site: InventoryFile['sites'][number];
  readonly link: string;
  readonly agent: string;
}

export interface PastWeek {
  readonly outages: number;
  readonly stateRows: number;
}

/**
 * What state.db of a central that watched the city for a week has, besides its ledger: who was in which state when, alerts with their
 * timelines, and which agent was silent.
 */
export function fillPastWeek(database: StateDatabase, inventory: InventoryFile, week: Week): PastWeek {
  const outages = outagesOf(inventory, week);
  const entries = stateEntries(inventory, outages, week);
  const history = openHistoryStore(database);
  for (let at = 0; at < entries.length; at += WRITTEN_AT_ONCE)
    history.write(entries.slice(at, at + WRITTEN_AT_ONCE), week.toMs);
  openAlertRepository(database).write({ alerts: outages.map(alertOf), pending: [], endedPending: [] });
  openPhaseLog(database).append(phasesOf(inventory, outages, week));
  return { outages: outages.length, stateRows: entries.length };
}

function outagesOf({ sites, links, agents }: InventoryFile, { fromMs, toMs }: Week): Outage[] {
  const random = seededRandom(1);
  const agentOf = new Map(agents.map(({ id, site }) => [site, id]));
  const linkOf = new Map(links.map(({ id, ends }) => [ends[1].site, id]));
  const share = (toMs - fromMs) / OUTAGES_A_SITE;
  return sites
    .filter(({ kind }) => kind === 'site')
    .flatMap((site) =>
      Array.from({ length: OUTAGES_A_SITE }, (_, part): Outage => {
        // One in each part of the week, and over before the next part.
        const beginMs = Math.round(fromMs + share * part + random() * (share - 2 * LONGEST_MS) + MINUTE_MS);
        const endMs = Math.round(beginMs + MINUTE_MS + random() * (LONGEST_MS - MINUTE_MS));
        const [link = '', agent = ''] = [linkOf.get(site.id), agentOf.get(site.id)];
        return { site, link, agent, fromMs: beginMs, toMs: endMs };
      }),
    )
    .sort((a, b) => a.toMs - b.toMs);
}

/** All is up from the begin on, but for the outages. */
function stateEntries(
  inventory: InventoryFile,
  outages: readonly Outage[],
  { fromMs }: Week,
): HistoryEntry[] {
  const { sites, devices, links, units, services } = inventory;
  const refs = [
    ...sites.map(({ id }) => `site:${id}`),
    ...devices.map(({ id }) => `device:${id}`),
    ...links.map(({ id }) => `link:${id}`),
    ...units.map(({ code }) => `unit:${code}`),
    ...services.map(({ id }) => `service:${id}`),
  ];
  const up = { state: 'up', sinceMs: undefined, roots: [] } as const;
  const begin = refs.map((ref): HistoryEntry => ({ ref, fromMs, ...up }));
  const devicesOf = new Map<string, string[]>(sites.map(({ id }) => [id, []]));
  for (const { id, site } of devices) devicesOf.get(site)?.push(`device:${id}`);
  const changes = outages.flatMap((outage): HistoryEntry[] => {
    const { site, link } = outage;
    const roots = [`link:${link}`];
    const cut = [`site:${site.id}`, ...(devicesOf.get(site.id) ?? [])];
    return [
      { ref: `link:${link}`, fromMs: outage.fromMs, state: 'down', sinceMs: undefined, roots: [] },
      ...cut.map((ref): HistoryEntry => ({
        ref,
        fromMs: outage.fromMs,
        state: 'unreachable',
        sinceMs: undefined,
        roots,
      })),
      ...[`link:${link}`, ...cut].map((ref): HistoryEntry => ({ ref, fromMs: outage.toMs, ...up })),
    ];
  });
  return [...begin, ...changes];
}

function alertOf({ site, link, agent, fromMs, toMs }: Outage): AlertWrite {
  const [rule, entityKey] = ['link_down', JSON.stringify([link])];
  const firedAtMs = fromMs + MINUTE_MS / 2;
  const event = { severity: 'major', value: 1 } as const;
  const events: AlertEvent[] = [
    { ...event, kind: 'started', phase: 'pending', atMs: fromMs, recordedAtMs: firedAtMs },
    { ...event, kind: 'fired', phase: 'firing', atMs: firedAtMs, recordedAtMs: firedAtMs },
    { ...event, kind: 'resolved', phase: 'resolved', atMs: toMs, recordedAtMs: toMs },
  ];
  return {
    record: {
      ...{ id: alertId(rule, entityKey, fromMs), rule, entityKey, entity: { link }, agent },
      ...{ unit: site.unit, site: site.id, severity: 'major', phase: 'resolved', value: 1, lastValue: 1 },
      ...{ startedAtMs: fromMs, firedAtMs, resolvedAtMs: toMs, openedAtMs: firedAtMs },
      ...{ updatedAtMs: toMs, lastSampleMs: toMs },
    },
    events,
  };
}

function phasesOf({ agents }: InventoryFile, outages: readonly Outage[], { fromMs }: Week): PhaseChange[] {
  const first = agents.map(({ id, unit, site }): PhaseChange => {
    return { agent: id, before: 'live', phase: 'live', atMs: fromMs, unit, site };
  });
  const changes = outages.flatMap(({ agent, site, ...outage }): PhaseChange[] => {
    const place = { agent, unit: site.unit, site: site.id };
    return [
      { ...place, before: 'live', phase: 'silent', atMs: outage.fromMs },
      { ...place, before: 'silent', phase: 'live', atMs: outage.toMs },
    ];
  });
  return [...first, ...changes.sort((a, b) => a.atMs - b.atMs)];
}
