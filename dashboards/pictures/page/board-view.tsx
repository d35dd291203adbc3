import { Icon, PanelChrome, useTheme2 } from '@grafana/ui';
import type { Answers } from './answers.ts';
import { pixelsOf, type Board, type BoardPanel } from './boards.ts';
import { Header } from './header.tsx';
import { Bars } from './panels/bars.tsx';
import { Lines } from './panels/lines.tsx';
import { PlaceMap } from './panels/place-map.tsx';
import { Stat } from './panels/stat.tsx';
import { States } from './panels/states.tsx';
import { TableView } from './panels/table.tsx';
import type { PanelProps } from './panels/props.ts';

const KINDS: Readonly<Record<string, React.FunctionComponent<PanelProps>>> = {
  stat: Stat,
  timeseries: Lines,
  table: TableView,
  bargauge: Bars,
  'state-timeline': States,
  geomap: PlaceMap,
};

/** A dashboard with Grafana's own panels where it publishes them. */
export function BoardView({ board, answers }: { readonly board: Board; readonly answers: Answers }) {
  const theme = useTheme2();
  const width = document.documentElement.clientWidth;
  return (
    <div style={{ background: theme.colors.background.canvas, minHeight: '100vh' }}>
      <Header board={board} answers={answers} />
      <div style={{ position: 'relative' }}>
        {board.panels.map((panel) => (
          <div key={panel.id} style={{ position: 'absolute', ...pixelsOf(panel.gridPos, width) }}>
            {panel.type === 'row' ? <RowTitle panel={panel} /> : <PanelView {...{ panel, answers, width }} />}
          </div>
        ))}
      </div>
    </div>
  );
}

function RowTitle({ panel }: { readonly panel: BoardPanel }) {
  const theme = useTheme2();
  return (
    <div
      style={{
        display: 'flex',
        alignItems: 'center',
        gap: 8,
        height: 30,
        ...theme.typography.h5,
        color: theme.colors.text.primary,
      }}
    >
      <Icon name={panel.collapsed === true ? 'angle-right' : 'angle-down'} />
      {panel.title}
    </div>
  );
}

interface Shown {
  readonly panel: BoardPanel;
  readonly answers: Answers;
  readonly width: number;
}

function PanelView({ panel, answers, width: pageWidth }: Shown) {
  const { width, height } = pixelsOf(panel.gridPos, pageWidth);
  const Kind = KINDS[panel.type];
  const frames = answers.frames.get(panel.id) ?? [];
  return (
    <PanelChrome
      {...{ width, height, title: panel.title }}
      {...(panel.description !== undefined && { description: panel.description })}
      padding={panel.type === 'geomap' ? 'none' : 'md'}
    >
      {(innerWidth: number, innerHeight: number) =>
        Kind === undefined ? (
          <div>{panel.type}</div>
        ) : (
          <Kind {...{ panel, frames, answers, width: innerWidth, height: innerHeight }} />
        )
      }
    </PanelChrome>
  );
}
