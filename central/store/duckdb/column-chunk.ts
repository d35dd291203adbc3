import { DuckDBDataChunk, DuckDBTypeId, type DuckDBAppender, type DuckDBType } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

/** DuckDB's vector size. */
export const CHUNK_ROWS = 2_048;
/** DuckDB's `string_t`: length, then up to 12 bytes in place. */
const TEXT_BYTES = 16;
const TEXT_WORDS = TEXT_BYTES / 4;
const SHORT_TEXT = 12;
const HIGH_WORD = 2 ** 32;

/**
 * The rows that are appended at a time. Each column is written into memory of ours and copied as a whole: a value costs no call
 * into the library, and whole numbers need no BigInt. Used again and again, since its vectors take more time to make than to fill.
 */
export class ColumnChunk {
  readonly #chunk: DuckDBDataChunk;
  readonly #columns: readonly { readonly vector: duckdb.Vector; readonly itemBytes: number }[];
  readonly #writer: ColumnWriter;

  constructor(types: readonly DuckDBType[], writer: ColumnWriter) {
    this.#chunk = DuckDBDataChunk.create(types);
    this.#columns = types.map((type, column) => ({
      vector: duckdb.data_chunk_get_vector(this.#chunk.chunk, column),
      itemBytes: itemBytes(type),
    }));
    this.#writer = writer;
  }

  /** Call it first, then write each column, then `appendTo`. */
  start(rows: number): void {
    this.#chunk.reset();
    this.#chunk.rowCount = rows;
    this.#writer.start(rows);
  }

  /** What `write` puts into the writer, row by row. */
  column(index: number, write: (writer: ColumnWriter) => void): void {
    const column = this.#columns[index];
    if (column === undefined) throw new RangeError(`the table has no column ${index}`);
    this.#writer.begin(column.itemBytes);
    write(this.#writer);
    this.#writer.copyTo(column.vector);
  }

  appendTo(appender: DuckDBAppender): void {
    appender.appendDataChunk(this.#chunk);
  }
}

function itemBytes(type: DuckDBType): number {
  switch (type.typeId) {
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.BIGINT:
      return 8;
    case DuckDBTypeId.BOOLEAN:
      return 1;
    case DuckDBTypeId.VARCHAR:
      return TEXT_BYTES;
    default:
      throw new TypeError(`no column has the type ${type.toString()}`);
  }
}

/** Memory in which one column after the other is written, as DuckDB keeps it in a vector. */
export class ColumnWriter {
  readonly #memory = new ArrayBuffer(CHUNK_ROWS * TEXT_BYTES);
  readonly #doubles = new Float64Array(this.#memory);
  readonly #words = new Int32Array(this.#memory);
  readonly #bytes = new Uint8Array(this.#memory);
  readonly #valid = new Uint32Array(CHUNK_ROWS / 32);
  readonly #long: [row: number, text: string][] = [];
  #itemBytes = 8;
  #rows = 0;
  #next = 0;
  #nulls = 0;
  #text: string | undefined;

  start(rows: number): void {
    this.#rows = rows;
  }

  begin(itemBytes: number): void {
    this.#itemBytes = itemBytes;
    this.#next = 0;
    this.#nulls = 0;
    this.#text = undefined;
    this.#long.length = 0;
  }

  null(): void {
    const row = this.#next++;
    if (this.#nulls++ === 0) this.#valid.fill(0xffffffff);
    const word = row >>> 5;
    this.#valid[word] = (this.#valid[word] ?? 0) & ~(1 << (row & 31));
    if (this.#itemBytes === TEXT_BYTES) this.#clearText(row);
  }

  double(value: number): void {
    this.#doubles[this.#next++] = value;
  }

  bool(value: boolean): void {
    this.#bytes[this.#next++] = value ? 1 : 0;
  }

  /** `value` is a safe integer. Little-endian, as every platform is for which DuckDB's library is made. */
  int(value: number): void {
    const at = 2 * this.#next++;
    this.#words[at] = value | 0;
    this.#words[at + 1] = Math.floor(value / HIGH_WORD);
  }

  bigint(value: bigint): void {
    const at = 2 * this.#next++;
    this.#words[at] = Number(BigInt.asIntN(32, value));
    this.#words[at + 1] = Number(value >> 32n);
  }

  text(value: string): void {
    const row = this.#next++;
    const at = TEXT_WORDS * row;
    const words = this.#words;
    if (value === this.#text) {
      for (let word = at; word < at + TEXT_WORDS; word++) words[word] = words[word - TEXT_WORDS] ?? 0;
      return;
    }
    this.#clearText(row);
    if (this.#putShort(TEXT_BYTES * row + 4, value)) {
      words[at] = value.length;
      this.#text = value;
    } else {
      // Its `string_t` has a pointer, which only the library can set.
      this.#clearText(row);
      this.#long.push([row, value]);
    }
  }

  copyTo(vector: duckdb.Vector): void {
    if (this.#nulls > 0) {
      duckdb.vector_ensure_validity_writable(vector);
      const bytes = 8 * Math.ceil(this.#rows / 64);
      duckdb.copy_data_to_vector_validity(vector, 0, this.#valid.buffer, 0, bytes);
    }
    if (this.#nulls === this.#rows) return;
    duckdb.copy_data_to_vector(vector, 0, this.#memory, 0, this.#rows * this.#itemBytes);
    for (const [row, text] of this.#long) duckdb.vector_assign_string_element(vector, row, text);
  }

  #clearText(row: number): void {
    const at = TEXT_WORDS * row;
    for (let word = at; word < at + TEXT_WORDS; word++) this.#words[word] = 0;
    this.#text = undefined;
  }

  /** False: it is longer, or not ASCII, so that its length in UTF-8 is another. */
  #putShort(at: number, value: string): boolean {
    if (value.length > SHORT_TEXT) return false;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      this.#bytes[at + index] = code;
    }
    return true;
  }
}
