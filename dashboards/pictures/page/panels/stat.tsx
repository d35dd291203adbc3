import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  VizOrientation,
  type FieldDisplay,
} from '@grafana/data';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  useTheme2,
  VizRepeater,
} from '@grafana/ui';
import { TIME_ZONE } from '../answers.ts';
import type { PanelProps } from './props.ts';

interface Options {
  readonly reduceOptions: Parameters<typeof getFieldDisplayValues>[0]['reduceOptions'];
  readonly orientation: VizOrientation;
  readonly textMode: BigValueTextMode;
  readonly colorMode: BigValueColorMode;
  readonly graphMode: BigValueGraphMode;
  readonly justifyMode: BigValueJustifyMode;
  readonly wideLayout: boolean;
}

export function Stat({ panel, frames, width, height }: PanelProps) {
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
  return (
    <VizRepeater
      getValues={values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={({ value, width: each, height: high, count, alignmentFactors }) => (
        <BigValue
          {...{ theme, count, alignmentFactors, value: value.display, width: each, height: high }}
          {...{
            colorMode: options.colorMode,
            graphMode: options.graphMode,
            justifyMode: options.justifyMode,
          }}
          {...{ textMode: options.textMode, disableWideLayout: !options.wideLayout }}
        />
      )}
      {...{ width, height, source: frames, itemSpacing: 3, renderCounter: 0, autoGrid: true }}
      orientation={options.orientation}
    />
  );
}
