import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type FieldDisplay,
  type VizOrientation,
} from '@grafana/data';
import { BarGauge, useTheme2, VizRepeater } from '@grafana/ui';
import { TIME_ZONE } from '../answers.ts';
import type { PanelProps } from './props.ts';

type BarProps = React.ComponentProps<typeof BarGauge>;

interface Options {
  readonly reduceOptions: Parameters<typeof getFieldDisplayValues>[0]['reduceOptions'];
  readonly orientation: VizOrientation;
  readonly displayMode: BarProps['displayMode'];
  readonly valueMode: NonNullable<BarProps['valueDisplayMode']>;
  readonly namePlacement: NonNullable<BarProps['namePlacement']>;
  readonly showUnfilled: boolean;
  readonly minVizWidth: number;
  readonly minVizHeight: number;
  readonly maxVizHeight: number;
}

export function Bars({ panel, frames, width, height }: PanelProps) {
  const theme = useTheme2();
  const options = panel.options as unknown as Options;
  const values = (): FieldDisplay[] =>
    getFieldDisplayValues({
      fieldConfig: panel.fieldConfig as never,
      reduceOptions: options.reduceOptions,
      replaceVariables: (text: string) => text,
      theme,
      data: [...frames],
      timeZone: TIME_ZONE,
    });
  const { minVizWidth, minVizHeight, maxVizHeight } = options;
  return (
    <VizRepeater
      getValues={values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={({ value: { display, field, view, colIndex }, ...rest }) => (
        <BarGauge
          {...{ theme, field, value: display, itemSpacing: 10, lcdCellWidth: 12, ...rest }}
          {...(view !== undefined &&
            colIndex !== undefined && { display: view.getFieldDisplayProcessor(colIndex) })}
          {...{ displayMode: options.displayMode, valueDisplayMode: options.valueMode }}
          {...{ namePlacement: options.namePlacement, showUnfilled: options.showUnfilled }}
        />
      )}
      {...{ width, height, source: frames, itemSpacing: 10, renderCounter: 0 }}
      {...{ minVizWidth, minVizHeight, maxVizHeight, orientation: options.orientation }}
    />
  );
}
