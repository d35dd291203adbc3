import type { FormerUnit } from '../../../contract/inventory.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { decodeText } from '../csv/decode-text.ts';
import { MAX_CSV_BYTES, parseCsv } from '../csv/parse-csv.ts';

/** A ward as an official list names it. */
export interface ListedWard {
  readonly code: string;
  /** Without the word for its kind, unless it has only a number: `Tân Định`, `Phường 5`. */
  readonly name: string;
  readonly kind: FormerUnit['kind'];
  readonly district: string;
}

/** A unit of today, and what it was made of, as the resolution says it: `Phường 5, Phường 6 (quận Gò Vấp)`. */
export interface FormedUnit {
  readonly code: string;
  readonly formedFrom: string;
}

const KINDS: Readonly<Record<string, FormerUnit['kind']>> = {
  phường: 'ward',
  xã: 'commune',
  'thị trấn': 'township',
  huyện: 'district',
};
const KIND_BEFORE_NAME = /^(phường|xã|thị trấn|huyện)\s+(.*)$/iu;

/** Reads a list with the columns district, ward_code, ward and ward_type. Throws a UserError (exit 2). */
export function readWardList(source: string, bytes: Uint8Array): readonly ListedWard[] {
  return readTable(source, bytes, ['district', 'ward_code', 'ward', 'ward_type']).map(
    ([district = '', code = '', ward = '', type = '']) => {
      const { name, kind } = readWardName(ward);
      return { code, name, kind: kind ?? KINDS[type.toLowerCase()] ?? 'ward', district: oneSpace(district) };
    },
  );
}

/** Reads a list with the columns code and formed_from. Throws a UserError (exit 2). */
export function readFormedUnits(source: string, bytes: Uint8Array): readonly FormedUnit[] {
  return readTable(source, bytes, ['code', 'formed_from']).map(([code = '', formedFrom = '']) => ({
    code,
    formedFrom,
  }));
}

/** `Phường  Tân Định` is the ward Tân Định, `Phường 05` the ward Phường 5. Pure. */
export function readWardName(text: string): {
  readonly name: string;
  readonly kind: FormerUnit['kind'] | undefined;
} {
  const full = oneSpace(text);
  const [, word = '', rest = full] = KIND_BEFORE_NAME.exec(full) ?? [];
  const kind = KINDS[word.toLowerCase()];
  return /^\d+$/.test(rest) && word !== '' ? { name: `${word} ${Number(rest)}`, kind } : { name: rest, kind };
}

function readTable(
  source: string,
  bytes: Uint8Array,
  columns: readonly string[],
): readonly (readonly string[])[] {
  const fail = (problem: string): never => {
    throw new UserError(EXIT.badConfig, [`${source}: ${problem}`]);
  };
  if (bytes.length > MAX_CSV_BYTES) fail(`larger than ${MAX_CSV_BYTES} bytes`);
  const decoded = decodeText(bytes);
  if ('message' in decoded) return fail(decoded.message);
  const { rows, faults } = parseCsv(decoded.text.normalize('NFC'));
  const [fault] = faults;
  if (fault !== undefined) fail(`line ${fault.line}: ${fault.message}`);
  const header = rows[0]?.cells.map((cell) => cell.trim()) ?? [];
  const positions = columns.map((column) => header.indexOf(column));
  const missing = columns.filter((_, at) => positions[at] === -1);
  if (missing.length > 0) fail(`expected columns ${columns.join(', ')}; there is no ${missing.join(', ')}`);
  const codeAt = header.indexOf(columns.find((column) => column.endsWith('code')) ?? '');
  return rows.slice(1).map(({ line, cells }) => {
    const code = cells[codeAt]?.trim() ?? '';
    if (!/^\d{5}$/.test(code))
      fail(`line ${line}: ${header[codeAt] ?? ''}: expected the official 5-digit code, got "${code}"`);
    return positions.map((at) => cells[at]?.trim() ?? '');
  });
}

function oneSpace(text: string): string {
  return text.trim().replace(/\s+/gu, ' ');
}
