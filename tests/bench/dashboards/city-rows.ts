import { FIELD_WRITERS } from '../../../contract/encode-line-protocol.ts';
import type { FieldDefinition } from '../../../contract/catalogue.ts';
import { historyField, historyMeasurement, historyPolicy } from '../../../contract/influx-history.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { panelsOf } from '../../../dashboards/board.ts';
import { BOARDS } from '../../../dashboards/boards/index.ts';
import { queriesOf } from '../../../dashboards/panel/panel.ts';
import { DAY_S, sizeOf, tagsOf } from './city-sizes.ts';

/** Lines for one retention policy, times in s; the last chunks are smaller. */
export interface Chunk {
  readonly policy: string | undefined;
  readonly text: string;
  readonly rows: number;
}

/** InfluxDB takes 25 MB at once. */
const CHUNK_CHARS = 3_000_000;
/** Of the values of a series, after which they come again: they are made once. */
const WAVE = 500;
/** A panel of now reads five minutes. */
const NOW_S = 3_600;
const HOUR_S = 3_600;

const QUERIES = BOARDS.flatMap((board) => panelsOf(board).flatMap(queriesOf));
type Fields = readonly (readonly [name: string, definition: FieldDefinition])[];

/** Everything that dashboards ask for, as a whole city writes it up to `toS`: samples, and the hours of them. Minutes are read as samples are, for as long. */
export function* cityChunks(toS: number): Generator<Chunk> {
  for (const name of new Set([...QUERIES.map(({ measurement }) => measurement), 'incident', 'maintenance'])) {
    yield* samplesOf(name, toS);
    yield* hoursOf(name, toS);
  }
}

/** Series by series. A field that is only asked for as it is now is written for the last hour alone. */
function* samplesOf(name: string, toS: number): Generator<Chunk> {
  const { series, everyS, days } = sizeOf(name);
  const { all, overTime } = askedOf(name);
  const chunk = new Chunks(undefined);
  const wave = { long: waveOf(overTime), recent: waveOf(all) };
  for (let at = 0; at < series; at++) {
    const head = headOf(name, name, at);
    const texts = { long: textsOf(overTime, at), recent: textsOf(all, at) };
    for (let atS = -days * DAY_S, step = 0; atS <= 0; atS += everyS, step++) {
      const kind = atS >= -NOW_S || overTime.length === 0 ? 'recent' : 'long';
      const values = wave[kind][(at * 31 + step) % WAVE] ?? '';
      const done = chunk.add(`${head}${joined(values, texts[kind])} ${toS + atS}`);
      if (done !== undefined) yield done;
    }
  }
  yield* chunk.rest();
}

/** Of the numbers that are asked of hours. */
function* hoursOf(name: string, toS: number): Generator<Chunk> {
  const { series, everyS, days } = sizeOf(name);
  const { ofLevels } = askedOf(name);
  if (ofLevels.length === 0) return;
  const widthS = Math.max(HOUR_S, everyS);
  const count = Math.max(1, HOUR_S / everyS);
  const wave = Array.from({ length: WAVE }, (_, at) =>
    ofLevels.map(([field, definition]) => partsOf(field, definition, at, count)).join(','),
  );
  const chunk = new Chunks(historyPolicy('hour'));
  const beginS = Math.floor(toS / widthS) * widthS;
  for (let at = 0; at < series; at++) {
    const head = headOf(name, historyMeasurement(name, 'hour'), at);
    // What is younger is not rolled up yet.
    for (let atS = days * DAY_S - widthS, step = 0; atS >= HOUR_S; atS -= widthS, step++) {
      const done = chunk.add(`${head}${wave[(at * 31 + step) % WAVE] ?? ''} ${beginS - atS}`);
      if (done !== undefined) yield done;
    }
  }
  yield* chunk.rest();
}

class Chunks {
  readonly #policy: string | undefined;
  #lines: string[] = [];
  #chars = 0;

  constructor(policy: string | undefined) {
    this.#policy = policy;
  }

  add(line: string): Chunk | undefined {
    this.#lines.push(line);
    this.#chars += line.length;
    return this.#chars < CHUNK_CHARS ? undefined : this.#take();
  }

  *rest(): Generator<Chunk> {
    if (this.#lines.length > 0) yield this.#take();
  }

  #take(): Chunk {
    const lines = this.#lines;
    this.#lines = [];
    this.#chars = 0;
    return { policy: this.#policy, text: lines.join('\n'), rows: lines.length };
  }
}

/** `overTime`: those that a panel reads beyond now; `ofLevels`: and which minutes and hours have. */
function askedOf(name: string): Readonly<Record<'all' | 'overTime' | 'ofLevels', Fields>> {
  const queries = QUERIES.filter(({ measurement }) => measurement === name);
  const sourcesOf = (asked: typeof queries): ReadonlySet<string> =>
    new Set(asked.flatMap(({ columns }) => columns.map(({ source }) => source)));
  const [all, overTime, ofLevels] = [
    sourcesOf(queries),
    sourcesOf(queries.filter(({ text }) => !text.includes('${__to}'))),
    sourcesOf(queries.filter(({ older }) => older.length > 0)),
  ];
  const fields = Object.entries(CATALOGUE.get(name)?.fields ?? {});
  const conditions = new Set(
    queries.flatMap(({ text }) => [...text.matchAll(/"(\w+)" [=!>]/g)].map(([, field = '']) => field)),
  );
  // Of what only annotations ask for, everything.
  const isAsked = (field: string, among: ReadonlySet<string>): boolean =>
    among.has(field) || all.size === 0 || conditions.has(field);
  return {
    all: fields.filter(([field]) => isAsked(field, all)),
    overTime: fields.filter(([field]) => isAsked(field, overTime)),
    ofLevels: fields.filter(([field]) => ofLevels.has(field)),
  };
}

function headOf(name: string, measurement: string, series: number): string {
  const tags = tagsOf(name, Object.keys(CATALOGUE.get(name)?.tags ?? {}), series);
  return `${measurement}${tags.map(([tag, value]) => `,${tag}=${value}`).join('')} `;
}

function waveOf(fields: Fields): readonly string[] {
  const numbers = fields.filter(([, { type }]) => type !== 'string');
  return Array.from({ length: WAVE }, (_, at) =>
    numbers
      .map(([field, definition]) => `${field}=${FIELD_WRITERS[definition.type](valueAt(definition, at))}`)
      .join(','),
  );
}

function textsOf(fields: Fields, series: number): string {
  return fields
    .filter(([, { type }]) => type === 'string')
    .map(([field]) => `${field}="${field === 'event' ? 'fired' : `${field}-${series % 20}`}"`)
    .join(',');
}

function joined(values: string, texts: string): string {
  return values === '' || texts === '' ? values + texts : `${values},${texts}`;
}

function valueAt({ type, min = 0, max = 1_000_000 }: FieldDefinition, at: number): number | boolean {
  if (type === 'bool') return true;
  const value = min + (max - min) * (0.2 + at / (2 * WAVE));
  return type === 'int' ? Math.round(value) : value;
}

function partsOf(field: string, definition: FieldDefinition, at: number, count: number): string {
  const write = FIELD_WRITERS[definition.type];
  const value = Number(valueAt(definition, at));
  return [
    `${historyField(field, 'count')}=${count}i`,
    `${historyField(field, 'sum')}=${write(count * value)}`,
    `${historyField(field, 'min')}=${write(value)}`,
    `${historyField(field, 'max')}=${write(value)}`,
  ].join(',');
}
