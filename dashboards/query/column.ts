import type { Text } from '../../contract/catalogue.ts';
import { historyField, type HistoryPart } from '../../contract/influx-history.ts';
import type { Colour } from '../panel/colour.ts';
import type { Thresholds } from '../panel/thresholds.ts';
import type { Mapping } from '../panel/mapping.ts';
import type { Link } from '../panel/link.ts';

/** How a column is shown. Without it: the meaning and the unit that the catalogue gives its field. */
export interface Look {
  /** Name in the result; that of the field if undefined. */
  readonly as?: string;
  readonly label?: Text;
  /** Of Grafana; for what the catalogue cannot know, such as a rate of a counter. */
  readonly unit?: string;
  readonly decimals?: number;
  readonly thresholds?: Thresholds;
  readonly mapping?: Mapping;
  /** Of a curve that means a state or a severity. Others are told apart by Grafana. */
  readonly colour?: Colour;
  /** What a cell says that has no value, where that means something. */
  readonly absent?: Text;
  readonly link?: Link;
  /** Shown in this language alone: the title of an alert is stored in both. */
  readonly only?: 'en' | 'vi';
  /** Needed for a link, a position or an order, and not shown. */
  readonly hidden?: boolean;
  /** Of the column of a table, in pixels. */
  readonly widthPx?: number;
}

/** `numbers`: the function needs a number. `flags`: true or false. `anything`: any field will do. `tag`: not a field. */
export type Takes = 'numbers' | 'flags' | 'anything' | 'tag';

/** One column of a SELECT. */
export interface Column<Name extends string = string, Kind extends Takes = Takes> {
  readonly source: Name;
  readonly takes: Kind;
  readonly expression: string;
  /** The same of minutes or hours of a number; undefined: they do not have it. */
  readonly older?: string;
  readonly look: Look;
}

type Write = (quoted: string) => string;

function column<Name extends string, Kind extends Takes>(
  takes: Kind,
  write: Write,
  older?: (source: string) => string,
) {
  return <Source extends Name>(source: Source, look: Look = {}): Column<Source, Kind> => ({
    source,
    takes,
    expression: write(`"${source}"`),
    ...(older !== undefined && { older: older(source) }),
    look,
  });
}

function stored(source: string, part: HistoryPart): string {
  return `"${historyField(source, part)}"`;
}

export const mean = column<string, 'numbers'>(
  'numbers',
  (field) => `mean(${field})`,
  (source) => `sum(${stored(source, 'sum')}) / sum(${stored(source, 'count')})`,
);
export const sum = column<string, 'numbers'>(
  'numbers',
  (field) => `sum(${field})`,
  (source) => `sum(${stored(source, 'sum')})`,
);
export const max = column<string, 'numbers'>(
  'numbers',
  (field) => `max(${field})`,
  (source) => `max(${stored(source, 'max')})`,
);
export const min = column<string, 'numbers'>(
  'numbers',
  (field) => `min(${field})`,
  (source) => `min(${stored(source, 'min')})`,
);
/** A flag over an interval: false once it was. */
export const always = column<string, 'flags'>('flags', (field) => `min(${field})`);
/** True once it was. */
export const ever = column<string, 'flags'>('flags', (field) => `max(${field})`);
export const last = column<string, 'anything'>('anything', (field) => `last(${field})`);
export const count = column<string, 'anything'>('anything', (field) => `count(${field})`);
/** The field itself, of a query without functions. */
export const value = column<string, 'anything'>('anything', (field) => field);
/** A tag as a column, of a query without functions: its place is certain, unlike that of tags that are grouped by. */
export const tagValue = column<string, 'tag'>('tag', (tag) => tag);

export function percentile<Source extends string>(
  source: Source,
  percent: number,
  look: Look = {},
): Column<Source, 'numbers'> {
  return { source, takes: 'numbers', expression: `percentile("${source}", ${percent})`, look };
}

/** Growth of a counter in a second; a counter that starts anew gives none. */
export const perSecond: <Source extends string>(source: Source, look: Look) => Column<Source, 'numbers'> =
  growth((most) => `non_negative_derivative(${most}, 1s)`);

/** Growth of a counter over each step of the panel. */
export const increase = growth((most) => `non_negative_difference(${most})`);

function growth(write: Write) {
  return column<string, 'numbers'>(
    'numbers',
    (field) => write(`max(${field})`),
    (source) => write(`max(${stored(source, 'max')})`),
  );
}
