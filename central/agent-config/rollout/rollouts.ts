import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { ConfigRefusedError, type AgentConfigs } from '../agent-configs.ts';
import { RevisionMovedError } from '../config-revisions.ts';
import { baselineOf, type SentTotals } from './baseline.ts';
import { applyChange, type ConfigChange } from './config-change.ts';
import { decideNextStep, MOST_PUSHED, watchEndMs, type PushedMember, type Step } from './next-step.ts';
import { planRollout, type Plan } from './plan-rollout.ts';
import { restoreConfig } from './restore-config.ts';
import type { RolloutRepository } from './rollout-repository.ts';
import { RolloutOverlapsError, RolloutStateError, VERBS, type RolloutVerb } from './rollout-verbs.ts';
import {
  ACTIVE_STATES,
  stagesFor,
  type AgentCounts,
  type HistoryEntry,
  type Member,
  type Rollout,
  type RolloutSettings,
} from './rollout.ts';

/** What central knows of an agent, as roll-outs need it. */
export interface AgentEvidence {
  readonly isLive: boolean;
  readonly intervalMs: number;
  readonly firstSeenAtMs: number | undefined;
}

export interface RolloutDeps {
  readonly repository: RolloutRepository;
  readonly configs: Pick<AgentConfigs, 'desired' | 'standing' | 'put' | 'restore' | 'remove' | 'problemsOf'>;
  readonly evidence: (agent: string) => AgentEvidence;
  /** Since the begin of the hour of `fromMs`, of each of these agents. */
  readonly counts: (agents: readonly string[], fromMs: number) => ReadonlyMap<string, AgentCounts>;
  /** Since the begin of the hour of `fromMs`, of one agent. */
  readonly totals: (agent: string, fromMs: number) => SentTotals | undefined;
  /** False: central hears or stores nothing, or has just started and may not have heard these agents yet. */
  readonly canJudge: (agents: Iterable<string>) => boolean;
  readonly onChange: (rollout: Rollout, entry: HistoryEntry) => void;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

export interface NewRollout {
  /** In the order in which they get it. */
  readonly agents: readonly string[];
  readonly change: ConfigChange;
  readonly reason: string;
  readonly settings: RolloutSettings;
  readonly actor: string;
}

const HOUR_MS = 3_600_000;
const MOST_HISTORY = 100;
const MOST_REASONS = 20;
const MOVED = 'it was given another config meanwhile';
const NOTHING: AgentCounts = { stored: 0, refused: 0, lost: 0, missing: 0 };

interface Running {
  rollout: Rollout;
  readonly members: Map<string, Member>;
}

/**
 * Gives a config to many agents in stages. What it has decided is in `state.db` before it counts: whatever ends in between, the next start
 * goes on from there, and watches the stage anew.
 */
export class Rollouts {
  readonly #deps: RolloutDeps;
  /** By id, newest first. */
  readonly #all = new Map<number, Running>();
  #isTicking = false;

  constructor(deps: RolloutDeps) {
    this.#deps = deps;
    for (const saved of deps.repository.all()) {
      const members = new Map(deps.repository.members(saved.id).map((member) => [member.agent, member]));
      // What happened meanwhile is not known.
      const { watchSinceMs: _unknown, ...rollout } = saved;
      this.#all.set(saved.id, { rollout, members });
    }
  }

