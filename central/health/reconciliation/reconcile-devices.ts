import type { Device } from '../../../contract/inventory.ts';
import { isInService } from '../states/in-service.ts';
import type { PresentState } from '../present-states.ts';
import type { Sighting } from './device-sightings.ts';
import type { Finding } from './finding.ts';

/** What is known of a device, and of the agent that measures it. */
export interface DeviceFacts {
  readonly sighting: Sighting;
  readonly state: PresentState | undefined;
  readonly agent: {
    readonly phase: 'live' | 'silent' | 'stopped' | 'never_seen';
    readonly intervalMs: number;
  };
}

/** Of the moment. */
export interface Moment {
  readonly nowMs: number;
  /** The calendar day of the city, such as 2025-07-01. */
  readonly day: string;
  /** When a calendar day of the city begins, Unix time, ms. */
  readonly startOf: (day: string) => number;
  /** Since when central hears without a gap. */
  readonly listeningSinceMs: number;
  /** Central hears almost nobody: what is silent cannot be told. */
  readonly isDeaf: boolean;
}

/** As long as the longest usual interval of an agent; before that, nobody can be missed. */
const GRACE_MS = 600_000;
const SILENT_AFTER_INTERVALS = 3;
/** A retired device is still there if anything of it came within that time. */
const REPORTS_MS = 3_600_000;

/** How one device of the inventory differs from what should be; undefined: it does not. Pure. */
export function reconcileDevice(device: Device, facts: DeviceFacts, moment: Moment): Finding | undefined {
  const { day } = moment;
  if (isRetired(device, day)) return retiredFinding(device, facts, moment);
  if (!isInService(device, day)) return undefined;
  return (
    neverSeenFinding(device, facts, moment) ??
    (moment.isDeaf
      ? undefined
      : (silentFinding(device, facts, moment) ?? missingFinding(device, facts, moment)))
  );
}

function finding(device: Device, rest: Pick<Finding, 'kind' | 'detail' | 'sinceMs'>): Finding {
  const { id, site, unit, agent, otherAgents = [] } = device;
  return { what: 'device', id, site, unit, agents: [agent, ...otherAgents], ...rest };
}

function retiredFinding(
  device: Device,
  { sighting: { lastAtMs } }: DeviceFacts,
  { nowMs, startOf }: Moment,
): Finding | undefined {
  const { retiredOn = '' } = device;
  const retiredAtMs = startOf(retiredOn);
  if (lastAtMs === undefined || lastAtMs < retiredAtMs || nowMs - lastAtMs > REPORTS_MS) return undefined;
  const detail = `retired on ${retiredOn}, and still measured`;
  return finding(device, { kind: 'retired_reporting', sinceMs: retiredAtMs, detail });
}

function neverSeenFinding(
  device: Device,
  { sighting: { seenDay, listedAtMs }, agent }: DeviceFacts,
  { nowMs, startOf }: Moment,
): Finding | undefined {
  const { installedOn } = device;
  if (seenDay !== undefined && (installedOn === undefined || seenDay >= installedOn)) return undefined;
  const installedAtMs = installedOn === undefined ? listedAtMs : startOf(installedOn);
  if (nowMs - Math.max(installedAtMs, listedAtMs) < GRACE_MS) return undefined;
  const since = installedOn === undefined ? 'since it is in the inventory' : `since ${installedOn}`;
  return finding(device, {
    kind: 'never_seen',
    sinceMs: installedAtMs,
    detail: `nothing of it has arrived ${since}${agentText(device, agent.phase)}`,
  });
}

/** Nobody can say how it is: what is unreachable has a cause that is named elsewhere. */
function silentFinding(
  device: Device,
  { sighting: { lastAtMs }, state, agent }: DeviceFacts,
  { nowMs, listeningSinceMs }: Moment,
): Finding | undefined {
  if (state?.state !== 'unknown') return undefined;
  // After a start, what comes rarely has to come first.
  if (lastAtMs === undefined && nowMs - listeningSinceMs < GRACE_MS) return undefined;
  return finding(device, {
    kind: 'silent',
    sinceMs: lastAtMs ?? state.sinceMs,
    detail: `nothing of it arrives any more${agentText(device, agent.phase)}`,
  });
}

/** It reports, but not all that the inventory expects of it. */
function missingFinding(
  device: Device,
  { sighting, state, agent }: DeviceFacts,
  { nowMs, startOf, listeningSinceMs }: Moment,
): Finding | undefined {
  if (state?.state === 'unreachable') return undefined;
  const installedAtMs = device.installedOn === undefined ? -Infinity : startOf(device.installedOn);
  const beginMs = Math.max(listeningSinceMs, sighting.listedAtMs, installedAtMs);
  const missing = (device.expects ?? []).flatMap(({ measurement, intervalMs }) => {
    const lastAtMs = sighting.lastOf(measurement);
    const sinceMs = lastAtMs ?? beginMs;
    const limitMs = SILENT_AFTER_INTERVALS * Math.max(intervalMs, agent.intervalMs);
    return nowMs - Math.max(sinceMs, beginMs) <= limitMs ? [] : [{ measurement, intervalMs, sinceMs }];
  });
  if (missing.length === 0) return undefined;
  const names = missing.map(({ measurement, intervalMs }) => `${measurement} every ${intervalMs / 1_000} s`);
  return finding(device, {
    kind: 'silent',
    sinceMs: Math.min(...missing.map(({ sinceMs }) => sinceMs)),
    detail: `it reports, but not as expected: no ${names.join(', no ')}`,
  });
}

function agentText({ agent }: Device, phase: DeviceFacts['agent']['phase']): string {
  if (phase === 'live') return `; its agent ${agent} reports`;
  return `; its agent ${agent} ${phase === 'never_seen' ? 'was never seen' : `is ${phase}`}`;
}

export function isRetired({ retiredOn }: { readonly retiredOn?: string | undefined }, day: string): boolean {
  return retiredOn !== undefined && retiredOn <= day;
}
