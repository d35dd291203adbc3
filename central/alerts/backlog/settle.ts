import type { HistoryChanges } from '../engine/correct-alerts.ts';
import type { LiveTrack } from '../engine/engine.ts';
import type { LiveEntity } from '../engine/rule-runtime.ts';
import { isFired, isRaised, type AlertState } from '../lifecycle/alert-state.ts';
import type { AgentTrack } from './agent-track.ts';
import type { EntityTrack } from './entity-track.ts';
import { reconcile } from './reconcile.ts';

export interface Settled extends HistoryChanges {
  /** What is known of these will not change by waiting. */
  readonly done: readonly EntityTrack[];
  /** False: there was no time for all entities. */
  readonly isWhole: boolean;
}

export interface SettleDeps {
  readonly live: LiveTrack;
  /** Judges what came live after the cut on the track of the backlog, too. */
  readonly catchUp: (track: EntityTrack) => void;
  readonly hasTime: () => boolean;
  /** Nothing is waited for any more. */
  readonly isExpired: boolean;
}

/**
 * What the backlog of an agent changes in history, once all of it is judged and what came live since then as well. Where an alert
 * is not over on one of the two tracks and on the other it is, that is waited for.
 */
export function settle(
  of: AgentTrack,
  { live, catchUp, hasTime, isExpired }: SettleDeps,
  nowMs: number,
): Settled {
  const late: HistoryChanges['late'][number][] = [];
  const corrections: HistoryChanges['corrections'][number][] = [];
  const done: EntityTrack[] = [];
  let isWhole = true;
  for (const [key, track] of [...of.entities]) {
    isWhole = hasTime();
    if (!isWhole) break;
    if (track.isClear) {
      done.push(track);
      continue;
    }
    catchUp(track);
    // Those that wait come last the next time.
    of.entities.delete(key);
    of.entities.set(key, track);
    const rule = track.runtime.rule.id;
    const now = live.runtimes.get(rule)?.entities.get(track.key);
    const isElsewhere = now?.state !== undefined && now.agent !== of.agent;
    const isLost = track.log.isFull || isElsewhere || isExpired;
    const isOpen = isPending(track, now) || mayEndApart(track, now);
    const found =
      track.log.isFull || (isOpen && !isLost)
        ? 'wait'
        : reconcile({
            tracked: track.alertsAt(nowMs),
            recorded: live.recordsOf(rule, track.key),
            cuts: of.cuts,
            slackMs: track.paceMs,
          });
    if (found === 'wait' && !isLost) continue;
    done.push(track);
    if (found === 'wait') continue;
    late.push(...found.late);
    corrections.push(...found.corrections);
  }
  return { late, corrections, done, isWhole };
}

/** Both alerts go on, and the samples to come may end them at different times. */
function mayEndApart({ live, paceMs }: EntityTrack, now: LiveEntity | undefined): boolean {
  if (live?.alert === undefined || now?.alert === undefined) return false;
  const [here, there] = [wellForMs(live.state), wellForMs(now.state)];
  if (here === undefined || there === undefined) return here !== there;
  const isFlappingApart = (live.state?.flapping === undefined) !== (now.state?.flapping === undefined);
  return isFlappingApart || Math.abs(here - there) > paceMs;
}

/** How much of what ends it has passed; undefined: it is in breach. */
function wellForMs(state: AlertState | undefined): number | undefined {
  const raised = state?.levels.filter(isRaised) ?? [];
  if (raised.some(({ phase }) => phase === 'on')) return undefined;
  return state?.flapping?.steadyMs ?? Math.min(...raised.map(({ progressMs }) => progressMs));
}

/** A breach may still become an alert here, that began earlier than live judging knows. */
function isPending({ live, paceMs }: EntityTrack, now: LiveEntity | undefined): boolean {
  if (live?.state === undefined || isFired(live.state)) return false;
  if (now?.state === undefined) return true;
  return !isFired(now.state) && now.state.startedAtMs - live.state.startedAtMs > paceMs;
}
