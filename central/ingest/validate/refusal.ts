import type { Refusal as AnyRefusal, SentTable } from './checked-batch.ts';
import { remedyForPart } from './declare-remedy.ts';

export type RefusalCode =
  | 'unknown-measurement'
  | 'not-allowed'
  | 'unknown-tag'
  | 'missing-tag'
  | 'bad-tag'
  | 'foreign-device'
  | 'foreign-pool'
  | 'unknown-field'
  | 'wrong-type'
  | 'out-of-range'
  | 'no-fields'
  | 'future'
  | 'too-old'
  | 'too-many-series'
  | 'malformed';

export interface Refusal extends AnyRefusal {
  readonly code: RefusalCode;
}

/** Why a row, or every row of a table, is refused. */
export interface Problem {
  readonly code: RefusalCode;
  readonly reason: string;
}

const MAX_SHOWN_CHARS = 60;
const MAX_SHOWN_NAMES = 10;
const MAX_RAW_DEPTH = 4;

/** Collects the refusals of one batch. */
export class RefusalList {
  readonly all: Refusal[] = [];
  readonly #baseMs: number;

  constructor(baseMs: number) {
    this.#baseMs = baseMs;
  }

  /** `raw` has all that is needed to put the row into a batch again. */
  addRow(table: SentTable, row: number, sent: unknown, { code, reason }: Problem): void {
    const { measurement, tags, fields } = table;
    const shown = isShallow(sent, MAX_RAW_DEPTH) ? sent : 'nested too deeply';
    this.all.push({
      row,
      measurement,
      code,
      reason,
      raw: { baseMs: this.#baseMs, tags, fields, row: shown },
    });
  }

  /** A newer agent may have fields that this catalogue lacks: the other fields are stored. */
  addUnknownFields({ measurement, rows }: SentTable, names: readonly string[]): void {
    const more = names.length > MAX_SHOWN_NAMES ? ` and ${names.length - MAX_SHOWN_NAMES} more` : '';
    const list = names.slice(0, MAX_SHOWN_NAMES).map(show).join(', ');
    const reason = `${measurement} has no field ${list}${more} in the catalogue; not stored in ${rows.length} rows${remedyForPart(measurement)}`;
    this.all.push({ measurement, code: 'unknown-field', reason, raw: { fields: names } });
  }
}

/** A received value, shortened for a message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_SHOWN_CHARS));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Deeply nested values could overflow the stack when they are serialised. */
function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((part) => isShallow(part, levels - 1));
}
