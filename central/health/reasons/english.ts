import { sayReasons, type Reason, type ReasonTexts } from '../../../contract/reasons/reason-codes.ts';
import { describeDuration } from '../../../runtime/duration.ts';

const UNUSABLE = 'cannot be used as they are now: what was in force before goes on';

const ENGLISH: ReasonTexts = {
  deaf: () => 'central hears almost no agent: nothing can be said',
  measured: ({ agent, what, value }) => `${agent} measured ${what} = ${value}`,
  reported: ({ agent, measurement }) => `${agent} reports it (${measurement})`,
  disputed_measured: ({ agent, what, value }) => `disputed: ${agent} measured ${what} = ${value}`,
  disputed_reported: ({ agent, measurement }) => `disputed: ${agent} reports it (${measurement})`,
  agent_silent: ({ agent }) => `agent ${agent} is silent`,
  agent_stopped: ({ agent }) => `agent ${agent} is stopped`,
  agent_never_seen: ({ agent }) => `agent ${agent} was never seen`,
  agent_without_values: ({ agent }) =>
    `agent ${agent} is live, but has measured nothing since central started`,
  nothing_arrived: () => 'nothing of it has arrived since central started',
  evidence_old: ({ measurement, agent, atMs }) =>
    `its last evidence is older than three intervals: ${measurement} of ${agent}, ${isoTime(atMs)}`,
  down: ({ id }) => `${id} is down`,
  cut_off: ({ id, agents }) => `${id} is cut off: none of the ${agents} agents at or behind it is heard`,
  all_devices_down: ({ id }) => `all devices of ${id} are down`,
  none_of_devices_up: ({ devices, down }) => `of its ${devices} devices none is up, and ${down} down`,
  agent_reports: ({ agent }) => `${agent} reports`,
  devices_up: ({ up, devices }) => `${up} of its ${devices} devices up`,
  nothing_measurable: () => 'nothing there could be measured',
  nothing_fresh_of_devices: () => 'nothing fresh is known of its devices',
  no_fresh_port: () => 'no fresh state of a port at its ends is known',
  devices_by_state: ({ devices, ...counts }) => `${devices} devices: ${countsOf(counts)}`,
  sites_up: ({ up, sites }) => `${up} of ${sites} sites up`,
  not_installed: ({ day }) => `not installed before ${day}`,
  not_in_service: () => 'not in service',
  more: ({ count }) => `${count} more`,
  all_needs_up: () => 'all that it needs is up',
  enough_up: () => 'enough is up',
  need: ({ id, state }) => `${id} ${state}`,
  need_because: ({ id, state, root }) => `${id} ${state} because of ${root}`,
  need_because_of_many: ({ id, state, root, more }) => `${id} ${state} because of ${root} and ${more} more`,
  pool_unmeasured: ({ id, resources }) => `${id} not measured (${resources})`,
  pool_full: ({ id, resources }) => `${id} full (${resources})`,
  too_few_left: ({ left, needed }) => `${left} of ${needed} needed left`,
  down_itself: () => 'down itself',
  connected: () => 'connected',
  not_connected: () => 'not connected',
  store_accepts: () => 'accepts writes',
  store_refuses: ({ forMs, limit }) =>
    `does not accept writes for ${lasting(forMs)}${inBrackets(limit)}: samples are not stored, their agents keep them`,
  store_is_late: ({ forMs, limit }) => `the oldest batch waits for ${lasting(forMs)}${inBrackets(limit)}`,
  judged_on_arrival: () => 'samples are judged on arrival',
  nothing_received: () => 'nothing is received, so nothing is judged',
  agents_held: () => 'memory is full: agents are told to hold, so nothing is judged',
  agents_heard: () => 'are heard',
  nothing_arrives: () => 'nothing arrives: the state of the city is not known',
  nearly_all_silent: () => 'nearly all fell silent at once: the fault is probably at this end',
  clock_agrees: () => 'agrees with those of the agents',
  clock_alone: () => 'runs evenly; there is no agent to compare it with',
  clock_differs: () => 'the clocks of most agents differ from that of this machine',
  clock_ahead: ({ byMs }) => `the clock of this machine is ${lasting(byMs)} ahead of central's time`,
  clock_behind: ({ byMs }) => `the clock of this machine is ${lasting(byMs)} behind central's time`,
  certificates_valid: () => 'valid for 30 days or more',
  certificate_ends: ({ setting, days, atMs }) => `${setting} expires in ${inDays(days)}, at ${isoTime(atMs)}`,
  certificate_ended: ({ setting, days, atMs }) =>
    `${setting} expired ${inDays(days)} ago, at ${isoTime(atMs)}`,
  disk_used: ({ percent }) => `${percent} % of the file system of the data directory is used`,
  disk_not_known: () => 'the room in the data directory is not known',
  inventory_in_force: () => 'in force',
  inventory_file_unusable: () => 'its file cannot be used as it is now: what was in force before stays',
  rules_run: () => 'run as their files have them',
  rule_files_unusable: () => `the files of alert rules ${UNUSABLE}`,
  measurement_files_unusable: () => `the files of declared measurements ${UNUSABLE}`,
  backup_age: ({ forMs }) => `${lasting(forMs)} since the last whole backup, or since the first start`,
  canary_hop_broken: ({ hop, forMs }) => `does not get through: ${hop} for ${lasting(forMs)}`,
  canary_channel_broken: ({ forMs }) => `does not get through: a channel for ${lasting(forMs)}`,
  canary_alarm_open: ({ rule, forMs }) => `does not get through: ${rule} is open for ${lasting(forMs)}`,
  canary_never_through: ({ sinceStartMs }) =>
    `not known: no run of it ended in the ${lasting(sinceStartMs)} since the start, and none got through before`,
  canary_through_before: ({ sinceStartMs, agoMs }) =>
    `no run of it ended in the ${lasting(sinceStartMs)} since the start, it got through last ${lasting(agoMs)} ago`,
  canary_overdue: ({ agoMs }) => `was raised last ${lasting(agoMs)} ago`,
  canary_through: ({ agoMs }) => `got through, ${lasting(agoMs)} ago`,
  canary_through_in: ({ tookMs, agoMs }) =>
    `got through in ${(Number(tookMs) / 1_000).toFixed(1)} s, ${lasting(agoMs)} ago`,
  no_own_alarm: () => 'none',
  own_alarm: ({ rule, severity }) => `${rule} (${severity})`,
};

/** Central's own words. Pure. */
export function inEnglish(reasons: readonly Reason[]): string {
  return sayReasons(reasons, ENGLISH) ?? '';
}

/** In the order from the best; what is none is left out. Pure. */
function countsOf({
  up,
  down,
  unreachable,
  unknown,
}: Readonly<Record<'up' | 'down' | 'unreachable' | 'unknown', string>>): string {
  const counts = Object.entries({ up, down, unreachable, unknown }).filter(([, count]) => count !== '0');
  return counts.length === 0 ? 'none' : counts.map(([state, count]) => `${count} ${state}`).join(', ');
}

function lasting(ms: string): string {
  return describeDuration(Number(ms));
}

function isoTime(atMs: string): string {
  return new Date(Number(atMs)).toISOString();
}

function inDays(days: string): string {
  return `${days} ${days === '1' ? 'day' : 'days'}`;
}

function inBrackets(text: string): string {
  return text === '' ? '' : ` (${text})`;
}
