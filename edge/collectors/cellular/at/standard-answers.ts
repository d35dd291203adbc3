import { lteRsrpDbm, lteRsrqDb, nrRsrpDbm, nrRsrqDb, nrSinrDb, numberOf } from '../encodings.ts';
import type { Rat } from '../radio-state.ts';
import { allFields, AtLayoutError } from './fields.ts';

/** 3GPP TS 27.007, 7.2. */
export interface Registration {
  readonly registered?: boolean | undefined;
  readonly roaming?: boolean | undefined;
  readonly tacHex?: string | undefined;
  readonly cellIdHex?: string | undefined;
  readonly rat?: Rat | undefined;
}

const HOME = new Set([1, 6, 9]);
const AWAY = new Set([5, 7, 10]);
/** Not searching, searching, denied, emergency calls only. 4 is "unknown". */
const NOT = new Set([0, 2, 3, 8]);

/** Access technology, `<AcT>` of +COPS and +CxREG. */
export function ratOfAct(act: number | undefined): Rat | undefined {
  if (act === undefined) return undefined;
  if ([0, 1, 3, 8].includes(act)) return 'gsm';
  if ([2, 4, 5, 6].includes(act)) return 'umts';
  if ([7, 9, 10].includes(act)) return 'lte';
  if (act === 11 || act === 12) return 'nr';
  return act === 13 ? 'nrnsa' : undefined;
}

export type RegistrationPrefix = '+CREG' | '+CEREG' | '+C5GREG';

/** 7.2, 10.1.22, 10.1.47: `n,stat[,"tac","ci",AcT]`. Unsolicited ones, in between, lack `n`. */
export function parseRegistration(lines: readonly string[], prefix: RegistrationPrefix): Registration {
  const solicited = lines.filter((line) => /^\+\w+: *\d *, *\d/.test(line));
  const [fields] = allFields(solicited, prefix);
  if (fields === undefined) throw new AtLayoutError(`no ${prefix} line`);
  const [, stat, tacHex, cellIdHex, act] = fields;
  const code = numberOf(stat) ?? -1;
  const registered = HOME.has(code) || AWAY.has(code) ? true : NOT.has(code) ? false : undefined;
  if (registered !== true) return { registered };
  return { registered, roaming: AWAY.has(code), tacHex, cellIdHex, rat: ratOfAct(numberOf(act)) };
}

/** Registered when any domain is; not registered when all say so; otherwise unknown. */
export function joinRegistrations(parts: readonly Registration[]): Registration {
  const found = parts.find(({ registered }) => registered === true);
  if (found !== undefined) return found;
  const isKnown = parts.length > 0 && parts.every(({ registered }) => registered === false);
  return isKnown ? { registered: false, roaming: false } : {};
}

export interface Operator {
  readonly plmn?: string | undefined;
  readonly rat?: Rat | undefined;
}

/** 7.3, `AT+COPS?`: the PLMN where the format is numeric. */
export function parseCops(lines: readonly string[]): Operator {
  const [fields] = allFields(lines, '+COPS');
  if (fields === undefined) throw new AtLayoutError('no +COPS line');
  const [, format, name = '', act] = fields;
  return { plmn: format === '2' && /^\d{5,6}$/.test(name) ? name : undefined, rat: ratOfAct(numberOf(act)) };
}

export interface ExtendedSignal {
  readonly lte: { readonly rsrpDbm?: number | undefined; readonly rsrqDb?: number | undefined };
  readonly nr: {
    readonly rsrpDbm?: number | undefined;
    readonly rsrqDb?: number | undefined;
    readonly sinrDb?: number | undefined;
  };
}

/** 8.69, `AT+CESQ`: six indices, and three more for NR since release 15. */
export function parseCesq(lines: readonly string[]): ExtendedSignal {
  const [fields] = allFields(lines, '+CESQ');
  if (fields === undefined || fields.length < 6) throw new AtLayoutError('no +CESQ line of 6 fields or more');
  const [, , , , rsrq, rsrp, ssRsrq, ssRsrp, ssSinr] = fields.map(numberOf);
  return {
    lte: { rsrpDbm: lteRsrpDbm(rsrp), rsrqDb: lteRsrqDb(rsrq) },
    nr: { rsrpDbm: nrRsrpDbm(ssRsrp), rsrqDb: nrRsrqDb(ssRsrq), sinrDb: nrSinrDb(ssSinr) },
  };
}
