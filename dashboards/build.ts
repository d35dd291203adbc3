import type { Board } from './board.ts';
import { BOARDS } from './boards/index.ts';
import { classicDashboard } from './render/classic.ts';
import type { Context } from './render/context.ts';
import { v2Manifest } from './render/v2.ts';

export const SCHEMAS = ['classic', 'v2'] as const;
export type Schema = (typeof SCHEMAS)[number];

export interface BuiltFile {
  /** `<folder>/<uid>.json`. */
  readonly path: string;
  readonly text: string;
}

/** Every dashboard as a file that Grafana provisions: the same text for the same rules and language, whenever it is made. Pure. */
export function buildDashboards(
  context: Context,
  schema: Schema,
  boards: readonly Board[] = BOARDS,
): readonly BuiltFile[] {
  return boards.map((board) => {
    const dashboard = classicDashboard(board, context);
    return {
      path: `${board.folder}/${board.uid}.json`,
      text: textOf(schema === 'v2' ? v2Manifest(dashboard) : dashboard),
    };
  });
}

function textOf(dashboard: object): string {
  return `${JSON.stringify(dashboard, null, 1)}\n`;
}
