import { ruleFile, ruleOf, type BatchOf } from '../../testing/batches-and-rules.ts';
import { S, START } from '../../testing/engine-harness.ts';
import type { BacklogStats } from '../backlog.ts';
import { BacklogHarness } from './backlog-harness.ts';

const STEP_S = 60;
const CLEAR_FOR_S = 300;
const RULE = ruleOf('cpu_busy', ruleFile({ for: '3m', clearFor: '5m' }));
/** No fault and no cut from then on. */
const MINUTES = 400;
const RESTART_EVERY = 97;

/** In turns: so many minutes without, so many with. */
export type Spans = readonly (readonly [without: number, within: number])[];

/** One host that is measured each minute. */
export interface Scene {
  readonly faults: Spans;
  readonly cuts: Spans;
  /** Minutes from the end of a cut until its backlog comes. */
  readonly delay: number;
  /** Batches of backlog a minute after that. */
  readonly rate: number;
  readonly rowsABatch: number;
  readonly restarts: boolean;
  /** The first live batch after a cut, and each of backlog, holds a row of another host that is older by so many minutes; 0: none does. */
  readonly olderBy: number;
}

export interface PlayedScene {
  /** When something was wrong, by history; seconds. */
  readonly intervals: readonly (readonly [fromS: number, toS: number])[];
  readonly told: readonly string[];
  readonly stats: BacklogStats;
}

/** `all-heard`: without its cuts; `lost`: what was measured in a cut never comes. */
export function playScene(scene: Scene, play: 'all-heard' | 'cut' | 'lost'): PlayedScene {
  const harness = new BacklogHarness();
  harness.start([RULE]);
  const isFault = within(scene.faults);
  const isSilent = within(scene.cuts);
  const held: [number, number][] = [];
  let heardFor = 0;
  for (let minute = 1; minute < MINUTES + 200; minute++) {
    harness.skipTo(minute * STEP_S);
    const value = isFault(minute) && minute < MINUTES ? 99 : 10;
    if (play !== 'all-heard' && isSilent(minute) && minute < MINUTES) {
      heardFor = 0;
      if (play === 'cut') held.push([harness.nowS, value]);
      harness.isAwaited = held.length > 0;
      continue;
    }
    harness.live(value, heardFor === 0 ? withOlder([[harness.nowS, value]], scene) : {});
    heardFor++;
    for (let batch = 0; batch < scene.rate && heardFor > scene.delay && held.length > 0; batch++) {
      const rows = held.splice(0, scene.rowsABatch);
      harness.late(rows, withOlder(rows, scene));
    }
    harness.isAwaited = held.length > 0;
    if (scene.restarts && minute % RESTART_EVERY === 0) {
      harness.backlog.save();
      harness.engine.save();
      harness.restart([RULE]);
    }
  }
  const intervals = joined(harness.intervals());
  const told = harness.told();
  const stats = harness.backlog.stats();
  harness.end();
  return { intervals, told, stats };
}

function withOlder(
  values: readonly (readonly [atS: number, value: number])[],
  { olderBy }: Scene,
): Partial<BatchOf> {
  const [[firstS] = [0]] = values;
  const row = (host: string, atS: number, value: number) => ({
    tags: [host],
    timeMs: START + atS * S,
    values: [value],
  });
  const rows = values.map(([atS, value]) => row('h', atS, value));
  return olderBy === 0 ? { rows } : { rows: [...rows, row('gateway', firstS - olderBy * STEP_S, 10)] };
}

function within(spans: Spans): (minute: number) => boolean {
  const found = new Set<number>();
  let at = 0;
  for (const [before, length] of spans) {
    at += before;
    for (let end = at + length; at < end; at++) found.add(at);
  }
  return (minute) => found.has(minute);
}

/** A begin within the time that an end takes is the same breach. */
function joined(intervals: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const all: [number, number][] = [];
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last !== undefined && from - last[1] <= CLEAR_FOR_S) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}
