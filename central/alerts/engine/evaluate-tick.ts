import type {
  Entity,
  EvidenceSources,
  GoneEntity,
  HeardEntity,
  TickEvaluator,
  TickFinding,
  Unfinished,
} from '../rules/kinds/rule-kind.ts';
import type { ActiveAlerts } from './active-alerts.ts';
import { keyOfEntity } from './entity-columns.ts';
import type { RuleRuntime } from './rule-runtime.ts';

type TickRuntime = RuleRuntime<TickEvaluator>;
type Told = TickFinding | GoneEntity | HeardEntity | Unfinished;

/** An evaluation that has begun. */
interface Evaluation {
  readonly atMs: number;
  readonly rest: Iterator<Told>;
}

export interface TickEvaluationsDeps {
  readonly sources: EvidenceSources;
  readonly alerts: Pick<ActiveAlerts, 'applyEvidence' | 'withdrawEntity' | 'admits' | 'shareOf'>;
  /** Of all rules that judge reports together. */
  readonly maxPartsPerTick: number;
  readonly onFailed: (runtime: TickRuntime, err: unknown) => void;
}

/**
 * Evaluates the rules that read other evidence than rows. Those that judge reports look at tens of thousands of values: so much of it at each
 * tick, and the rest at the next ones, so that nobody waits for them. All others are done at once.
 */
export class TickEvaluations {
  readonly #deps: TickEvaluationsDeps;
  /** Of rules that judge reports, in the order in which they began. */
  readonly #open = new Map<TickRuntime, Evaluation>();

  constructor(deps: TickEvaluationsDeps) {
    this.#deps = deps;
  }

  /** One that is not done yet since its last begin goes on. */
  begin(runtime: TickRuntime, nowMs: number): void {
    if (this.#open.has(runtime)) return;
    const judgesReports = runtime.evaluator.judgesReports === true;
    try {
      const evaluation = { atMs: nowMs, rest: this.#findingsOf(runtime, nowMs) };
      if (judgesReports) this.#open.set(runtime, evaluation);
      else this.#run(runtime, evaluation, Infinity, nowMs);
    } catch (err) {
      this.#deps.onFailed(runtime, err);
    }
  }

  /** At each tick, after all that are due have begun. */
  goOn(nowMs: number): void {
    let partsLeft = this.#deps.maxPartsPerTick;
    for (const [runtime, evaluation] of this.#open) {
      try {
        partsLeft -= this.#run(runtime, evaluation, partsLeft, nowMs);
        if (partsLeft <= 0) return;
        this.#open.delete(runtime);
      } catch (err) {
        this.#open.delete(runtime);
        this.#deps.onFailed(runtime, err);
      }
    }
  }

  /** The rules are others now. */
  keepOnly(runtimes: readonly TickRuntime[]): void {
    const kept = new Set(runtimes);
    for (const runtime of this.#open.keys()) if (!kept.has(runtime)) this.#open.delete(runtime);
  }

  #findingsOf({ evaluator, entities }: TickRuntime, nowMs: number): Iterator<Told> {
    const isActive = (entity: Entity): boolean =>
      entities.size > 0 && entities.get(keyOfEntity(evaluator.entityTags, entity))?.state !== undefined;
    const active = (): Entity[] =>
      [...entities.values()].flatMap(({ state, entity }) => (state === undefined ? [] : [entity]));
    return evaluator.evaluateAt(nowMs, this.#deps.sources, isActive, active)[Symbol.iterator]();
  }

  /** Returns how many parts it took; as many as `maxParts`: it is not done. */
  #run(runtime: TickRuntime, { atMs, rest }: Evaluation, maxParts: number, nowMs: number): number {
    for (let parts = 0; ;) {
      const next = rest.next();
      if (next.done === true) return parts;
      if ('isUnfinished' in next.value) {
        if (++parts >= maxParts) return parts;
      } else this.#take(runtime, next.value, atMs, nowMs);
    }
  }

  #take(runtime: TickRuntime, finding: Exclude<Told, Unfinished>, atMs: number, nowMs: number): void {
    const { alerts } = this.#deps;
    const { evaluator, entities } = runtime;
    const key = keyOfEntity(evaluator.entityTags, finding.entity);
    const known = entities.get(key);
    if ('isGone' in finding) {
      if (known !== undefined) alerts.withdrawEntity(runtime, known, nowMs);
      return;
    }
    if ('isHeard' in finding) {
      if (known?.alert !== undefined) known.touchedAtMs = nowMs;
      return;
    }
    const { agent, entity, location, value, evaluations, sinceMs, mayStart } = finding;
    if (known?.state === undefined && !(mayStart && evaluations.includes('breach'))) return;
    if (known === undefined && evaluator.judgesReports === true && !alerts.admits(alerts.shareOf(agent)))
      return;
    const sample = { timeMs: atMs, sinceMs, evaluations };
    alerts.applyEvidence(
      runtime,
      { key, agent, part: '', entity, location, tags: entity, sample, value },
      nowMs,
    );
  }
}
