import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { readRecord, writeRecord } from '../../../runtime/record-file.ts';

/** A unit that was in trouble is told of for so long after it is well, so that its alert hears of it. */
const REMEMBERED_MS = 24 * 3_600_000;
export const MAX_TROUBLED_UNITS = 64;
const MAX_FILE_BYTES = 64 * 1024;

const fileSchema = z.strictObject({
  v: z.literal(1),
  units: z.array(z.string().max(255)).max(MAX_TROUBLED_UNITS),
});

/** Names of units that failed or restarted lately, by when they last did (Unix ms). Pure. */
export class TroubledUnits {
  readonly #lastAtMs: Map<string, number>;

  constructor(names: readonly string[] = [], nowMs = 0) {
    this.#lastAtMs = new Map(names.map((name) => [name, nowMs]));
  }

  /** Takes who is in trouble now; says how many find no room. The one longest well makes room. */
  note(names: readonly string[], nowMs: number): number {
    // Newcomers first: they are the ones that find no room, so that those told of stay the same.
    const isKnown = (name: string): boolean => this.#lastAtMs.has(name);
    for (const name of [...names.filter((name) => !isKnown(name)), ...names.filter(isKnown)]) {
      this.#lastAtMs.delete(name);
      this.#lastAtMs.set(name, nowMs);
    }
    for (const [name, lastAtMs] of this.#lastAtMs) {
      // A clock that was set back must not make one unforgettable.
      if (Math.abs(nowMs - lastAtMs) > REMEMBERED_MS) this.#lastAtMs.delete(name);
    }
    let dropped = 0;
    for (const [name, lastAtMs] of this.#lastAtMs) {
      if (this.#lastAtMs.size <= MAX_TROUBLED_UNITS) break;
      this.#lastAtMs.delete(name);
      if (lastAtMs === nowMs) dropped++;
    }
    return dropped;
  }

  get names(): readonly string[] {
    return [...this.#lastAtMs.keys()];
  }
}

/** Without a file nothing outlasts the run. */
export interface TroubledUnitsRecord {
  /** Who was in trouble before this start: told of for another day, because nobody may have heard how it ended. */
  read(nowMs: number): TroubledUnits;
  /** Writes only when names came or went. */
  keep(trouble: TroubledUnits): void;
}

export function openTroubledUnitsRecord(file: string | undefined, log: Logger): TroubledUnitsRecord {
  let kept = '';
  return {
    read(nowMs) {
      if (file === undefined) return new TroubledUnits();
      const trouble = new TroubledUnits(readNames(file, log), nowMs);
      kept = shapeOf(trouble);
      return trouble;
    },
    keep(trouble) {
      if (file === undefined || shapeOf(trouble) === kept) return;
      // Without the agent's directory this is a look at what would be sent, which keeps nothing.
      if (!existsSync(dirname(file))) return;
      writeRecord(file, { v: 1, units: trouble.names });
      kept = shapeOf(trouble);
    },
  };
}

function shapeOf(trouble: TroubledUnits): string {
  return [...trouble.names].sort().join();
}

/** What cannot be read is forgotten: it costs late word of units that are well again, nothing else. */
function readNames(file: string, log: Logger): readonly string[] {
  try {
    return readRecord(file, fileSchema, MAX_FILE_BYTES)?.units ?? [];
  } catch (error) {
    log.warn({ file, problem: messageOf(error) }, 'units that were in trouble before are not known');
    return [];
  }
}
