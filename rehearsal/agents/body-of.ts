import type { BatchBody } from '../../contract/batch.ts';
import type { Sample } from '../../contract/sample.ts';
import { toTables } from '../../contract/tables.ts';

/** What central's decoder makes of the body that an agent would write, without the bytes between: they are half of the time of a day. */
export function bodyOf(samples: readonly Sample[]): BatchBody {
  let baseMs = 0;
  for (const { timeMs } of samples) if (timeMs > baseMs) baseMs = timeMs;
  const tables = toTables(samples, baseMs);
  if (tables === undefined) throw new Error(`${samples.length} samples do not fit one batch`);
  return { baseMs, tables };
}
