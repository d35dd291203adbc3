import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  dateTime,
  rangeUtil,
  transformDataFrame,
  type DataFrame,
  type GrafanaTheme2,
  type TimeRange,
} from '@grafana/data';
import * as grafana from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { ALL, expand, type Chosen, type Range } from '../../../tests/grafana/expand.ts';
import { framesOf } from '../../../tests/grafana/frames.ts';
import type { GrafanaData } from '../../../tests/grafana/grafana-data.ts';
import { ask } from '../../../tests/grafana/influx.ts';
import { HOUR_STEP, LEVEL } from '../../query/older.ts';
import { pixelsOf, spanMs, type Board, type BoardPanel } from './boards.ts';
import { fieldConfigRegistry } from './registries.ts';

/** The city of the pictures is some hours old: it has no minutes and hours yet. */
const OF_SAMPLES: Readonly<Record<string, string>> = {
  [LEVEL.name]: '',
  [HOUR_STEP.name]: HOUR_STEP.leastStep,
};

export const TIME_ZONE = 'Asia/Ho_Chi_Minh';

export interface Mark {
  readonly name: string;
  readonly colour: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** All that panels of a dashboard draw. */
export interface Answers {
  readonly range: TimeRange;
  readonly chosen: Chosen;
  readonly frames: ReadonlyMap<number, readonly DataFrame[]>;
  readonly marks: readonly Mark[];
}

interface Question {
  readonly board: Board;
  readonly theme: GrafanaTheme2;
  readonly width: number;
  readonly influxUrl: string;
  readonly toMs: number;
  readonly chosen: Readonly<Record<string, string>>;
}

export async function readAnswers({
  board,
  theme,
  width,
  influxUrl,
  toMs,
  chosen: asked,
}: Question): Promise<Answers> {
  const when: Range = { fromMs: toMs - spanMs(board), toMs };
  const [from, to] = [dateTime(when.fromMs), dateTime(when.toMs)];
  const range: TimeRange = { from, to, raw: { from: board.time.from, to: 'now' } };
  const chosen = Object.fromEntries(
    board.templating.list.map(({ name }) => [name, asked[name] ?? OF_SAMPLES[name] ?? ALL]),
  );
  const frames = new Map<number, readonly DataFrame[]>();
  for (const panel of board.panels.filter(({ type }) => type !== 'row' && type !== 'text')) {
    const points = pixelsOf(panel.gridPos, width).width;
    const step = rangeUtil.calculateInterval(range, points, panel.interval ?? '30s');
    const raw: DataFrame[] = [];
    for (const target of panel.targets ?? []) {
      const answer = await ask(influxUrl, expand(grafana, target.query, chosen, when, step));
      if (answer.error !== undefined) throw new Error(`${panel.title}: ${answer.error}`);
      raw.push(
        ...(framesOf(grafana as unknown as GrafanaData, target, answer.series) as unknown as DataFrame[]),
      );
    }
    frames.set(panel.id, await dressed(panel, raw, theme));
  }
  return { range, chosen, frames, marks: await marksOf(board, influxUrl, when) };
}

/** As Grafana does: the transformations, then units, colours and names of each field. */
async function dressed(
  panel: BoardPanel,
  raw: DataFrame[],
  theme: GrafanaTheme2,
): Promise<readonly DataFrame[]> {
  const transformed = await lastValueFrom(transformDataFrame([...(panel.transformations ?? [])], raw));
  const frames = applyFieldOverrides({
    data: transformed,
    fieldConfig: panel.fieldConfig as never,
    fieldConfigRegistry: fieldConfigRegistry(),
    replaceVariables: (text: string) => text,
    theme,
    timeZone: TIME_ZONE,
  });
  cacheFieldDisplayNames(frames);
  return frames;
}

async function marksOf({ annotations }: Board, influxUrl: string, when: Range): Promise<readonly Mark[]> {
  const marks: Mark[] = [];
  for (const { target, iconColor, name } of annotations.list) {
    const { series } = await ask(influxUrl, expand(grafana, target.query, {}, when));
    for (const { columns, values } of series) {
      const [time, end] = [columns.indexOf('time'), columns.indexOf(target.timeEndColumn)];
      for (const row of values) {
        const fromMs = Number(row[time]);
        const endMs = Number(row[end]);
        marks.push({ name, colour: iconColor, fromMs, toMs: endMs === 0 ? fromMs : endMs });
      }
    }
  }
  return marks;
}
