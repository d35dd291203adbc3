import { cellIdOf, tacOf } from '../encodings.ts';
import { defined, type RadioState, type Rat } from '../radio-state.ts';
import type { ExtendedSignal, Operator, Registration } from './standard-answers.ts';

export interface StandardAnswers {
  readonly signal?: ExtendedSignal | undefined;
  readonly registration?: Registration | undefined;
  readonly operator?: Operator | undefined;
}

/** From the commands of TS 27.007, which every modem knows. Without band and channel. */
export function standardState({ signal, registration = {}, operator }: StandardAnswers): RadioState {
  const registered = registration.registered;
  if (registered === false) return { rat: 'none', registered, roaming: false, fields: {} };
  const rat = ratOf(signal, registration.rat ?? operator?.rat);
  const { lte, nr } = signal ?? { lte: {}, nr: {} };
  const isNr = rat === 'nr' || rat === 'nrnsa';
  const hasLevels = isNr || rat === 'lte' || rat === undefined;
  return {
    rat,
    plmn: operator?.plmn,
    registered,
    roaming: registration.roaming,
    fields: {
      ...(hasLevels &&
        defined({
          rsrp_dbm: isNr ? nr.rsrpDbm : lte.rsrpDbm,
          rsrq_db: isNr ? nr.rsrqDb : lte.rsrqDb,
          sinr_db: isNr ? nr.sinrDb : undefined,
          anchor_rsrp_dbm: rat === 'nrnsa' ? lte.rsrpDbm : undefined,
          anchor_rsrq_db: rat === 'nrnsa' ? lte.rsrqDb : undefined,
        })),
      ...defined({ cell_id: cellIdOf(registration.cellIdHex), tac: tacOf(registration.tacHex) }),
    },
  };
}

/** Many modems report LTE while they also have an NR carrier: its levels show it. */
function ratOf(signal: ExtendedSignal | undefined, reported: Rat | undefined): Rat | undefined {
  const hasNr = signal?.nr.rsrpDbm !== undefined;
  const hasLte = signal?.lte.rsrpDbm !== undefined;
  if (hasNr && reported === 'lte') return 'nrnsa';
  return reported ?? (hasNr ? (hasLte ? 'nrnsa' : 'nr') : hasLte ? 'lte' : undefined);
}
