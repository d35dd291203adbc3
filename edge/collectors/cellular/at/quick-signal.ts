import { lteSinrDb } from '../encodings.ts';
import { defined, type RadioFields } from '../radio-state.ts';
import type { QuickSignal } from './quectel-answers.ts';

/** For modems that do not know +QENG. Its SINR is 0..250 for LTE; the scale for NR differs between modems. */
export function quickFields({ mode, rsrp, rsrq, sinrRaw }: QuickSignal): RadioFields {
  return defined({
    rsrp_dbm: rsrp,
    rsrq_db: rsrq,
    sinr_db: mode === 'LTE' ? lteSinrDb(sinrRaw, 'fine') : undefined,
  });
}
