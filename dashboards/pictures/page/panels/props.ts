import type { DataFrame } from '@grafana/data';
import type { Answers } from '../answers.ts';
import type { BoardPanel } from '../boards.ts';

/** What each kind of panel is drawn from, in the pixels that it has. */
export interface PanelProps {
  readonly panel: BoardPanel;
  readonly frames: readonly DataFrame[];
  readonly answers: Answers;
  readonly width: number;
  readonly height: number;
}
