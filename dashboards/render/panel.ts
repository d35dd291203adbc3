import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type DashboardLink,
  type DataTransformerConfig,
  type DynamicConfigValue,
  type FieldColor,
  type GridPos,
  type MatcherConfig,
  type Panel as GrafanaPanel,
  type ThresholdsConfig,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { Mapping } from '../panel/mapping.ts';
import type { Panel } from '../panel/panel.ts';
import type { Thresholds } from '../panel/thresholds.ts';
import { unitOf } from './columns.ts';
import { say, type Context } from './context.ts';
import { DATASOURCE } from './datasource.ts';
import { description } from './describe.ts';
import { dataLink } from './links.ts';
import { NO_DATA, valueMappings } from './mappings.ts';
import { thresholdsConfig } from './thresholds.ts';

/** What the SDK's builders of all kinds of panels have in common. */
export interface PanelBuilder extends Builder<GrafanaPanel> {
  id(id: number): unknown;
  title(title: string): unknown;
  description(text: string): unknown;
  datasource(source: DataSourceRef): unknown;
  gridPos(position: GridPos): unknown;
  withTarget(query: Builder<Dataquery>): unknown;
  transformations(transformations: DataTransformerConfig[]): unknown;
  interval(interval: string): unknown;
  unit(unit: string): unknown;
  decimals(decimals: number): unknown;
  min(min: number): unknown;
  max(max: number): unknown;
  mappings(mappings: ValueMapping[]): unknown;
  thresholds(thresholds: Builder<ThresholdsConfig>): unknown;
  colorScheme(colour: Builder<FieldColor>): unknown;
  dataLinks(links: Builder<DashboardLink>[]): unknown;
  noValue(text: string): unknown;
  overrides(overrides: Override[]): unknown;
}

export interface Override {
  matcher: MatcherConfig;
  properties: DynamicConfigValue[];
}

type Measured = Exclude<Panel, { readonly draws: 'note' }>;

/** Title, description, unit, link and what a missing value looks like: the same on every panel. */
export function dress(builder: PanelBuilder, panel: Measured, context: Context): void {
  builder.title(say(context, panel.title));
  builder.description(description(context, panel));
  builder.datasource(DATASOURCE);
  builder.noValue(say(context, NO_DATA));
  const unit = panel.unit ?? firstUnit(panel);
  if (unit !== undefined) builder.unit(unit);
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  const { link } = panel;
  if (link !== undefined) builder.dataLinks([{ build: () => dataLink(link, context) }]);
}

/** Colours of values; `palette`: series are told apart instead. */
export function colour(
  builder: PanelBuilder,
  context: Context,
  values: { readonly thresholds: Thresholds; readonly mapping?: Mapping | undefined },
  mode: 'thresholds' | 'palette' = 'thresholds',
): void {
  builder.mappings(valueMappings(values.mapping, context));
  builder.thresholds({ build: () => thresholdsConfig(values.thresholds, context.rules) });
  const by = mode === 'palette' ? FieldColorModeId.PaletteClassic : FieldColorModeId.Thresholds;
  builder.colorScheme(new FieldColorBuilder().mode(by));
}

export function override(name: string, properties: DynamicConfigValue[]): Override {
  return { matcher: { id: 'byName', options: name }, properties };
}

function firstUnit({ queries }: Measured): string | undefined {
  const [query] = queries;
  const column = query?.columns.find(({ look }) => look.hidden !== true);
  return query === undefined || column === undefined ? undefined : unitOf(query, column);
}
