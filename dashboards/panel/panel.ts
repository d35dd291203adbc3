import type { Text } from '../../contract/catalogue.ts';
import type { Query } from '../query/query.ts';
import type { Link } from './link.ts';
import type { Mapping } from './mapping.ts';
import type { Thresholds } from './thresholds.ts';

/** Said of every panel, whatever it draws. Texts are in both languages; a dashboard is built in one. */
interface Common {
  readonly title: Text;
  /** What is shown, and what a reader may conclude. The runbooks of `rules` follow it. */
  readonly about: Text;
  readonly queries: readonly Query[];
  /** Shipped alert rules that judge what is shown. */
  readonly rules?: readonly string[];
  /** Of 24 columns. */
  readonly width: number;
  /** Of rows of about 38 pixels. */
  readonly height: number;
  /** Of Grafana; that of the first column in the catalogue if undefined. */
  readonly unit?: string;
  readonly decimals?: number;
  readonly link?: Link;
}

/** One number, large. */
export interface Stat extends Common {
  readonly draws: 'stat';
  readonly thresholds: Thresholds;
  readonly mapping?: Mapping;
}

export interface Lines extends Common {
  readonly draws: 'lines';
  readonly thresholds: Thresholds;
  readonly stacked?: boolean;
  readonly bars?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Names of columns drawn below zero: what is sent under what is received. */
  readonly below?: readonly string[];
  readonly legend?: 'list' | 'table';
  /** Of curves that one tag tells apart: what its values are called, and their colours. */
  readonly values?: Mapping;
  /** Least step in seconds: how often the measurement is written. */
  readonly stepS?: number;
}

/** A bar of colours for each series. */
export interface States extends Common {
  readonly draws: 'states';
  readonly mapping: Mapping;
  readonly stepS?: number;
}

export interface Table extends Common {
  readonly draws: 'table';
  readonly sortBy?: { readonly column: string; readonly descending: boolean };
  /** Rows that are shown of the sorted ones. */
  readonly limit?: number;
  /** What values of tags are called and how they are coloured. */
  readonly tags?: Readonly<Record<string, Mapping>>;
  /** Tags that tell rows apart and that nobody reads. */
  readonly hiddenTags?: readonly string[];
  /** Of a table of rows, not of groups. */
  readonly showsTime?: boolean;
}

/** A point for each row, at its `latitude` and `longitude`. */
export interface PlaceMap extends Common {
  readonly draws: 'map';
  /** What is seen at first; all of the markers if undefined. */
  readonly view?: { readonly latitude: number; readonly longitude: number; readonly zoom: number };
  /** The column that gives the colour. */
  readonly colour: string;
  readonly thresholds: Thresholds;
  readonly mapping?: Mapping;
}

/** A horizontal bar for each row. */
export interface Bars extends Common {
  readonly draws: 'bars';
  readonly thresholds: Thresholds;
  readonly max?: number;
}

/** Nodes by the first query (columns id, title, mainstat), edges by the second (id, source, target, mainstat). */
export interface Graph extends Common {
  readonly draws: 'graph';
}

export interface Note {
  readonly draws: 'note';
  readonly title: Text;
  readonly about: Text;
  readonly markdown: Text;
  readonly width: number;
  readonly height: number;
}

export type Panel = Stat | Lines | States | Table | PlaceMap | Bars | Graph | Note;

type Without<P extends Panel> = Omit<P, 'draws'>;
export const stat = (panel: Without<Stat>): Stat => ({ draws: 'stat', ...panel });
export const lines = (panel: Without<Lines>): Lines => ({ draws: 'lines', ...panel });
export const states = (panel: Without<States>): States => ({ draws: 'states', ...panel });
export const table = (panel: Without<Table>): Table => ({ draws: 'table', ...panel });
export const map = (panel: Without<PlaceMap>): PlaceMap => ({ draws: 'map', ...panel });
export const bars = (panel: Without<Bars>): Bars => ({ draws: 'bars', ...panel });
export const graph = (panel: Without<Graph>): Graph => ({ draws: 'graph', ...panel });
export const note = (panel: Without<Note>): Note => ({ draws: 'note', ...panel });

export function queriesOf(panel: Panel): readonly Query[] {
  return panel.draws === 'note' ? [] : panel.queries;
}

export function rulesOf(panel: Panel): readonly string[] {
  return panel.draws === 'note' ? [] : (panel.rules ?? []);
}
