import type { TableCellHeight } from '@grafana/schema';
import { TableNG } from '@grafana/ui/unstable';
import { NoData } from './no-data.tsx';
import type { PanelProps } from './props.ts';

export function TableView({ panel, frames, width, height }: PanelProps) {
  const [frame] = frames;
  if (frame === undefined || frame.length === 0) return <NoData panel={panel} />;
  return (
    <TableNG
      data={frame}
      {...{ width, height, structureRev: 1, enableVirtualization: false }}
      cellHeight={panel.options['cellHeight'] as TableCellHeight}
      noHeader={panel.options['showHeader'] !== true}
      fieldConfig={panel.fieldConfig as never}
    />
  );
}
