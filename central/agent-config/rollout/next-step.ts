import type { Baseline } from './baseline.ts';

/** What is known of an agent that was given the new config. */
export interface PushedMember {
  readonly agent: string;
  /** From when it has `applyWithinMs`: it was given the config, or a person went on with the roll-out. */
  readonly judgedFromMs: number;
  /** From when `since` counts. */
  readonly countedFromMs: number;
  /** `moved`: it was given another one since, by somebody else. */
  readonly standing: 'trying' | 'applied' | 'failed' | 'moved';
  /** Of `failed`: what the agent says. */
  readonly problem?: string | undefined;
  readonly isLive: boolean;
  /** Between two batches. */
  readonly intervalMs: number;
  /** Within about an hour before; undefined: too little is known to compare with. */
  readonly before: Baseline | undefined;
  /** Points that came since `countedFromMs`; `missing` are batches. */
  readonly since: { readonly refused: number; readonly lost: number; readonly missing: number };
  /** Points stored since the watch of this stage began. */
  readonly watchedPoints: number;
}

export interface RolloutFacts {
  /** How many agents have the config at the end of each stage; grows. */
  readonly stages: readonly number[];
  readonly stage: number;
  /** Those that have no config yet, in the order in which they get it. */
  readonly waiting: readonly { readonly agent: string; readonly isLive: boolean }[];
  readonly pushed: readonly PushedMember[];
  /** undefined: the watch of this stage has not begun. */
  readonly watchSinceMs: number | undefined;
  /** At least; see `watchEndMs`. */
  readonly watchMs: number;
  readonly applyWithinMs: number;
  /** Of the points that an agent sent before; 0: the change may take any away. */
  readonly leastShare: number;
  /** False: central hears nothing or cannot store. Nothing can be said of any agent then. */
  readonly canJudge: boolean;
}

export type Step =
  | { readonly do: 'wait'; readonly for: 'central' | 'applied' | 'watched' }
  /** Nothing is known of the time since it began. */
  | { readonly do: 'watchAnew' }
  | { readonly do: 'push'; readonly agents: readonly string[] }
  /** They are not heard, and so could neither take nor refuse it. */
  | { readonly do: 'skip'; readonly agents: readonly string[] }
  | { readonly do: 'watch' }
  | { readonly do: 'advance' }
  | { readonly do: 'finish' }
  /** As `stop`, but the config is taken back from nobody: nothing speaks against it, and nothing for it. */
  | { readonly do: 'hold'; readonly reasons: readonly string[] }
  | { readonly do: 'stop'; readonly reasons: readonly string[] };

/** At a step, so that one does not take long. */
export const MOST_PUSHED = 20;
/** What is sent and what is counted are up to so many batches apart. */
const SLACK_BATCHES = 2;
const LEAST_WATCHED_BATCHES = 2 * SLACK_BATCHES;
const SECOND_MS = 1_000;

/**
 * What a roll-out does now. It goes on to the next stage only when every agent that has the config runs it, is heard, loses nothing, has no
 * more refused than before and has sent as much as before for the whole time of the watch; what it cannot know it waits for. Pure.
 */
export function decideNextStep(facts: RolloutFacts, nowMs: number): Step {
  const { stages, stage, waiting, pushed, watchSinceMs, canJudge } = facts;
  const refusals = pushed.flatMap((member) => refusalOf(member) ?? []);
  if (refusals.length > 0) return { do: 'stop', reasons: refusals };
  if (!canJudge) return watchSinceMs === undefined ? { do: 'wait', for: 'central' } : { do: 'watchAnew' };
  const troubles = pushed.flatMap((member) => troubleOf(member, facts, nowMs) ?? []);
  if (troubles.length > 0) return { do: 'stop', reasons: troubles };

  const isLast = stage >= stages.length - 1;
  const wanted = (stages[stage] ?? 0) - pushed.length;
  const heard = waiting.filter(({ isLive }) => isLive).map(({ agent }) => agent);
  if (wanted > 0 && heard.length > 0)
    return { do: 'push', agents: heard.slice(0, Math.min(wanted, MOST_PUSHED)) };
  if (pushed.length === 0) return { do: 'stop', reasons: ['none of the agents is heard'] };
  if (isLast && waiting.length > 0) return { do: 'skip', agents: waiting.map(({ agent }) => agent) };

  if (pushed.some(({ standing }) => standing === 'trying')) return { do: 'wait', for: 'applied' };
  if (watchSinceMs === undefined) return { do: 'watch' };
  if (nowMs < watchEndMs({ ...facts, watchSinceMs })) return { do: 'wait', for: 'watched' };
  const fewer = pushed.flatMap((member) => shortfallOf(member, facts, nowMs - watchSinceMs) ?? []);
  if (fewer.length > 0) return { do: 'stop', reasons: fewer };
  const unknown = pushed.filter(({ before }) => before === undefined && facts.leastShare > 0);
  if (unknown.length > 0)
    return {
      do: 'hold',
      reasons: unknown.map(
        ({ agent }) => `${agent}: too little is known of what it sent before; look at it and resume`,
      ),
    };
  return { do: isLast ? 'finish' : 'advance' };
}

/** A watch of few batches would compare with nothing: it is longer where agents send seldom. Unix time in ms. Pure. */
export function watchEndMs({
  watchSinceMs,
  watchMs,
  pushed,
}: {
  readonly watchSinceMs: number;
  readonly watchMs: number;
  readonly pushed: readonly Pick<PushedMember, 'intervalMs'>[];
}): number {
  const longestMs = Math.max(0, ...pushed.map(({ intervalMs }) => intervalMs));
  return watchSinceMs + Math.max(watchMs, LEAST_WATCHED_BATCHES * longestMs);
}

/** Whatever central can or cannot hear, this is certain. */
function refusalOf({ agent, standing, problem }: PushedMember): string | undefined {
  if (standing === 'failed') return `${agent} did not take it: ${problem ?? 'no reason given'}`;
  return standing === 'moved' ? `${agent} was given another config meanwhile` : undefined;
}

function troubleOf(member: PushedMember, { applyWithinMs }: RolloutFacts, nowMs: number): string | undefined {
  const { agent, judgedFromMs, countedFromMs, standing, isLive, before, since, intervalMs } = member;
  if (!isLive) return `${agent} is silent`;
  if (since.lost > 0 || since.missing > 0)
    return `${agent} lost data: ${since.lost} points, ${since.missing} batches missing`;
  const usual =
    (before?.refusedPerS ?? 0) * ((nowMs - countedFromMs + SLACK_BATCHES * intervalMs) / SECOND_MS);
  if (since.refused > 2 * usual)
    return `${agent}: ${since.refused} rows refused, ${Math.round(usual)} in that time before`;
  if (standing === 'trying' && nowMs - judgedFromMs > applyWithinMs)
    return `${agent} does not run it after ${Math.round((nowMs - judgedFromMs) / SECOND_MS)} s`;
  return undefined;
}

function shortfallOf(
  member: PushedMember,
  { leastShare }: RolloutFacts,
  watchedMs: number,
): string | undefined {
  const { agent, before, intervalMs, watchedPoints } = member;
  if (before === undefined) return undefined;
  const countedS = Math.max(0, watchedMs - SLACK_BATCHES * intervalMs) / SECOND_MS;
  if (watchedPoints >= leastShare * before.storedPerS * countedS) return undefined;
  const expected = Math.round((before.storedPerS * watchedMs) / SECOND_MS);
  return `${agent} sends less: ${watchedPoints} points in ${Math.round(watchedMs / SECOND_MS)} s, about ${expected} in that time before`;
}
