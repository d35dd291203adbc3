/** Operators of Vietnam, as tag `operator` names them (ITU-T E.212, mobile country code 452). */
export const MOBILE_OPERATORS = [
  'viettel',
  'vinaphone',
  'mobifone',
  'vietnamobile',
  'gmobile',
  'i-telecom',
  's-telecom',
  'reddi',
] as const;
export type MobileOperator = (typeof MOBILE_OPERATORS)[number];
