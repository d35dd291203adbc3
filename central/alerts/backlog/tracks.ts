import { measuredTimeMs, type AgentTime } from '../engine/agent-time.ts';
import type { Evidence } from '../engine/evidence.ts';
import type { LiveTrack } from '../engine/engine.ts';
import type { LiveEntity, RuleRuntime } from '../engine/rule-runtime.ts';
import type { AlertWrite } from '../history/alert-record.ts';
import { gapLimitOf } from '../lifecycle/next-alert-state.ts';
import { paceOf } from '../lifecycle/pace.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { AgentTrack, trackKey } from './agent-track.ts';
import { BacklogJudge, type BacklogJudgeDeps } from './backlog-judge.ts';
import type { SavedEntity } from './backlog-store.ts';
import { catchUp } from './catch-up.ts';
import type { Cut } from './cut-watch.ts';
import { EntityTrack } from './entity-track.ts';
import { ForgottenBreaches } from './forgotten-breaches.ts';
import { LiveLog } from './live-log.ts';
import { rowsOf, splitByCut } from './split-by-cut.ts';

export type TracksDeps = Omit<BacklogJudgeDeps, 'onEvidence' | 'onStep' | 'keyNotes'> & {
  readonly live: LiveTrack;
  readonly rules: () => readonly AlertRule[];
};

/** Entities of all agents, and of one, whether they are healthy again or not. */
const MAX_TRACKS = 40_000;
const MAX_TRACKS_PER_AGENT = 4_000;

/** The agents that were cut off and whose backlog is not judged yet, and what is found in it so far. */
export class Tracks {
  readonly agents = new Map<string, AgentTrack>();
  readonly #deps: TracksDeps;
  readonly #entities = new Map<string, EntityTrack>();
  /** Only while there is something to judge: it remembers what samples said. */
  #judge: BacklogJudge | undefined;
  readonly #forgotten = new ForgottenBreaches();
  #refused = 0;

  constructor(deps: TracksDeps) {
    this.#deps = deps;
    deps.live.listen({
      onEvidence: (runtime, evidence) => this.#noteLive(runtime, evidence),
      onForgotten: ({ rule, evaluator }, live) => {
        if (evaluator.reads === 'rows') this.#forgotten.add(rule.id, live);
      },
    });
  }

  get entityCount(): number {
    return this.#entities.size;
  }

  /** Entities in breach for which there was no room, each once for the cuts of an agent; since the last call. */
  takeRefused(): number {
    const refused = this.#refused;
    this.#refused = 0;
    return refused;
  }

