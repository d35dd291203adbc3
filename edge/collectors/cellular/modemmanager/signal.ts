import { numberAt, objectAt, type Json } from './json.ts';

export interface Signal {
  readonly nr: Levels;
  readonly lte: Levels & { readonly rssiDbm?: number | undefined };
  /** Seconds between ModemManager's readings of the modem; 0: signal polling is off. */
  readonly refreshS?: number | undefined;
}

interface Levels {
  readonly rsrpDbm?: number | undefined;
  readonly rsrqDb?: number | undefined;
  readonly snrDb?: number | undefined;
}

/** `mmcli -m N --signal-get -J`, and the same object from OpenWrt's ubus, which has no `modem` around it. */
export function parseSignal(json: unknown): Signal {
  const inModem = objectAt(json, 'modem', 'signal');
  const signal = Object.keys(inModem).length > 0 ? inModem : objectAt(json, 'signal');
  const lte = objectAt(signal, 'lte');
  return {
    nr: levels(objectAt(signal, '5g')),
    lte: { ...levels(lte), rssiDbm: numberAt(lte, 'rssi') },
    refreshS: numberAt(objectAt(signal, 'refresh'), 'rate'),
  };
}

function levels(json: Json): Levels {
  return { rsrpDbm: numberAt(json, 'rsrp'), rsrqDb: numberAt(json, 'rsrq'), snrDb: numberAt(json, 'snr') };
}
