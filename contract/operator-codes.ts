import type { MobileOperator } from './mobile-operators.ts';

/** ITU-T E.212, mobile country code 452, as assigned in 2025. */
const VIETNAM: Readonly<Record<string, MobileOperator>> = {
  '45201': 'mobifone',
  '45202': 'vinaphone',
  '45203': 's-telecom',
  '45204': 'viettel',
  '45205': 'vietnamobile',
  '45206': 'viettel',
  '45207': 'gmobile',
  '45208': 'i-telecom',
  '45209': 'reddi',
};

const PLMN = /^(\d{3})(\d{2,3})$/;

/** The tag `operator`; an operator that is not known here is `MCC-MNC`, such as `515-66`. undefined: not a PLMN. */
export function operatorOf(plmn: string | undefined): string | undefined {
  const parts = PLMN.exec(plmn ?? '');
  if (parts === null) return undefined;
  const [whole, mcc, mnc] = parts;
  return VIETNAM[whole] ?? `${mcc}-${mnc}`;
}

/** MCC and MNC as one text of digits; undefined where one is missing. */
export function plmnOf(mcc: string | undefined, mnc: string | undefined): string | undefined {
  const plmn = `${mcc ?? ''}${mnc ?? ''}`;
  return mcc?.length === 3 && PLMN.test(plmn) ? plmn : undefined;
}
