import * as v2 from '@grafana/grafana-foundation-sdk/dashboardv2';
import {
  DashboardLinkType,
  VariableHide,
  VariableSort,
  VariableType,
  type AnnotationQuery,
  type DashboardLink,
  type Panel,
  type RowPanel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { ClassicDashboard } from './classic.ts';
import { DATASOURCE } from './datasource.ts';

type Entry = Panel | RowPanel;
/** Of the plugins: those of the Grafana that reads it. */
const ANY_VERSION = '';
const QUERY_VERSION = 'v0';

/** The same dashboard in the schema of Grafana 13, in the envelope in which it is stored. */
export function v2Manifest(dashboard: ClassicDashboard): object {
  return {
    apiVersion: 'dashboard.grafana.app/v2',
    kind: 'Dashboard',
    metadata: { name: dashboard.uid },
    spec: v2Dashboard(dashboard),
  };
}

export function v2Dashboard(dashboard: ClassicDashboard): v2.Dashboard {
  const entries = dashboard.panels ?? [];
  const panels = entries.flatMap((entry) => (isRow(entry) ? entry.panels : [entry]));
  const { refresh, time, weekStart } = dashboard;
  return {
    ...v2.defaultDashboard(),
    title: dashboard.title ?? '',
    description: dashboard.description ?? '',
    tags: dashboard.tags ?? [],
    editable: dashboard.editable ?? false,
    cursorSync: v2.DashboardCursorSync.Crosshair,
    annotations: (dashboard.annotations.list ?? []).map(annotation),
    links: (dashboard.links ?? []).map(link),
    variables: (dashboard.templating.list ?? []).map(variable),
    elements: Object.fromEntries(panels.map((panel) => [elementName(panel), element(panel)])),
    layout: { kind: 'RowsLayout', spec: { rows: rowsOf(entries) } },
    timeSettings: {
      ...v2.defaultTimeSettingsSpec(),
      ...(dashboard.timezone !== undefined && { timezone: dashboard.timezone }),
      ...(time !== undefined && { from: time.from, to: time.to }),
      autoRefresh: refresh ?? '',
      ...(weekStart === 'monday' && { weekStart }),
    },
  };
}

function isRow(entry: Entry): entry is RowPanel {
  return entry.type === 'row' && 'collapsed' in entry;
}

function elementName({ id }: Panel): string {
  return `panel-${String(id)}`;
}

function element(panel: Panel): v2.PanelKind {
  return {
    kind: 'Panel',
    spec: {
      id: panel.id ?? 0,
      title: panel.title ?? '',
      description: panel.description ?? '',
      links: [],
      data: {
        kind: 'QueryGroup',
        spec: {
          queries: (panel.targets ?? []).map(query),
          transformations: (panel.transformations ?? []).map(({ id, ...rest }) => ({
            kind: 'Transformation',
            group: id,
            spec: { options: rest.options as unknown },
          })),
          queryOptions: { ...(panel.interval !== undefined && { interval: panel.interval }) },
        },
      },
      vizConfig: {
        kind: 'VizConfig',
        group: panel.type,
        version: ANY_VERSION,
        spec: {
          options: (panel.options ?? {}) as unknown,
          fieldConfig: fieldConfig(panel),
        },
      },
    },
  };
}

/** Both schemas spell modes, mappings and overrides alike, in enums of their own. */
function fieldConfig({ fieldConfig: config }: Panel): v2.FieldConfigSource {
  const { defaults, overrides } = config ?? { defaults: {}, overrides: [] };
  return { defaults: defaults as unknown as v2.FieldConfig, overrides };
}

function query(target: Dataquery): v2.PanelQueryKind {
  const { refId, datasource: _, ...spec } = target as Dataquery & { refId: string; datasource: unknown };
  return { kind: 'PanelQuery', spec: { query: dataQuery(spec), refId, hidden: false } };
}

function dataQuery(spec: object): v2.DataQueryKind {
  const { type, uid } = DATASOURCE;
  return { kind: 'DataQuery', group: type, version: QUERY_VERSION, datasource: { name: uid }, spec };
}

/** A row with a head, or what stands before the first one. */
function rowsOf(entries: readonly Entry[]): v2.RowsLayoutRowKind[] {
  const rows: { head?: RowPanel; panels: Panel[] }[] = [];
  for (const entry of entries) {
    if (isRow(entry)) rows.push({ head: entry, panels: [...entry.panels] });
    else if (rows.length === 0) rows.push({ panels: [entry] });
    else rows.at(-1)?.panels.push(entry);
  }
  return rows.map(({ head, panels }) => ({
    kind: 'RowsLayoutRow',
    spec: {
      title: head?.title ?? '',
      collapse: head?.collapsed ?? false,
      ...(head === undefined && { hideHeader: true }),
      layout: { kind: 'GridLayout', spec: { items: gridItems(panels) } },
    },
  }));
}

/** Within a row, places count from its top. */
function gridItems(panels: readonly Panel[]): v2.GridLayoutItemKind[] {
  const top = Math.min(...panels.map(({ gridPos }) => gridPos?.y ?? 0));
  return panels.map((panel) => {
    const { x, y, w, h } = panel.gridPos ?? { x: 0, y: top, w: 0, h: 0 };
    return {
      kind: 'GridLayoutItem',
      spec: {
        x,
        y: y - top,
        width: w,
        height: h,
        element: { kind: 'ElementReference', name: elementName(panel) },
      },
    };
  });
}

function annotation(from: AnnotationQuery): v2.AnnotationQueryKind {
  const {
    refId: _,
    datasource: __,
    ...spec
  } = (from.target ?? {}) as { refId?: string; datasource?: unknown };
  return {
    kind: 'AnnotationQuery',
    spec: {
      name: from.name,
      enable: from.enable,
      hide: from.hide ?? false,
      iconColor: from.iconColor,
      query: dataQuery(spec),
    },
  };
}

function link(from: DashboardLink): v2.DashboardLink {
  const { placement: _, type, ...rest } = from;
  return {
    ...rest,
    type: type === DashboardLinkType.Link ? v2.DashboardLinkType.Link : v2.DashboardLinkType.Dashboards,
  };
}

function variable(from: VariableModel): v2.QueryVariableKind | v2.IntervalVariableKind {
  const { name, label, current, skipUrlSync = false } = from;
  const common = {
    ...{ name, skipUrlSync },
    ...(label !== undefined && { label }),
    ...(current !== undefined && { current }),
    hide: from.hide === VariableHide.HideVariable ? v2.VariableHide.HideVariable : v2.VariableHide.DontHide,
  };
  const text = typeof from.query === 'string' ? from.query : '';
  if (from.type === VariableType.Interval) {
    const { auto = false, auto_min = '', auto_count = 0 } = from;
    return {
      kind: 'IntervalVariable',
      spec: { ...v2.defaultIntervalVariableSpec(), ...common, query: text, auto, auto_min, auto_count },
    };
  }
  return {
    kind: 'QueryVariable',
    spec: {
      ...v2.defaultQueryVariableSpec(),
      ...common,
      query: dataQuery({ query: text }),
      definition: text,
      refresh: v2.VariableRefresh.OnTimeRangeChanged,
      sort:
        from.sort === VariableSort.AlphabeticalAsc
          ? v2.VariableSort.AlphabeticalAsc
          : v2.VariableSort.NaturalAsc,
      multi: from.multi ?? false,
      includeAll: from.includeAll ?? false,
      ...(from.allValue !== undefined && { allValue: from.allValue }),
      allowCustomValue: true,
    },
  };
}