  /** Newest first. */
  list(): readonly Rollout[] {
    return [...this.#all.values()].map(({ rollout }) => rollout).sort((a, b) => b.id - a.id);
  }

  get(id: number): Rollout | undefined {
    return this.#all.get(id)?.rollout;
  }

  membersOf(id: number): readonly Member[] {
    return [...(this.#all.get(id)?.members.values() ?? [])];
  }

  /** What a member is up to: as `Member.state`, but for what it says of the config itself. */
  standingOf(member: Member): PushedMember['standing'] | undefined {
    return member.state === 'pushed' ? this.#standingOf(member).standing : undefined;
  }

  /** Unix time in ms; undefined: nothing is watched now. */
  watchedUntilMs({ id, watchSinceMs, settings }: Rollout): number | undefined {
    if (watchSinceMs === undefined) return undefined;
    const pushed = this.membersOf(id)
      .filter(({ state }) => state === 'pushed')
      .map(({ agent }) => this.#deps.evidence(agent));
    return watchEndMs({ watchSinceMs, watchMs: settings.watchMs, pushed });
  }

  plan(agents: readonly string[], change: ConfigChange): Promise<Plan> {
    return planRollout(this.#heardFirst(agents), change, this.#deps.configs);
  }

  /** Throws a ConfigRefusedError with every problem, and a RolloutOverlapsError. Nothing is sent yet. */
  async create({ agents, change, reason, settings, actor }: NewRollout): Promise<Rollout> {
    const plan = await this.plan(agents, change);
    const problems = plan.groups.flatMap(({ agents: of, problems: found }) =>
      found.map((problem) => `${namesOf(of)}: ${problem}`),
    );
    if (problems.length > 0) throw new ConfigRefusedError(problems);
    if (plan.members.length === 0)
      throw new ConfigRefusedError(['all of these agents have this config already']);
    const overlapping = this.#activeAmong(plan.members.map(({ agent }) => agent));
    if (overlapping !== undefined) throw new RolloutOverlapsError(overlapping);
    const nowMs = this.#deps.clock.now();
    const entry: HistoryEntry = {
      atMs: nowMs,
      what: 'created',
      actor,
      detail: `${plan.members.length} agents`,
    };
    const members: Member[] = plan.members.map((member) => ({ ...member, state: 'waiting' }));
    const rollout = this.#deps.repository.create(
      {
        ...{ state: 'running', reason, actor, createdAtMs: nowMs, change, settings },
        ...{ stages: stagesFor(members.length), stage: 0, stopReasons: [], history: [entry] },
      },
      members,
    );
    this.#all.set(rollout.id, { rollout, members: new Map(members.map((each) => [each.agent, each])) });
    this.#forgetOldest();
    this.#deps.onChange(rollout, entry);
    return rollout;
  }

  /** Throws a RolloutStateError, and a RolloutOverlapsError where its agents are in another one by now. */
  act(id: number, verb: RolloutVerb, actor: string): Rollout {
    const running = this.#all.get(id);
    if (running === undefined) throw new RolloutStateError(`no roll-out ${id}`);
    const { rollout, members } = running;
    const { from, to, what } = VERBS[verb];
    if (!from.includes(rollout.state))
      throw new RolloutStateError(`roll-out ${id} is ${rollout.state}: ${verb} needs ${from.join(' or ')}`);
    if (!ACTIVE_STATES.includes(rollout.state)) {
      const overlapping = this.#activeAmong([...members.keys()]);
      if (overlapping !== undefined) throw new RolloutOverlapsError(overlapping);
    }
    const changed = verb === 'resume' ? this.#resumed(running) : [];
    const skipped = changed.filter(({ state }) => state === 'skipped').map(({ agent }) => agent);
    const detail = skipped.length > 0 ? { detail: `without ${namesOf(skipped)}` } : {};
    const changes = { state: to, watchSinceMs: undefined, ...(to === 'running' && { stopReasons: [] }) };
    this.#save(running, changes, changed, { what, actor, ...detail });
    return running.rollout;
  }

  /**
   * Members as a resume leaves them: each has the whole time to apply again. After a stop only what comes from now on counts, and whoever
   * did not take the config, or has another one, is left out. Throws a RolloutStateError where nobody would be left.
   */
  #resumed({ rollout, members }: Running): Member[] {
    const judgedFromMs = this.#deps.clock.now();
    const pushed = [...members.values()].filter(({ state }) => state === 'pushed');
    if (rollout.state !== 'stopped') return pushed.map((member) => ({ ...member, judgedFromMs }));
    const counts = this.#countsOf(rollout, members.keys());
    const changed: Member[] = [];
    let left = 0;
    for (const member of members.values()) {
      if (member.state !== 'pushed' && member.state !== 'waiting') continue;
      const note = this.#whyLeftOut(rollout, member);
      if (note !== undefined) changed.push({ ...member, state: 'skipped', note });
      else left++;
      if (note === undefined && member.state === 'pushed')
        changed.push({
          ...{ ...member, judgedFromMs, countedFromMs: judgedFromMs },
          // Whoever goes on has looked at those that cannot be compared.
          before: member.before ?? { storedPerS: 0, refusedPerS: 0 },
          atPush: counts(member.agent),
        });
    }
    if (left === 0)
      throw new RolloutStateError(
        `roll-out ${rollout.id} has no agent to go on with: each did not take the config or was given another one; roll it back or cancel it`,
      );
    return changed;
  }

  /** undefined: a resume goes on with it. */
  #whyLeftOut(rollout: Rollout, member: Member): string | undefined {
    if (member.state === 'waiting') {
      const desired = this.#deps.configs.desired(member.agent);
      const isOwn = desired?.actor === revisionActor(rollout);
      return isOwn || (desired?.revision ?? 0) === member.fromRevision ? undefined : MOVED;
    }
    const { standing, problem } = this.#standingOf(member);
    if (standing === 'moved') return MOVED;
    return standing === 'failed' ? `it did not take it: ${problem ?? 'no reason given'}` : undefined;
  }

  /** Each second. One call does little; it may take longer than a second all the same. */
  async tick(): Promise<void> {
    if (this.#isTicking) return;
    this.#isTicking = true;
    try {
      for (const running of this.#all.values()) {
        if (running.rollout.state === 'running') await this.#step(running);
        else if (running.rollout.state === 'rolling_back') await this.#rollBack(running);
      }
    } finally {
      this.#isTicking = false;
    }
  }

  async #step(running: Running): Promise<void> {
    const step = this.#decide(running);
    const { rollout, members } = running;
    switch (step.do) {
      case 'wait':
        return;
      case 'watchAnew':
        this.#save(running, { watchSinceMs: undefined }, []);
        return;
      case 'push':
        for (const agent of step.agents) {
          // A person may have paused it while the one before was pushed.
          if (running.rollout.state !== 'running') return;
          await this.#push(running, agent);
        }
        return;
      case 'skip': {
        const skipped = step.agents.flatMap((agent) => members.get(agent) ?? []);
        this.#save(
          running,
          {},
          skipped.map((member) => ({ ...member, state: 'skipped' as const, note: 'it was not heard' })),
        );
        return;
      }
      case 'watch': {
        const counts = this.#countsOf(rollout, members.keys());
        const watched = [...members.values()].filter(({ state }) => state === 'pushed');
        this.#save(
          running,
          { watchSinceMs: this.#deps.clock.now() },
          watched.map((member) => ({ ...member, atWatch: counts(member.agent) })),
          { what: 'watch', detail: `${watched.length} agents run it` },
        );
        return;
      }
      case 'advance': {
        const stage = rollout.stage + 1;
        const detail = `${rollout.stages[stage] ?? 0} agents`;
        this.#save(running, { stage, watchSinceMs: undefined }, [], { what: 'stage', detail });
        return;
      }
      case 'finish':
        this.#save(running, { state: 'done', watchSinceMs: undefined }, [], { what: 'done' });
        return;
      case 'hold':
        this.#stop(running, step.reasons, 'hold');
        return;
      case 'stop':
        this.#stop(running, step.reasons);
    }
  }

  #decide({ rollout, members }: Running): Step {
    const { clock, canJudge, evidence } = this.#deps;
    const all = [...members.values()];
    const counts = this.#countsOf(rollout, members.keys());
    const { stages, stage, settings, watchSinceMs } = rollout;
    return decideNextStep(
      {
        ...{ stages, stage, watchSinceMs, ...settings, canJudge: canJudge(members.keys()) },
        waiting: all
          .filter(({ state }) => state === 'waiting')
          .map(({ agent }) => ({ agent, isLive: evidence(agent).isLive })),
        pushed: all
          .filter(({ state }) => state === 'pushed')
          .map((member) => this.#factsOf(member, counts(member.agent))),
      },
      clock.now(),
    );
  }

  #factsOf(member: Member, now: AgentCounts): PushedMember {
    const {
      agent,
      pushedAtMs = 0,
      judgedFromMs = pushedAtMs,
      countedFromMs = pushedAtMs,
      before,
      atPush = now,
      atWatch = now,
    } = member;
    const { isLive, intervalMs } = this.#deps.evidence(agent);
    return {
      ...{ agent, judgedFromMs, countedFromMs, isLive, intervalMs, before, ...this.#standingOf(member) },
      since: {
        refused: now.refused - atPush.refused,
        lost: now.lost - atPush.lost,
        missing: now.missing - atPush.missing,
      },
      watchedPoints: now.stored - atWatch.stored,
    };
  }

  #standingOf({ agent, toRevision }: Member): Pick<PushedMember, 'standing' | 'problem'> {
    const { state, desired, problem } = this.#deps.configs.standing(agent);
    if (desired !== toRevision || state === 'ahead') return { standing: 'moved' };
    if (state === 'running') return { standing: 'applied' };
    return state === 'failed' ? { standing: 'failed', problem: problem?.reason } : { standing: 'trying' };
  }

