import { measuredLevels } from '../encodings.ts';
import { defined, type RadioState, type Rat } from '../radio-state.ts';
import type { VarbindValue } from '../../../protocols/snmp/session.ts';
import { roundOff, toNumber, toText } from '../../../protocols/snmp/value.ts';

/** TELTONIKA-MIB, modem table. Its columns of IMEI, IMSI, ICCID and serial numbers are not read. */
const TABLE = '1.3.6.1.4.1.48690.2.2.1';
/** The same values of the only modem before the table was there (RUT2xx, RUT9xx up to firmware 6), as Centreon and LibreNMS read them. */
const MOBILE = '1.3.6.1.4.1.48690.2';
export const MODEM_COLUMNS = {
  registration: `${TABLE}.11`,
  rssi: `${TABLE}.12`,
  plmn: `${TABLE}.14`,
  technology: `${TABLE}.16`,
  temperature: `${TABLE}.17`,
  sinr: `${TABLE}.19`,
  rsrp: `${TABLE}.20`,
  rsrq: `${TABLE}.21`,
} as const;
export const MODEM_SCALARS = {
  registration: `${MOBILE}.3.0`,
  rssi: `${MOBILE}.4.0`,
  plmn: `${MOBILE}.6.0`,
  technology: `${MOBILE}.8.0`,
  temperature: `${MOBILE}.9.0`,
  sinr: `${MOBILE}.22.0`,
  rsrp: `${MOBILE}.23.0`,
  rsrq: `${MOBILE}.24.0`,
} as const;
export type ModemColumn = keyof typeof MODEM_COLUMNS;
export type ModemRow = Readonly<Partial<Record<ModemColumn, VarbindValue>>>;

export function teltonikaState(row: ModemRow): RadioState {
  const registration = toText(row.registration)?.toLowerCase();
  const registered = isRegistered(registration);
  const temperature = tenths(toNumber(row.temperature));
  const temperatureField = defined({ modem_temperature_celsius: temperature });
  if (registered === false) return { rat: 'none', registered, roaming: false, fields: temperatureField };
  const rat = ratOf(toText(row.technology));
  const hasLevels = rat === undefined || rat === 'nr' || rat === 'nrnsa' || rat === 'lte' || rat === 'lte_ca';
  const level = (name: ModemColumn): number | undefined => (hasLevels ? toNumber(row[name]) : undefined);
  const levels = measuredLevels({ rsrp: level('rsrp'), rsrq: level('rsrq'), sinr: level('sinr') });
  const plmn = toText(row.plmn);
  return {
    rat,
    plmn: plmn !== undefined && /^\d{5,6}$/.test(plmn) ? plmn : undefined,
    registered,
    roaming: registered === true ? registration?.includes('roaming') : undefined,
    fields: {
      ...defined({
        rsrp_dbm: levels.rsrp,
        rsrq_db: levels.rsrq,
        // In 5G NSA the firmware reports 0 for unknown.
        sinr_db: rat === 'nrnsa' ? zeroIsNone(levels.sinr) : levels.sinr,
        rssi_dbm: rat === 'lte' || rat === 'lte_ca' ? zeroIsNone(level('rssi')) : undefined,
      }),
      ...temperatureField,
    },
  };
}

function isRegistered(text: string | undefined): boolean | undefined {
  if (text === undefined || text.includes('unknown')) return undefined;
  if (/^(not registered|registration denied|denied|searching|unregistered)/.test(text)) return false;
  return /^registered/.test(text) ? true : undefined;
}

/** `5G-NSA`, `5G-SA`, `LTE`, `LTE-A`, `WCDMA`, `EDGE` … as the firmware spells it. */
function ratOf(text: string | undefined): Rat | undefined {
  const name = text?.toUpperCase() ?? '';
  if (/5G|NR/.test(name)) return /NSA/.test(name) ? 'nrnsa' : 'nr';
  if (/LTE|4G|CAT-?M|NB-?IOT/.test(name)) return /LTE-?A|\bCA\b|\+/.test(name) ? 'lte_ca' : 'lte';
  if (/WCDMA|UMTS|HS(D|U)?PA|3G/.test(name)) return 'umts';
  return /GSM|GPRS|EDGE|2G/.test(name) ? 'gsm' : undefined;
}

const tenths = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : roundOff(value / 10);
const zeroIsNone = (value: number | undefined): number | undefined => (value === 0 ? undefined : value);
