import { lteSinrDb } from '../encodings.ts';
import { defined, type RadioFields } from '../radio-state.ts';
import type { QuickSignal } from './quectel-answers.ts';

/** For modems that do not know +QENG. Its SINR counts 0..250; what it counts for NR is not the same everywhere. */
export function quickFields({ mode, rsrp, rsrq, sinrRaw }: QuickSignal): RadioFields {
  return defined({
    rsrp_dbm: rsrp,
    rsrq_db: rsrq,
    sinr_db: mode === 'LTE' ? lteSinrDb(sinrRaw, 'fine') : undefined,
  });
}
