import type { FieldValue, Sample } from '../../../../contract/sample.ts';
import { plausibleFields } from '../plausible-fields.ts';
import type { DipEvent } from './dip.ts';

/** Labels of a dip that are fields; the others are tags. */
const H3_CELL = 'h3_cell';

/**
 * Measurement `signal_dip`, with the time and tags of the dip's start, so that the sample of its end replaces that of its
 * start.
 */
export function dipSample(event: DipEvent, tags: Readonly<Record<string, string>>): Sample {
  const { kind, isOpen, endKnown, dip } = event;
  const { [H3_CELL]: h3Cell, ...labels } = dip.labels;
  const fields: Readonly<Record<string, FieldValue | undefined>> = {
    open: isOpen,
    end_known: endKnown,
    start_ms: dip.startMs,
    end_ms: dip.endMs,
    duration_s: (dip.endMs - dip.startMs) / 1_000,
    unknown_s: dip.unknownMs / 1_000,
    rsrp_min_dbm: dip.rsrpMinDbm,
    sinr_min_db: dip.sinrMinDb,
    from_rat: dip.fromRat,
    to_rat: dip.toRat,
    h3_cell: h3Cell,
  };
  return {
    measurement: 'signal_dip',
    tags: { ...tags, ...labels, kind },
    fields: plausibleFields('signal_dip', fields).fields,
    timeMs: dip.startMs,
  };
}
