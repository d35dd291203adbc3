import type { AgentRegistry } from './agent-registry.ts';
import type { AgentPhase } from './agent-view.ts';
import type { PhaseChange, PhaseLog } from './phase-log.ts';

export interface PhaseWatchDeps {
  readonly registry: Pick<AgentRegistry, 'eachPhase' | 'get' | 'locationOf'>;
  readonly log: Pick<PhaseLog, 'append' | 'last'>;
  /** Once it is on disk. */
  readonly onChange: (change: PhaseChange) => void;
}

/** After so many intervals without a sign of life an agent is silent, wherever central was meanwhile. */
const SILENT_AFTER_INTERVALS = 3;

/** Notices, once a second, which agents have changed their phase. While central receives nothing it notices nothing. */
export class PhaseWatch {
  readonly #deps: PhaseWatchDeps;
  readonly #phases: Map<string, AgentPhase>;
  /** Nothing was ever noted: what is found first is where changes begin. */
  #isFirst: boolean;

  constructor(deps: PhaseWatchDeps) {
    this.#deps = deps;
    this.#phases = new Map(deps.log.last());
    this.#isFirst = this.#phases.size === 0;
  }

  check(nowMs: number): void {
    const { registry, log, onChange } = this.#deps;
    const changes: PhaseChange[] = [];
    const differing: { readonly agent: string; readonly phase: AgentPhase }[] = [];
    let count = 0;
    const listeningForMs = registry.eachPhase(nowMs, (agent, phase) => {
      count++;
      if (phase !== this.#phases.get(agent)) differing.push({ agent, phase });
    });
    for (const { agent, phase } of differing) {
      const before = this.#isFirst ? phase : (this.#phases.get(agent) ?? 'never_seen');
      const isNews = phase !== before && !isEarly(registry, agent, phase, listeningForMs ?? 0, nowMs);
      if (!this.#isFirst && !isNews) continue;
      changes.push({ agent, before, phase, atMs: nowMs, ...registry.locationOf(agent) });
    }
    log.append(changes);
    if (count > 0) this.#isFirst = false;
    for (const change of changes) {
      this.#phases.set(change.agent, change.phase);
      if (change.before !== change.phase) onChange(change);
    }
  }
}

/** Central listens for too short a time to know: the agent could not be heard before. */
function isEarly(
  registry: Pick<AgentRegistry, 'get'>,
  agent: string,
  phase: AgentPhase,
  listeningForMs: number,
  nowMs: number,
): boolean {
  if (phase !== 'silent') return false;
  const intervalMs = registry.get(agent, nowMs)?.intervalMs ?? 0;
  return listeningForMs <= SILENT_AFTER_INTERVALS * intervalMs;
}
