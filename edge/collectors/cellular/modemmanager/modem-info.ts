import type { Rat } from '../radio-state.ts';
import { objectAt, textAt, textsAt } from './json.ts';

export interface ModemInfo {
  /** `connected`, `registered`, `searching`, `disabled`, `locked`, `failed` … */
  readonly state?: string | undefined;
  readonly failedReason?: string | undefined;
  readonly rat?: Rat | undefined;
  readonly plmn?: string | undefined;
  readonly registered?: boolean | undefined;
  readonly roaming?: boolean | undefined;
}

/** `mmcli -m N -J`, without the identities of modem and SIM that it contains. */
export function parseModemInfo(json: unknown): ModemInfo {
  const generic = objectAt(json, 'modem', 'generic');
  const network = objectAt(json, 'modem', '3gpp');
  const plmn = textAt(network, 'operator-code');
  return {
    state: textAt(generic, 'state'),
    failedReason: textAt(generic, 'state-failed-reason'),
    rat: ratOf(textsAt(generic, 'access-technologies')),
    plmn: plmn !== undefined && /^\d{5,6}$/.test(plmn) ? plmn : undefined,
    ...registration(textAt(network, 'registration-state')),
  };
}

/** Names of MMModemAccessTechnology, the newest first. */
const TECHNOLOGIES: readonly (readonly [Rat, readonly string[]])[] = [
  ['nr', ['5gnr']],
  ['lte', ['lte', 'lte-cat-m', 'lte-nb-iot']],
  ['umts', ['umts', 'hsdpa', 'hsupa', 'hspa', 'hspa-plus']],
  ['gsm', ['gsm', 'gsm-compact', 'gprs', 'edge']],
];

function ratOf(technologies: readonly string[]): Rat | undefined {
  const found = TECHNOLOGIES.find(([, names]) => names.some((name) => technologies.includes(name)))?.[0];
  return found === 'nr' && technologies.includes('lte') ? 'nrnsa' : found;
}

/** MMModem3gppRegistrationState; `unknown` and `--`: unknown. */
function registration(state: string | undefined): Pick<ModemInfo, 'registered' | 'roaming'> {
  if (state?.startsWith('home') === true) return { registered: true, roaming: false };
  if (state?.startsWith('roaming') === true) return { registered: true, roaming: true };
  const isNot = ['idle', 'searching', 'denied', 'emergency-only'].includes(state ?? '');
  return isNot ? { registered: false, roaming: false } : {};
}
