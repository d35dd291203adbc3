/** An answer: `lines`, followed by `OK` or this failure. */
export interface AtReply {
  readonly lines?: readonly string[];
  /** `ERROR`, `+CME ERROR: 10`. */
  readonly failure?: string;
}

/** Answers by command. An unknown command is answered ERROR. */
export type AtReplies = Readonly<Record<string, AtReply>>;

export interface Nr5g {
  readonly rsrpDbm: number;
  readonly rsrqDb: number;
  readonly sinrDb: number;
}

/** Viettel (452-04), with invented cells and levels, in the format of Quectel's RG50xQ/RM5xxQ AT manual. */
const SA = (levels: Nr5g) =>
  `+QENG: "servingcell","NOCONN","NR5G-SA","TDD",452,04,100072000,538,114000,509000,41,12,` +
  `${levels.rsrpDbm},${levels.rsrqDb},${levels.sinrDb},1,-`;

const COMMON: AtReplies = {
  ATE0: {},
  'AT+CGMI': { lines: ['Quectel'] },
  'AT+QTEMP': {
    lines: ['+QTEMP:"qfe_wtr_pa0","40"', '+QTEMP:"qfe_wtr_pa3","-273"', '+QTEMP:"xo-therm-usr","46"'],
  },
  'AT+C5GREG?': { lines: ['+C5GREG: 0,1'] },
};

export function onNr(levels: Nr5g = { rsrpDbm: -84, rsrqDb: -11, sinrDb: 18 }): AtReplies {
  return { ...COMMON, 'AT+QENG="servingcell"': { lines: [SA(levels)] } };
}

export function onNsa(levels: Nr5g = { rsrpDbm: -92, rsrqDb: -11, sinrDb: 14 }): AtReplies {
  return {
    ...COMMON,
    'AT+QENG="servingcell"': {
      lines: [
        '+QENG: "servingcell","NOCONN"',
        '+QENG: "LTE","FDD",452,04,3359966,101,1500,3,5,5,4AA3,-89,-13,-58,16,15,20,-',
        `+QENG:"NR5G-NSA",452,04,832,${levels.rsrpDbm},${levels.sinrDb},${levels.rsrqDb},509000,41,8,1`,
      ],
    },
    'AT+QCAINFO': {
      lines: [
        '+QCAINFO: "PCC",1500,100,"LTE BAND 3",1,101,-89,-13,-58,16',
        '+QCAINFO: "SCC",509000,8,"NR5G BAND 41",832',
      ],
    },
  };
}

export function onLte(): AtReplies {
  return {
    ...COMMON,
    'AT+QENG="servingcell"': {
      lines: [
        '+QENG: "servingcell","NOCONN","LTE","FDD",452,04,43300C,348,1802,3,5,5,5443,-97,-12,-69,15,34',
      ],
    },
    'AT+QCAINFO': { lines: ['+QCAINFO: "PCC",1802,100,"LTE BAND 3",1,348,-97,-12,-69,15'] },
  };
}

/** No cell is reported although the modem is connected: recorded from a firmware of 2026. */
export function searching(): AtReplies {
  return {
    ...COMMON,
    'AT+QENG="servingcell"': { lines: ['+QENG: "servingcell","SEARCH"'] },
    'AT+QNWINFO': { lines: ['+QNWINFO: "TDD NR5G","45204","NR5G BAND 78",620640'] },
  };
}

export function withoutNetwork(): AtReplies {
  return {
    ...COMMON,
    'AT+QENG="servingcell"': { lines: ['+QENG: "servingcell","SEARCH"'] },
    'AT+QNWINFO': { lines: ['+QNWINFO: No Service'] },
    'AT+C5GREG?': { lines: ['+C5GREG: 0,2'] },
    'AT+CEREG?': { lines: ['+CEREG: 0,2'] },
    'AT+CREG?': { lines: ['+CREG: 0,2'] },
  };
}

/** A modem of another maker: only the mandatory commands of 3GPP TS 27.007. RSRP −96 dBm, RSRQ −11 dB. */
export function generic(): AtReplies {
  return {
    ATE0: {},
    'AT+CGMI': { lines: ['SIERRA WIRELESS, INCORPORATED'] },
    'AT+CEREG=2': {},
    'AT+COPS=3,2': {},
    'AT+CESQ': { lines: ['+CESQ: 99,99,255,255,18,45'] },
    'AT+CEREG?': { lines: ['+CEREG: 2,5,"2AF8","0195A20B",7'] },
    'AT+COPS?': { lines: ['+COPS: 0,2,"45201",7'] },
  };
}
