import { bandOfText, bandTag } from '../../../../contract/radio-bands.ts';
import { bandwidthMhz, cellIdOf, lteSinrDb, tacOf, type SinrScale } from '../encodings.ts';
import { plmnOf } from '../../../../contract/operator-codes.ts';
import { defined, type Position, type RadioFields, type RadioState, type Rat } from '../radio-state.ts';
import type { QuectelCell, ServingCell } from './qeng.ts';
import {
  ratOfAccess,
  type Aggregation,
  type Carrier,
  type NetworkInfo,
  type Temperatures,
} from './quectel-answers.ts';
import type { Registration } from './standard-answers.ts';

/** The latest answers of a Quectel modem; some are requested less often than once a second. */
export interface QuectelAnswers {
  readonly serving?: ServingCell | undefined;
  readonly registration?: Registration | undefined;
  readonly networks?: readonly NetworkInfo[] | undefined;
  readonly aggregation?: Aggregation | undefined;
  readonly temperatures?: Temperatures | undefined;
  readonly position?: Position | undefined;
  readonly sinrScale: SinrScale;
}

export function quectelState(answers: QuectelAnswers): RadioState {
  const { serving, registration, networks = [], temperatures, position } = answers;
  const registered = isRegistered(serving, registration);
  const temperature =
    temperatures?.maxCelsius === undefined ? {} : { modem_temperature_celsius: temperatures.maxCelsius };
  if (registered === false) {
    return { rat: 'none', registered, roaming: false, fields: temperature, position };
  }
  const cell = serving?.nr ?? serving?.lte ?? serving?.legacy;
  return {
    // In SEARCH the cell is unknown, although the modem may be connected: other answers have the technology.
    rat: ratOf(answers) ?? registration?.rat ?? ratOfAccess(networks) ?? ratOfCarriers(answers.aggregation),
    plmn: plmnOf(cell?.mcc, cell?.mnc) ?? networks[0]?.plmn,
    band: bandOf(serving) ?? bandOfText(networks.at(-1)?.band ?? answers.aggregation?.primary?.band),
    registered,
    roaming: registration?.roaming,
    fields: { ...levels(answers), ...temperature },
    position,
  };
}

function isRegistered(
  serving: ServingCell | undefined,
  registration: Registration | undefined,
): boolean | undefined {
  if (serving?.state === 'LIMSRV') return false;
  if (serving?.state === 'NOCONN' || serving?.state === 'CONNECT') return true;
  return registration?.registered;
}

function ratOf({ serving, aggregation }: QuectelAnswers): Rat | undefined {
  switch (serving?.mode) {
    case 'NR5G-SA':
      return 'nr';
    case 'NR5G-NSA':
      return 'nrnsa';
    case 'LTE':
      return lteOf(aggregation);
    case 'WCDMA':
      return 'umts';
    case 'GSM':
      return 'gsm';
    case undefined:
      return undefined;
  }
}

function ratOfCarriers(aggregation: Aggregation | undefined): Rat | undefined {
  return aggregation?.primary?.band.startsWith('LTE') === true ? lteOf(aggregation) : undefined;
}

function lteOf(aggregation: Aggregation | undefined): Rat {
  return (aggregation?.secondary.length ?? 0) > 0 ? 'lte_ca' : 'lte';
}

function bandOf(serving: ServingCell | undefined): string | undefined {
  return serving?.nr === undefined ? bandTag('lte', serving?.lte?.band) : bandTag('nr', serving.nr.band);
}

function levels({ serving, aggregation, sinrScale }: QuectelAnswers): RadioFields {
  const carriers =
    aggregation === undefined ? {} : { secondary_carriers_count: aggregation.secondary.length };
  if (serving?.mode === undefined) return { ...carrierLevels(aggregation?.primary), ...carriers };
  const { nr, lte, legacy } = serving;
  if (nr === undefined) {
    if (lte === undefined) return identity(legacy);
    return { ...lteLevels(lte, sinrScale), ...identity(lte), ...carriers };
  }
  return {
    ...defined({
      rsrp_dbm: nr.rsrp,
      rsrq_db: nr.rsrq,
      sinr_db: nr.sinr,
      pci: nr.pci,
      arfcn: nr.arfcn,
      bandwidth_mhz: bandwidthMhz('nr', nr.bandwidthIndex),
      anchor_band: bandTag('lte', lte?.band),
      anchor_rsrp_dbm: lte?.rsrp,
      anchor_rsrq_db: lte?.rsrq,
      anchor_sinr_db: lteSinrDb(lte?.sinrRaw, sinrScale),
    }),
    ...identity(lte ?? nr),
    ...carriers,
  };
}

/** All there is where the modem tells its carriers and not its cell. */
function carrierLevels(carrier: Carrier | undefined): RadioFields {
  return defined({
    rsrp_dbm: carrier?.rsrp,
    rsrq_db: carrier?.rsrq,
    rssi_dbm: carrier?.rssi,
    pci: carrier?.pci,
    arfcn: carrier?.channel,
  });
}

function lteLevels(cell: QuectelCell, scale: SinrScale): RadioFields {
  return defined({
    rsrp_dbm: cell.rsrp,
    rsrq_db: cell.rsrq,
    sinr_db: lteSinrDb(cell.sinrRaw, scale),
    rssi_dbm: cell.rssi,
    cqi: cell.cqi,
    pci: cell.pci,
    arfcn: cell.arfcn,
    bandwidth_mhz: bandwidthMhz('lte', cell.bandwidthIndex),
  });
}

/** With an anchor, cell and tracking area are the anchor's: the NR carrier has none of its own. */
function identity(cell: QuectelCell | undefined): RadioFields {
  return defined({ cell_id: cellIdOf(cell?.cellIdHex), tac: tacOf(cell?.tacHex) });
}
