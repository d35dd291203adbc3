import type { Text } from '../contract/catalogue.ts';
import type { Panel } from './panel/panel.ts';
import type { Variable } from './panel/variable.ts';

/** Folders of Grafana, and of the built files: ASCII, as they are part of paths; their titles are theirs in Grafana. */
export const FOLDERS = ['Overview', 'Datacentre', 'Network', 'Alerts', 'Platform'] as const;
export type Folder = (typeof FOLDERS)[number];

/** Panels from left to right; what does not fit goes to the next line. */
export interface Row {
  /** None for the first one. */
  readonly title?: Text;
  /** Closed until a reader opens it: what is closed is not asked for. */
  readonly closed?: boolean;
  readonly panels: readonly Panel[];
}

/** A dashboard. */
export interface Board {
  readonly uid: string;
  readonly folder: Folder;
  /** `city`: asks for what central sums up each minute, never for single series. `detail`: of one thing, and for all of it. */
  readonly scope: 'city' | 'detail';
  readonly title: Text;
  readonly about: Text;
  readonly variables: readonly Variable[];
  /** Begin of the time that is shown first, such as `now-3h`. */
  readonly from: string;
  /** How often it asks again. */
  readonly refresh: string;
  readonly rows: readonly Row[];
}

export function panelsOf(board: Board): readonly Panel[] {
  return board.rows.flatMap(({ panels }) => panels);
}
