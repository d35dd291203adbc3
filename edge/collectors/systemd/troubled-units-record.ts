import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../../../runtime/logger.ts';
import { readRecord, writeRecord } from '../../../runtime/record-file.ts';
import { MAX_TROUBLED_UNITS, TroubledUnits } from './troubled-units.ts';

const MAX_FILE_BYTES = 64 * 1024;

const fileSchema = z.strictObject({
  v: z.literal(1),
  units: z.array(z.string().max(255)).max(MAX_TROUBLED_UNITS),
});

/** Without a file nothing is kept through a restart. */
export interface TroubledUnitsRecord {
  /** Units from before this start: reported for another day, because their recovery may not have been sent. */
  read(nowMs: number): TroubledUnits;
  /** Writes only when names were added or removed. */
  write(units: TroubledUnits): void;
}

export function openTroubledUnitsRecord(file: string | undefined, log: Logger): TroubledUnitsRecord {
  let written = '';
  return {
    read(nowMs) {
      if (file === undefined) return new TroubledUnits();
      const units = new TroubledUnits(readNames(file, log), nowMs);
      written = textOf(units);
      return units;
    },
    write(units) {
      if (file === undefined || textOf(units) === written) return;
      // Without the agent's directory this run only shows what would be sent, and writes nothing.
      if (!existsSync(dirname(file))) return;
      writeRecord(file, { v: 1, units: units.names });
      written = textOf(units);
    },
  };
}

function textOf(units: TroubledUnits): string {
  return [...units.names].sort().join();
}

/** An unreadable file costs no more than a late report of units that have recovered. */
function readNames(file: string, log: Logger): readonly string[] {
  try {
    return readRecord(file, fileSchema, MAX_FILE_BYTES)?.units ?? [];
  } catch (error) {
    log.warn({ file, err: error }, 'names of failed units cannot be read; recovered ones are reported late');
    return [];
  }
}