  async #push(running: Running, agent: string): Promise<void> {
    const member = running.members.get(agent);
    if (member === undefined) return;
    const { rollout } = running;
    const { configs, clock, log } = this.#deps;
    const nowMs = clock.now();
    const actor = revisionActor(rollout);
    const desired = configs.desired(agent);
    const before = this.#beforeOf(agent, nowMs);
    const pushed = {
      ...{ ...member, state: 'pushed' as const, pushedAtMs: nowMs },
      ...(before === undefined
        ? { note: 'too little is known of what it sent before: it is not compared with that' }
        : { before }),
      atPush: this.#countsOf(rollout, [agent])(agent),
    };
    // Central ended between giving it and noting that.
    if (desired?.actor === actor && desired.revision !== member.fromRevision) {
      this.#save(running, {}, [{ ...pushed, toRevision: desired.revision }]);
      return;
    }
    try {
      const config = applyChange(rollout.change, desired?.config);
      if (typeof config === 'string') throw new ConfigRefusedError([config]);
      const { revision } = await configs.put(agent, config, { actor, expectedRevision: member.fromRevision });
      this.#save(running, {}, [{ ...pushed, toRevision: revision }]);
    } catch (error) {
      if (!(error instanceof ConfigRefusedError) && !(error instanceof RevisionMovedError)) throw error;
      log.warn({ rollout: rollout.id, agent, err: error }, 'a roll-out could not give an agent its config');
      // What a person decided meanwhile holds.
      if (running.rollout.state !== 'running') return;
      this.#stop(running, [`${agent}: ${messageOf(error)}`]);
    }
  }

