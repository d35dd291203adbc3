/* eslint-disable @typescript-eslint/no-deprecated -- the SDK's way of saying that there is a newer schema; Grafana 12 reads this one */
import {
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  type Dashboard,
  type RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Board } from '../board.ts';
import { annotations } from './annotations.ts';
import { buildPanel } from './build-panel.ts';
import { say, type Context } from './context.ts';
import { layOut, type PlacedRow } from './layout.ts';
import { boardLinks } from './links.ts';
import { hiddenVariables, variableModel } from './variables.ts';

export type ClassicDashboard = Dashboard;

/** By which dashboards find each other. */
const TAG = 'wardwatch';

/** As Grafana from 12.3 on reads it (schemaVersion 42). */
export function classicDashboard(board: Board, context: Context): ClassicDashboard {
  const dashboard = new DashboardBuilder(say(context, board.title))
    .uid(board.uid)
    .description(say(context, board.about))
    .tags([TAG, board.folder.toLowerCase()])
    .timezone('Asia/Ho_Chi_Minh')
    .weekStart('monday')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: board.from, to: 'now' })
    .refresh(board.refresh)
    .build();
  return {
    ...dashboard,
    panels: layOut(board).flatMap((row) => panelsOfRow(row, context)),
    templating: {
      list: [...board.variables.map((variable) => variableModel(variable, context)), ...hiddenVariables()],
    },
    annotations: { list: annotations(context) },
    links: [boardLinks(TAG, say(context, { en: 'Dashboards', vi: 'Bảng theo dõi' }))],
  };
}

function panelsOfRow({ row, head, panels }: PlacedRow, context: Context): NonNullable<Dashboard['panels']> {
  const built = panels.map((placed) => buildPanel(placed, context));
  if (row.title === undefined || head === undefined) return built;
  const closed = row.closed === true;
  const rowPanel: RowPanel = {
    ...new RowBuilder(say(context, row.title)).collapsed(closed).build(),
    id: head.id,
    gridPos: head.position,
    panels: closed ? built : [],
  };
  return closed ? [rowPanel] : [rowPanel, ...built];
}
