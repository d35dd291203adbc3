import { defined, type Position, type RadioState, type Rat } from '../radio-state.ts';
import type { MmCell } from './cell-info.ts';
import type { ModemInfo } from './modem-info.ts';
import type { Signal } from './signal.ts';

export interface MmAnswers {
  readonly info: ModemInfo;
  readonly signal?: Signal | undefined;
  readonly cells?: readonly MmCell[] | undefined;
  readonly position?: Position | undefined;
}

/** Levels from the signal, which is read often, else from the cell; with the cell's identity. */
export function mmState({ info, signal, cells = [], position }: MmAnswers): RadioState {
  const { registered, roaming, plmn } = info;
  if (registered === false) return { rat: 'none', registered, roaming, fields: {}, position };
  const nrCell = cells.find(({ technology }) => technology === 'nr');
  const lteCell = cells.find(({ technology }) => technology === 'lte');
  const rat = info.rat ?? ratOf(signal);
  const isNr = rat === 'nr' || rat === 'nrnsa';
  const levels = isNr ? signal?.nr : rat === 'lte' ? signal?.lte : undefined;
  const cell = isNr ? nrCell : rat === 'lte' ? lteCell : undefined;
  const anchor = rat === 'nrnsa' ? { signal: signal?.lte, cell: lteCell } : undefined;
  return {
    rat,
    plmn,
    band: cell?.band,
    registered,
    roaming,
    position,
    fields: {
      ...cell?.identity,
      // With an anchor, cell and tracking area are the anchor's.
      ...(anchor !== undefined &&
        defined({ cell_id: anchor.cell?.identity.cell_id, tac: anchor.cell?.identity.tac })),
      ...defined({
        rsrp_dbm: levels?.rsrpDbm ?? cell?.rsrpDbm,
        rsrq_db: levels?.rsrqDb ?? cell?.rsrqDb,
        sinr_db: levels?.snrDb ?? cell?.sinrDb,
        rssi_dbm: rat === 'lte' ? signal?.lte.rssiDbm : undefined,
        anchor_band: anchor?.cell?.band,
        anchor_rsrp_dbm: anchor?.signal?.rsrpDbm ?? anchor?.cell?.rsrpDbm,
        anchor_rsrq_db: anchor?.signal?.rsrqDb ?? anchor?.cell?.rsrqDb,
        anchor_sinr_db: anchor?.signal?.snrDb,
      }),
    },
  };
}

/** By the available levels, if the modem does not report its technology. */
function ratOf(signal: Signal | undefined): Rat | undefined {
  const hasLevel = (levels: object | undefined): boolean =>
    Object.values(levels ?? {}).some((value) => value !== undefined);
  const hasLte = hasLevel(signal?.lte);
  return hasLevel(signal?.nr) ? (hasLte ? 'nrnsa' : 'nr') : hasLte ? 'lte' : undefined;
}
