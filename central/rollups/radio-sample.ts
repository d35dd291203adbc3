import { MOBILE_OPERATORS } from '../../contract/mobile-operators.ts';
import type { FieldValue } from '../../contract/sample.ts';

/** Level at or above which a place has 4G or 5G: radio availability of QCVN 81:2019 and QCVN 126:2021. */
export const MINIMUM_RSRP_DBM = -110;
/** Below so many samples their share says nothing. */
export const MIN_SAMPLES = 30;

/** As tag `rat` of `cellular` has them. */
const RATS: ReadonlySet<string> = new Set(['nr', 'nrnsa', 'lte', 'lte_ca', 'umts', 'gsm', 'none']);
const OPERATORS: ReadonlySet<string> = new Set(MOBILE_OPERATORS);
/** `MCC-MNC` of an operator abroad: ITU-T E.212 gives out mobile country codes from 2 to 7, and 9 for networks of no country. */
const FOREIGN_OPERATOR = /^[2-79]\d{2}-\d{2,3}$/;
/** Of these no level is compared with the minimum, which is that of NR and LTE. */
const BELOW_4G: ReadonlySet<string> = new Set(['umts', 'gsm']);

/** Pure. Whether these can be the tags of a network; what an agent made up must not become a row each minute. */
export function isNetwork(operator: string | undefined, rat: string | undefined): boolean {
  return (operator === undefined || isOperator(operator)) && (rat === undefined || RATS.has(rat));
}

function isOperator(name: string): boolean {
  return OPERATORS.has(name) || FOREIGN_OPERATOR.test(name);
}

/**
 * Pure. Whether one reading of a modem found the minimum level of 4G or 5G. A modem without a network found none, nor did one that fell to 3G or 2G:
 * it takes those only where there is nothing else. undefined: it does not say.
 */
export function isCovered(
  rat: string | undefined,
  valueOf: (field: string) => FieldValue | undefined,
): boolean | undefined {
  if (valueOf('registered') === false || (rat !== undefined && BELOW_4G.has(rat))) return false;
  const rsrpDbm = valueOf('rsrp_dbm');
  return typeof rsrpDbm === 'number' ? rsrpDbm >= MINIMUM_RSRP_DBM : undefined;
}
