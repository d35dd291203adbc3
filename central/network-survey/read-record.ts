import { z } from 'zod';
import { operatorOf } from '../../contract/operator-codes.ts';
import { bandOfChannel } from '../../contract/radio-bands.ts';
import type { FieldValue } from '../../contract/sample.ts';
import type { SurveyRat } from '../../contract/survey-topics.ts';

/** A message of the app is 700 bytes. */
export const MAX_RECORD_BYTES = 4_096;

/** What one message says of the cell that serves the phone. Neither its serial number nor its name is read. */
export interface SurveyRecord {
  readonly rat: SurveyRat;
  /** By the phone's clock. */
  readonly timeMs: number;
  readonly latitude: number;
  readonly longitude: number;
  /** Radius in which the phone is with a probability of 68 %, m; undefined: not told. */
  readonly accuracyM: number | undefined;
  /** The same for all cells of one scan of one SIM. */
  readonly scan: string;
  readonly operator: string | undefined;
  readonly band: string | undefined;
  /** Of `drive_test`. */
  readonly fields: Readonly<Record<string, FieldValue | undefined>>;
}

export interface RecordProblem {
  readonly code: 'survey-too-large' | 'survey-not-json' | 'survey-bad-record' | 'survey-no-position';
  readonly reason: string;
}

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
const number = optional(z.number());
const whole = optional(z.int());
/** Of a cell, a channel or an area. */
const identity = optional(z.int().min(0));

const common = {
  deviceTime: z.iso.datetime({ offset: true }),
  latitude: number,
  longitude: number,
  accuracy: number,
  groupNumber: whole,
  slot: whole,
  /** ITU-T E.212: three digits, and two or three, of which the app leaves out the zeros in front. */
  mcc: optional(z.int().min(100).max(999)),
  mnc: optional(z.int().min(0).max(999)),
  servingCell: optional(z.boolean()),
  signalStrength: number,
  ta: whole,
};

const dataSchema = {
  lte: z.object({
    ...common,
    ...{
      rsrp: number,
      rsrq: number,
      snr: number,
      cqi: whole,
      pci: identity,
      earfcn: identity,
      tac: identity,
      eci: identity,
    },
    lteBandwidth: optional(z.string().max(40)),
  }),
  nr: z.object({
    ...common,
    ...{ ssRsrp: number, ssRsrq: number, ssSinr: number, pci: identity, narfcn: identity, tac: identity },
    /** 36 bits: as text. */
    nci: optional(z.union([z.string().regex(/^\d{1,11}$/, 'expected up to 11 digits'), z.int().min(0)])),
  }),
  umts: z.object({ ...common, uarfcn: identity, cid: identity }),
  gsm: z.object({ ...common, arfcn: identity, ci: identity }),
};

type Data<Rat extends SurveyRat> = z.infer<(typeof dataSchema)[Rat]>;

/** undefined: a neighbour, which serves nobody here. Names and units: Network Survey Messaging 1.6.0. Pure. */
export function readRecord(rat: SurveyRat, payload: Buffer): SurveyRecord | RecordProblem | undefined {
  if (payload.length > MAX_RECORD_BYTES)
    return {
      code: 'survey-too-large',
      reason: `${payload.length} bytes, at most ${MAX_RECORD_BYTES} are allowed`,
    };
  let json: unknown;
  try {
    json = JSON.parse(payload.toString('utf8'));
  } catch {
    return { code: 'survey-not-json', reason: 'not JSON' };
  }
  const parsed = z.object({ data: dataSchema[rat] }).safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    // Zod's messages say what was expected and of which type it is: no value of the phone's is in them.
    return {
      code: 'survey-bad-record',
      reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a record'}`,
    };
  }
  return toRecord(rat, parsed.data.data);
}

function toRecord(rat: SurveyRat, data: Data<SurveyRat>): SurveyRecord | RecordProblem | undefined {
  if (data.servingCell !== true) return undefined;
  const { latitude, longitude, accuracy, mcc, mnc, groupNumber = 0, slot = 0 } = data;
  if (latitude === undefined || longitude === undefined)
    return {
      code: 'survey-no-position',
      reason: 'no latitude and longitude: location is off, or not allowed to the app',
    };
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
    return { code: 'survey-bad-record', reason: 'latitude or longitude is not on Earth' };
  return {
    ...{ rat, latitude, longitude, scan: `${groupNumber}/${slot}` },
    timeMs: Date.parse(data.deviceTime),
    // The app sends 0 where it does not know.
    accuracyM: accuracy === undefined || accuracy <= 0 ? undefined : accuracy,
    operator:
      mcc === undefined || mnc === undefined
        ? undefined
        : operatorOf(`${mcc}${String(mnc).padStart(2, '0')}`),
    ...radioOf(rat, data),
  };
}

function radioOf(rat: SurveyRat, data: Data<SurveyRat>): Pick<SurveyRecord, 'band' | 'fields'> {
  const { signalStrength: rssi_dbm, ta: timing_advance } = data;
  switch (rat) {
    case 'lte': {
      const { rsrp, rsrq, snr, cqi, pci, earfcn, tac, eci, lteBandwidth } = data as Data<'lte'>;
      const levels = { rsrp_dbm: rsrp, rsrq_db: rsrq, sinr_db: snr, rssi_dbm, cqi, timing_advance };
      const cell = {
        pci,
        arfcn: earfcn,
        tac,
        cell_id: textOf(eci),
        bandwidth_mhz: bandwidthOf(lteBandwidth),
      };
      return { band: bandOfChannel('lte', earfcn), fields: { ...levels, ...cell } };
    }
    case 'nr': {
      const { ssRsrp, ssRsrq, ssSinr, pci, narfcn, tac, nci } = data as Data<'nr'>;
      const levels = { rsrp_dbm: ssRsrp, rsrq_db: ssRsrq, sinr_db: ssSinr, timing_advance };
      return {
        band: bandOfChannel('nr', narfcn),
        fields: { ...levels, pci, arfcn: narfcn, tac, cell_id: textOf(nci) },
      };
    }
    case 'umts': {
      const { uarfcn, cid } = data as Data<'umts'>;
      return { band: undefined, fields: { rssi_dbm, arfcn: uarfcn, cell_id: textOf(cid) } };
    }
    case 'gsm': {
      const { arfcn, ci } = data as Data<'gsm'>;
      return { band: undefined, fields: { rssi_dbm, arfcn, cell_id: textOf(ci) } };
    }
  }
}

function textOf(value: number | string | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** `MHZ_1_4` is 1.4. */
function bandwidthOf(name: string | undefined): number | undefined {
  const [, mhz] = /^MHZ_(\d{1,2}(?:_\d)?)$/.exec(name ?? '') ?? [];
  return mhz === undefined ? undefined : Number(mhz.replace('_', '.'));
}
