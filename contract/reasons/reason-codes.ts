/**
 * Why something is as it is: each sentence that central says of it, with the names of what the sentence is made from. Central says them in
 * English (`central/health/reasons/`), the board in Vietnamese; both have a text for each code, or the types do not fit.
 */
export const REASON_CODES = {
  // Of devices, sites, links and units.
  deaf: [],
  measured: ['agent', 'what', 'value'],
  reported: ['agent', 'measurement'],
  disputed_measured: ['agent', 'what', 'value'],
  disputed_reported: ['agent', 'measurement'],
  agent_silent: ['agent'],
  agent_stopped: ['agent'],
  agent_never_seen: ['agent'],
  agent_without_values: ['agent'],
  nothing_arrived: [],
  evidence_old: ['measurement', 'agent', 'atMs'],
  down: ['id'],
  cut_off: ['id', 'agents'],
  all_devices_down: ['id'],
  none_of_devices_up: ['devices', 'down'],
  agent_reports: ['agent'],
  devices_up: ['up', 'devices'],
  nothing_measurable: [],
  nothing_fresh_of_devices: [],
  no_fresh_port: [],
  devices_by_state: ['devices', 'up', 'down', 'unreachable', 'unknown'],
  sites_up: ['up', 'sites'],
  not_installed: ['day'],
  not_in_service: [],
  more: ['count'],
  // Of services.
  all_needs_up: [],
  enough_up: [],
  need: ['id', 'state'],
  need_because: ['id', 'state', 'root'],
  need_because_of_many: ['id', 'state', 'root', 'more'],
  pool_unmeasured: ['id', 'resources'],
  pool_full: ['id', 'resources'],
  too_few_left: ['left', 'needed'],
  down_itself: [],
  // Of central's own checks.
  connected: [],
  not_connected: [],
  store_accepts: [],
  store_refuses: ['forMs', 'limit'],
  store_is_late: ['forMs', 'limit'],
  judged_on_arrival: [],
  nothing_received: [],
  agents_held: [],
  agents_heard: [],
  nothing_arrives: [],
  nearly_all_silent: [],
  clock_agrees: [],
  clock_alone: [],
  clock_differs: [],
  clock_ahead: ['byMs'],
  clock_behind: ['byMs'],
  certificates_valid: [],
  certificate_ends: ['setting', 'days', 'atMs'],
  certificate_ended: ['setting', 'days', 'atMs'],
  disk_used: ['percent'],
  disk_not_known: [],
  inventory_in_force: [],
  inventory_file_unusable: [],
  rules_run: [],
  rule_files_unusable: [],
  measurement_files_unusable: [],
  backup_age: ['forMs'],
  canary_hop_broken: ['hop', 'forMs'],
  canary_channel_broken: ['forMs'],
  canary_alarm_open: ['rule', 'forMs'],
  canary_never_through: ['sinceStartMs'],
  canary_through_before: ['sinceStartMs', 'agoMs'],
  canary_overdue: ['agoMs'],
  canary_through: ['agoMs'],
  canary_through_in: ['tookMs', 'agoMs'],
  no_own_alarm: [],
  own_alarm: ['rule', 'severity'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ReasonCode = keyof typeof REASON_CODES;
export type ReasonParameters<Code extends ReasonCode> = Readonly<
  Record<(typeof REASON_CODES)[Code][number], string>
>;
export type ReasonTexts = {
  readonly [Code in ReasonCode]: (parameters: ReasonParameters<Code>) => string;
};

/** One sentence. Numbers and Unix times in ms are decimal digits. */
export interface Reason {
  readonly code: ReasonCode;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The only way to make one: with all that its sentence is made from. Pure. */
export function because<Code extends ReasonCode>(
  code: Code,
  ...[parameters]: (typeof REASON_CODES)[Code] extends readonly []
    ? []
    : [Readonly<Record<(typeof REASON_CODES)[Code][number], string | number>>]
): Reason {
  const given: Readonly<Record<string, string | number>> = parameters ?? {};
  return {
    code,
    parameters: Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])),
  };
}

/** Sentences in one language; undefined: of a central that knows more than the reader, whose own words stand then. Pure. */
export function sayReasons(reasons: readonly Reason[], texts: ReasonTexts): string | undefined {
  const said: string[] = [];
  for (const { code, parameters } of reasons) {
    if (!Object.hasOwn(texts, code)) return undefined;
    const text: (parameters: Reason['parameters']) => string = texts[code];
    said.push(text(parameters));
  }
  return said.join('; ');
}
