import type { FieldName, FieldNameOf, MeasurementName, TagName } from '../../contract/measurements/index.ts';
import type { Column } from './column.ts';
import type { Condition } from './condition.ts';
import { levelsInTurn, samplesInTurn, samplesOf, type Reading } from './older.ts';
import type { NamedColumn, Query } from './query.ts';

export type ColumnOf<M extends MeasurementName> =
  | Column<FieldNameOf<M, 'float' | 'int'>, 'numbers'>
  | Column<FieldNameOf<M, 'bool'>, 'flags'>
  | Column<FieldName<M>, 'anything'>
  | Column<TagName<M>, 'tag'>;
export type ConditionOf<M extends MeasurementName> =
  Condition<TagName<M>, 'tag'> | Condition<FieldName<M>, 'field'>;

/** What is older is not the state of now: central writes each minute. */
const NOW_MINUTES = 5;
/** More cannot be told apart in one picture, and a browser should not have to draw them. */
export const MOST_SERIES = 100;

/** Begins a query: a measurement, field or tag that the catalogue lacks does not compile. */
export function select<M extends MeasurementName>(
  measurement: M,
  ...columns: readonly [ColumnOf<M>, ...ColumnOf<M>[]]
): Selection<M> {
  return new Selection(measurement, columns);
}

class Selection<M extends MeasurementName> {
  readonly #measurement: M;
  readonly #columns: readonly Column[];
  readonly #conditions: readonly Condition[];
  readonly #tags: readonly TagName<M>[];

  constructor(
    measurement: M,
    columns: readonly Column[],
    conditions: readonly Condition[] = [],
    tags: readonly TagName<M>[] = [],
  ) {
    this.#measurement = measurement;
    this.#columns = columns;
    this.#conditions = conditions;
    this.#tags = tags;
  }

  where(...conditions: readonly ConditionOf<M>[]): Selection<M> {
    const all = [...this.#conditions, ...conditions];
    return new Selection(this.#measurement, this.#columns, all, this.#tags);
  }

  /** A series, or a row of a table, for each of their values. */
  by(...tags: readonly TagName<M>[]): Selection<M> {
    return new Selection(this.#measurement, this.#columns, this.#conditions, [...this.#tags, ...tags]);
  }

  /** Over time; a step without samples is a gap. */
  series(fill: 'null' | 'none' | 0 = 'null'): Query {
    const groups = (step: string): string => [`time(${step})`, ...this.#tags.map(quoted)].join(', ');
    return this.#finish('time_series', (step) => [`GROUP BY ${groups(step)} fill(${fill})`, ...this.#most()]);
  }

  /** One row for each group, over the chosen time. */
  table(): Query {
    return this.#finish('table', () => this.#groups());
  }

  /** One row for each group, of what was measured at the end of the chosen time: what is dead has none. */
  now(minutes = NOW_MINUTES): Query {
    return this.#ofSamples('table', this.#groups(), [`time > \${__to}ms - ${minutes}m`]);
  }

  /** As `now`, a series of one point for each group: what draws series names them by their tags. */
  nowSeries(minutes = NOW_MINUTES): Query {
    return this.#ofSamples(
      'time_series',
      [...this.#groups(), ...this.#most()],
      [`time > \${__to}ms - ${minutes}m`],
    );
  }

  /** As `now`, the one tag as a column of this name: a graph wants its nodes called `id`. */
  nowNaming(name: string, minutes = NOW_MINUTES): Query {
    const [tag, ...others] = this.#tags;
    if (tag === undefined || others.length > 0) throw new Error('a query that names its tag has exactly one');
    const inner = this.now(minutes);
    const names = inner.columns.map((column) => quoted(column.name));
    return {
      ...inner,
      text: `SELECT ${[`${quoted(tag)} AS ${quoted(name)}`, ...names].join(', ')} FROM (${inner.text})`,
      tags: [name],
    };
  }

  /** The rows themselves, newest first. */
  rows(limit: number): Query {
    return this.#ofSamples('table', [`ORDER BY time DESC LIMIT ${limit}`]);
  }

  #most(): string[] {
    return this.#tags.length === 0 ? [] : [`SLIMIT ${MOST_SERIES}`];
  }

  #groups(): string[] {
    return this.#tags.length === 0 ? [] : [`GROUP BY ${this.#tags.map(quoted).join(', ')}`];
  }

  /** Over the chosen time, however long ago or long it is: of samples, or of what is kept longer where that has the same. */
  #finish(format: Query['format'], ending: (step: string) => readonly string[]): Query {
    const columns = this.#named();
    const older = columns.map((column) => column.older);
    const isKept = this.#conditions.every(({ kind }) => kind === 'tag') && !older.includes(undefined);
    const text = ({ source, step }: Reading, ofLevel: boolean): string =>
      this.#text(source, columns, ending(step), { ofLevel });
    if (!isKept) return this.#query(format, columns, text(samplesOf(this.#measurement), false));
    return {
      ...this.#query(format, columns, text(samplesInTurn(this.#measurement), false)),
      older: levelsInTurn(this.#measurement).map((level) => text(level, true)),
    };
  }

  #ofSamples(format: Query['format'], ending: readonly string[], times: readonly string[] = []): Query {
    const columns = this.#named();
    const { source } = samplesOf(this.#measurement);
    return this.#query(format, columns, this.#text(source, columns, ending, { times }));
  }

  #named(): readonly NamedColumn[] {
    return this.#columns.map((column) => ({ ...column, name: column.look.as ?? column.source }));
  }

  #text(
    source: string,
    columns: readonly NamedColumn[],
    ending: readonly string[],
    { times = [], ofLevel = false }: { readonly times?: readonly string[]; readonly ofLevel?: boolean },
  ): string {
    const selected = columns.map(({ expression, older = '', name }) => {
      const asked = ofLevel ? older : expression;
      return asked === quoted(name) ? asked : `${asked} AS ${quoted(name)}`;
    });
    const conditions = [...this.#conditions.map(({ text }) => text), '$timeFilter', ...times];
    return [`SELECT ${selected.join(', ')} FROM ${source} WHERE ${conditions.join(' AND ')}`, ...ending].join(
      ' ',
    );
  }

  #query(format: Query['format'], columns: readonly NamedColumn[], text: string): Query {
    return {
      text,
      older: [],
      format,
      measurement: this.#measurement,
      columns,
      tags: this.#tags,
      variables: this.#conditions.flatMap(({ variable }) => variable ?? []),
    };
  }
}

function quoted(name: string): string {
  return `"${name}"`;
}
