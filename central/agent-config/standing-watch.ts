import type { ConfigStanding } from './standing.ts';

export interface StandingWatchDeps {
  readonly agents: () => Iterable<string>;
  readonly standing: (agent: string) => ConfigStanding;
  readonly onChange: (agent: string, standing: ConfigStanding) => void;
}

/** Notices, once a second, of which agents the desired config, the running one or the state between the two has changed. */
export class StandingWatch {
  readonly #deps: StandingWatchDeps;
  #known = new Map<string, string>();
  #isFirst = true;

  constructor(deps: StandingWatchDeps) {
    this.#deps = deps;
  }

  check(): void {
    const { agents, standing, onChange } = this.#deps;
    const known = new Map<string, string>();
    for (const agent of agents()) {
      const now = standing(agent);
      const key = `${now.state} ${now.desired} ${now.running} ${now.problem?.revision ?? 0}`;
      known.set(agent, key);
      // An agent that has just been heard for the first time runs its own file: that is nothing new.
      const before = this.#known.get(agent) ?? 'own_file 0 0 0';
      if (!this.#isFirst && key !== before) onChange(agent, now);
    }
    this.#known = known;
    this.#isFirst = false;
  }
}
