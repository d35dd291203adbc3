import type { Bodies } from '../../api/answers.ts';

type Change = Bodies['POST /api/v1/rollouts']['change'];
export type Patch = Extract<Change, { patch: unknown }>['patch'];

/** As the agent knows them. */
export const COLLECTOR_KINDS = [
  ...['server', 'systemd', 'smart', 'chrony', 'certificates', 'ping', 'path', 'internet_speed', 'snmp'],
  ...['service', 'prometheus', 'telegraf', 'syslog', 'snmp_trap', 'modbus', 'redfish', 'cellular', 'ups'],
  'environment',
] as const;
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const satisfies readonly NonNullable<
  Patch['log']
>['level'][];
const INTERVAL_S = { least: 1, most: 86_400 };
const TIMEOUT_S = { least: 0.1, most: 86_400 };
const NAME = /^[a-z0-9-]{1,64}$/;

/** What a person typed about one collector; an empty field changes nothing. */
export interface CollectorRow {
  readonly kind: (typeof COLLECTOR_KINDS)[number];
  /** Where an agent has several of the kind. */
  readonly name: string;
  readonly does: 'change' | 'remove';
  readonly intervalS: string;
  readonly timeoutS: string;
}

/** The settings that are changed often, without JSON. */
export interface SettingsForm {
  readonly logLevel: '' | (typeof LOG_LEVELS)[number];
  readonly collectors: readonly CollectorRow[];
}

export const NEW_ROW: CollectorRow = {
  kind: 'server',
  name: '',
  does: 'change',
  intervalS: '',
  timeoutS: '',
};

export type SettingsProblem = 'interval' | 'timeout' | 'timeoutAbove' | 'name' | 'twice' | 'nothing';

/** By field, such as `0.intervalS`; `settings`: of all of them. Pure. */
export function settingsProblems({ logLevel, collectors }: SettingsForm): Map<string, SettingsProblem> {
  const problems = new Map<string, SettingsProblem>();
  if (logLevel === '' && collectors.length === 0) problems.set('settings', 'nothing');
  const seen = new Set<string>();
  for (const [at, row] of collectors.entries()) {
    const { kind, name, does, intervalS, timeoutS } = row;
    const key = `${kind} ${name.trim() || kind}`;
    if (name.trim() !== '' && !NAME.test(name.trim())) problems.set(`${at}.name`, 'name');
    else if (seen.has(key)) problems.set(`${at}.name`, 'twice');
    seen.add(key);
    if (does === 'remove') continue;
    if (intervalS === '' && timeoutS === '') problems.set(`${at}.intervalS`, 'nothing');
    if (!isWithin(intervalS, INTERVAL_S)) problems.set(`${at}.intervalS`, 'interval');
    if (!isWithin(timeoutS, TIMEOUT_S)) problems.set(`${at}.timeoutS`, 'timeout');
    else if (intervalS !== '' && Number(timeoutS) > Number(intervalS))
      problems.set(`${at}.timeoutS`, 'timeoutAbove');
  }
  return problems;
}

/** Of a form without problems. Pure. */
export function patchFrom({ logLevel, collectors }: SettingsForm): Patch {
  const keyOf = ({ kind, name }: CollectorRow) => ({
    kind,
    ...(name.trim() !== '' && { name: name.trim() }),
  });
  const changed = collectors
    .filter(({ does }) => does === 'change')
    .map((row) => ({
      ...keyOf(row),
      ...(row.intervalS !== '' && { intervalMs: msOf(row.intervalS) }),
      ...(row.timeoutS !== '' && { timeoutMs: msOf(row.timeoutS) }),
    }));
  const removed = collectors.filter(({ does }) => does === 'remove').map(keyOf);
  return {
    ...(changed.length > 0 && { collectors: changed }),
    ...(removed.length > 0 && { remove: removed }),
    ...(logLevel !== '' && { log: { level: logLevel } }),
  };
}

function msOf(seconds: string): number {
  return Math.round(Number(seconds) * 1_000);
}

/** What is not typed is not wrong. */
function isWithin(text: string, { least, most }: { readonly least: number; readonly most: number }): boolean {
  const value = Number(text);
  return text === '' || (text.trim() !== '' && value >= least && value <= most);
}