  async #rollBack(running: Running): Promise<void> {
    const { configs, log } = this.#deps;
    // Whoever was left out by a resume has the config all the same.
    const pushed = [...running.members.values()].filter(
      ({ state, toRevision }) => state === 'pushed' || (state === 'skipped' && toRevision !== undefined),
    );
    for (const member of pushed.slice(0, MOST_PUSHED)) {
      const { agent, fromRevision, toRevision } = member;
      const desired = configs.desired(agent);
      const actor = `${revisionActor(running.rollout)}, back`;
      let note: string | undefined;
      if (desired?.actor !== actor) {
        if (desired?.revision !== toRevision) note = `${MOVED}, and keeps it`;
        else
          note = await restoreConfig(agent, fromRevision, {
            ...{ configs, log, actor },
            expectedRevision: desired?.revision ?? 0,
          });
      }
      this.#save(running, {}, [{ ...member, state: 'restored', ...(note !== undefined && { note }) }]);
    }
    if (pushed.length <= MOST_PUSHED)
      this.#save(running, { state: 'rolled_back' }, [], { what: 'rolled_back' });
  }

  #stop(running: Running, reasons: readonly string[], onStop = running.rollout.settings.onStop): void {
    const more = reasons.length > MOST_REASONS ? [`and ${reasons.length - MOST_REASONS} more agents`] : [];
    const stopReasons = [...reasons.slice(0, MOST_REASONS), ...more];
    const told = [{ what: 'stopped' as const, detail: stopReasons[0] ?? '' }];
    const isBack = onStop === 'roll_back';
    const changes = {
      state: isBack ? 'rolling_back' : 'stopped',
      stopReasons,
      watchSinceMs: undefined,
    } as const;
    this.#save(running, changes, [], ...told, ...(isBack ? [{ what: 'rolling_back' as const }] : []));
  }

  #save(
    running: Running,
    changes: { readonly [key in keyof Rollout]?: Rollout[key] | undefined },
    members: readonly Member[],
    ...told: readonly Omit<HistoryEntry, 'atMs'>[]
  ): void {
    const atMs = this.#deps.clock.now();
    const entries = told.map((each) => ({ atMs, ...each }));
    const history = [...running.rollout.history, ...entries].slice(-MOST_HISTORY);
    const rollout = { ...running.rollout, ...changes, history } as Rollout;
    this.#deps.repository.save(rollout, members);
    running.rollout = rollout;
    for (const member of members) running.members.set(member.agent, member);
    for (const entry of entries) this.#deps.onChange(rollout, entry);
  }

  /** Counted from one time for the whole roll-out, so that differences are right over restarts. */
  #countsOf({ createdAtMs }: Rollout, agents: Iterable<string>): (agent: string) => AgentCounts {
    const counts = this.#deps.counts([...agents], createdAtMs - HOUR_MS);
    return (agent) => counts.get(agent) ?? NOTHING;
  }

  #beforeOf(agent: string, nowMs: number): Member['before'] {
    const hourMs = Math.floor((nowMs - HOUR_MS) / HOUR_MS) * HOUR_MS;
    const { evidence, totals } = this.#deps;
    const { firstSeenAtMs = nowMs, intervalMs } = evidence(agent);
    const fromMs = Math.max(hourMs, firstSeenAtMs);
    return baselineOf(totals(agent, hourMs), { spanMs: nowMs - fromMs, intervalMs });
  }

  #heardFirst(agents: readonly string[]): readonly string[] {
    const isLive = (agent: string): boolean => this.#deps.evidence(agent).isLive;
    return [...agents.filter(isLive), ...agents.filter((agent) => !isLive(agent))];
  }

  /** In words. */
  #activeAmong(agents: readonly string[]): string | undefined {
    for (const { rollout, members } of this.#all.values()) {
      if (!ACTIVE_STATES.includes(rollout.state)) continue;
      const shared = agents.filter((agent) => members.has(agent));
      if (shared.length > 0)
        return `roll-out ${rollout.id} is ${rollout.state} and has ${namesOf(shared)}: cancel it or roll it back first`;
    }
    return undefined;
  }

  #forgetOldest(): void {
    const kept = new Set(this.#deps.repository.all().map(({ id }) => id));
    for (const id of this.#all.keys()) if (!kept.has(id)) this.#all.delete(id);
  }
}

/** Who made the revisions of a roll-out: by it a restarted central knows its own. */
function revisionActor({ id, actor }: Rollout): string {
  return `roll-out ${id} (${actor})`;
}

function namesOf(agents: readonly string[]): string {
  const [first = '', ...rest] = agents;
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}