  /**
   * An agent is heard again, and its first batch is not judged yet: what was not healthy when the cut began goes on from there.
   * `isCutOff`: only its backlog has come so far, and the end of the cut is still to be told. `heardSinceMs`: of the time before the cut.
   */
  open(agent: string, cut: Cut, isCutOff: boolean, nowMs: number, heardSinceMs: number): void {
    const known = this.agents.get(agent);
    if (known !== undefined && !isCutOff) this.#noteHeardAgain(known, cut.toMs);
    if (known?.isCutOff === true) {
      known.extendCut(cut);
      known.isCutOff = isCutOff;
      return;
    }
    const of = known ?? new AgentTrack(agent, [cut], nowMs, heardSinceMs);
    known?.addCut({ ...cut, fromMs: cut.fromMs > 0 ? cut.fromMs : known.lastLiveMs });
    of.isCutOff = isCutOff;
    this.agents.set(agent, of);
    this.#judgeAt(nowMs);
    // Where a cut is open already, those that have no track are settled up to here.
    for (const runtime of this.#deps.live.runtimes.values()) {
      if (runtime.evaluator.reads !== 'rows') continue;
      for (const live of runtime.entities.values()) {
        if (live.agent === agent && live.state !== undefined) this.#begin(of, runtime.rule.id, live, false);
      }
    }
    for (const { rule, live } of this.#forgotten.take(agent)) this.#begin(of, rule, live, true);
  }

  /** What was saved of an agent. What its rules no longer evaluate alike is forgotten. */
  restore(of: AgentTrack, saved: readonly SavedEntity[], nowMs: number): void {
    this.agents.set(of.agent, of);
    const judge = this.#judgeAt(nowMs);
    for (const { rule, hash, key, live, runs, ...progress } of saved) {
      const runtime = judge.runtimes.get(rule);
      if (runtime?.rule.hash !== hash || this.#entities.has(trackKey(rule, key))) continue;
      if (live !== undefined && !judge.add(runtime, { ...live, parts: new Map(live.parts) })) continue;
      this.#keep(of, new EntityTrack(runtime, key, progress, new LiveLog(runs)));
    }
  }

  /** How many rows are judged: the others are of a time in which the agent was heard, and late for another reason. */
  evaluate(of: AgentTrack, batch: SampleBatch, time: AgentTime, nowMs: number): number {
    const parts = splitByCut(batch, (timeMs) => of.cutOf(measuredTimeMs(timeMs, time)));
    for (const { cut, part } of parts) {
      if (cut.toMs > (of.reached?.toMs ?? -Infinity)) {
        for (const track of of.entities.values()) this.catchUp(of, track, cut.fromMs, nowMs);
        of.reached = cut;
      }
      this.#judgeAt(nowMs).evaluate(part, time, nowMs);
    }
    return parts.reduce((sum, { part }) => sum + rowsOf(part), 0);
  }

  /** Judges what came live after a cut here, too. */
  catchUp(of: AgentTrack, track: EntityTrack, untilMs: number, nowMs: number): void {
    const judge = this.#judgeAt(nowMs);
    const { runtime, key } = track;
    catchUp(track, of, untilMs, (sample) => {
      const about = track.live ?? track.about;
      if (about === undefined) return;
      if (track.live === undefined) {
        if (!sample.evaluations.includes('breach')) return;
        if (!judge.hasRoom(of.agent)) {
          this.#refuse(of, runtime.rule.id, key);
          return;
        }
      }
      judge.apply(runtime, { agent: of.agent, key, ...about }, sample, nowMs);
    });
  }

  /** It is done with: live judging alone goes on. */
  remove(of: AgentTrack, track: EntityTrack): void {
    const key = trackKey(track.runtime.rule.id, track.key);
    of.entities.delete(key);
    this.#entities.delete(key);
    this.#judge?.remove(track.runtime, track.key);
  }

  close(of: AgentTrack): void {
    for (const track of [...of.entities.values()]) this.remove(of, track);
    this.agents.delete(of.agent);
    if (this.agents.size > 0) return;
    this.#judge = undefined;
  }

  /** What was found with rules that are gone, or that evaluate something else now, is forgotten. */
  useRules(rules: readonly AlertRule[], nowMs: number): void {
    const judge = this.#judge;
    if (judge === undefined) return;
    judge.useRules(rules, nowMs);
    for (const of of this.agents.values()) {
      for (const track of [...of.entities.values()]) {
        if (judge.runtimes.get(track.runtime.rule.id) !== track.runtime) this.remove(of, track);
      }
    }
  }

  /** What live judging knows nothing of by now is clear from then on until it tells of it again. */
  #noteHeardAgain(of: AgentTrack, fromMs: number): void {
    for (const track of of.entities.values()) {
      const { runtime, key } = track;
      const now = this.#deps.live.runtimes.get(runtime.rule.id)?.entities.get(key);
      if (now?.state === undefined) track.noteSilent(fromMs);
    }
  }

  /** Pending breaches of what was last measured before then: nobody goes on from there. */
  dropForgotten(beforeMs: number): void {
    this.#forgotten.dropOld(beforeMs);
  }

  /** The agent is retired. */
  forget(agent: string): void {
    this.#forgotten.take(agent);
  }

  get forgottenCount(): number {
    return this.#forgotten.count;
  }

  #judgeAt(nowMs: number): BacklogJudge {
    const { live, rules, ...deps } = this.#deps;
    this.#judge ??= new BacklogJudge(
      {
        ...deps,
        keyNotes: live.keyNotes,
        onEvidence: (runtime, evidence) => this.#noteJudged(runtime, evidence),
        onStep: (write) => this.#noteStep(write),
      },
      rules(),
      nowMs,
    );
    return this.#judge;
  }

  /** `isHealthyLive`: live judging no longer knows it. */
  #begin(of: AgentTrack, rule: string, live: LiveEntity, isHealthyLive: boolean): void {
    const { share: _share, closedByHand, ...rest } = live;
    const alert = live.alert ?? closedByHand;
    const judge = this.#judge;
    const runtime = judge?.runtimes.get(rule);
    if (judge === undefined || runtime === undefined || this.#entities.has(trackKey(rule, live.key))) return;
    const copy = { ...rest, alert, closedByHand: undefined, pendingSaved: false, parts: new Map(live.parts) };
    if (!this.#hasRoom(of) || !judge.add(runtime, copy)) {
      this.#refuse(of, rule, live.key);
      return;
    }
    const track = newTrack(runtime, live.key, { isHealthyLive, knownId: alert?.id });
    track.paceMs = paceOf(live.state?.gapsMs ?? []) || track.paceMs;
    this.#keep(of, track);
  }

  #noteLive({ rule, evaluator, stateRule, entities }: RuleRuntime, evidence: Evidence): void {
    const of = this.agents.get(evidence.agent);
    if (of === undefined || evaluator.reads !== 'rows') return;
    const live = entities.get(evidence.key);
    // Its track was settled: it goes on from where live judging stands.
    if (live?.state !== undefined && live.agent === of.agent) this.#begin(of, rule.id, live, false);
    const { part, value, sample, entity, location, tags } = evidence;
    const { timeMs, evaluations } = sample;
    const track = this.#trackOf(of, rule.id, evidence.key);
    if (track === undefined) return;
    track.log.add({ part, timeMs, evaluations, value }, gapLimitOf(stateRule, undefined));
    track.about ??= { entity, location, tags };
    track.isDirty = true;
  }

  #noteJudged({ rule, entities }: RuleRuntime, { agent, key }: Evidence): void {
    const of = this.agents.get(agent);
    const track = of && this.#trackOf(of, rule.id, key);
    if (of === undefined || track === undefined) return;
    if (!entities.has(key) && this.#judge?.hasRoom(agent) === false) this.#refuse(of, rule.id, key);
    track.isDirty = true;
    track.paceMs = paceOf(entities.get(key)?.state?.gapsMs ?? []) || track.paceMs;
  }

  #noteStep(write: AlertWrite): void {
    this.#entities.get(trackKey(write.record.rule, write.record.entityKey))?.record(write);
  }

  #trackOf(of: AgentTrack, rule: string, key: string): EntityTrack | undefined {
    const known = this.#entities.get(trackKey(rule, key));
    if (known !== undefined) return known;
    const runtime = this.#judge?.runtimes.get(rule);
    if (runtime === undefined) return undefined;
    if (!this.#hasRoom(of)) {
      this.#refuse(of, rule, key);
      return undefined;
    }
    return this.#keep(of, newTrack(runtime, key, { isHealthyLive: true }));
  }

  #refuse(of: AgentTrack, rule: string, key: string): void {
    if (of.refuse(trackKey(rule, key))) this.#refused++;
  }

  #hasRoom(of: AgentTrack): boolean {
    if (of.entities.size < MAX_TRACKS_PER_AGENT && this.#entities.size < MAX_TRACKS) return true;
    for (const track of [...of.entities.values()]) if (track.isEmpty) this.remove(of, track);
    return of.entities.size < MAX_TRACKS_PER_AGENT && this.#entities.size < MAX_TRACKS;
  }

  #keep(of: AgentTrack, track: EntityTrack): EntityTrack {
    const key = trackKey(track.runtime.rule.id, track.key);
    this.#entities.set(key, track);
    of.entities.set(key, track);
    return track;
  }
}

function newTrack(
  runtime: EntityTrack['runtime'],
  key: string,
  { isHealthyLive, knownId }: { readonly isHealthyLive: boolean; readonly knownId?: string | undefined },
): EntityTrack {
  return new EntityTrack(runtime, key, {
    ...(knownId !== undefined && { knownId }),
    caughtUpMs: 0,
    isHealthyLive,
    paceMs: runtime.evaluator.intervalMs,
    ended: [],
    lines: [],
  });
}
