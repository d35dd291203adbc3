import type { AlertDetail } from '../central/alerts/history/alert.ts';
import type { IncidentRecord } from '../central/alerts/incidents/incident-record.ts';
import type { IncidentStep } from '../central/alerts/incidents/incident-step.ts';
import type { SentMessage } from './central/recording-channel.ts';
import type { VirtualCentral } from './central/virtual-central.ts';

export interface RecordedIncident extends IncidentRecord {
  readonly steps: readonly IncidentStep[];
}

/** All that central said during a run. */
export interface Recorded {
  /** With their timelines, oldest first. */
  readonly alerts: readonly AlertDetail[];
  readonly incidents: readonly RecordedIncident[];
  readonly messages: readonly SentMessage[];
  /** Rows that central refused, by reason: none where the simulated agents are well. */
  readonly refusedRows: Readonly<Record<string, number>>;
  readonly batches: number;
  /** Measurements that agents sent, in the order of their names. */
  readonly measured: readonly string[];
  readonly endedAtMs: number;
}

const PAGE = 1_000;
const STEPS = 10_000;

export function readRecord({
  parts,
  sent,
}: VirtualCentral): Omit<Recorded, 'batches' | 'measured' | 'endedAtMs'> {
  return {
    alerts: allAlerts(parts.alerts),
    incidents: allIncidents(parts.incidents),
    messages: sent,
    refusedRows: parts.ingest.stats().refusedRows,
  };
}

function allAlerts(alerts: VirtualCentral['parts']['alerts']): readonly AlertDetail[] {
  const all: AlertDetail[] = [];
  for (let cursor: string | undefined; ;) {
    const page = alerts.list({ order: 'oldest', limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const { id } of page.items) {
      const alert = alerts.get(id);
      if (alert !== undefined) all.push(alert);
    }
    cursor = page.nextCursor;
    if (cursor === undefined) return all;
  }
}

function allIncidents(incidents: VirtualCentral['parts']['incidents']): readonly RecordedIncident[] {
  const all: RecordedIncident[] = [];
  for (let cursor: string | undefined; ;) {
    const page = incidents.page({ order: 'oldest', limit: PAGE, cursor });
    const items = page.slice(0, PAGE);
    for (const each of items) all.push({ ...each, steps: incidents.steps(each.id, STEPS) });
    if (page.length <= PAGE) return all;
    cursor = items.at(-1)?.id;
  }
}
