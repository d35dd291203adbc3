import { OWN_FILE, type ConfigStanding } from './standing.ts';

export interface StandingWatchDeps {
  readonly agents: () => Iterable<string>;
  readonly standing: (agent: string) => ConfigStanding;
  readonly onChange: (agent: string, standing: ConfigStanding) => void;
}

/** Notices, once a second, of which agents the desired config, the running one or the state between the two has changed. */
export class StandingWatch {
  readonly #deps: StandingWatchDeps;
  /** Of those that do not run their own file: nearly none of a city, or all of it. */
  readonly #known = new Map<string, ConfigStanding>();
  #isFirst = true;

  constructor(deps: StandingWatchDeps) {
    this.#deps = deps;
  }

  check(): void {
    const { agents, standing, onChange } = this.#deps;
    const gone = new Set(this.#known.keys());
    for (const agent of agents()) {
      gone.delete(agent);
      const now = standing(agent);
      // Of an agent that has just been heard for the first time it is nothing new.
      if (isSame(now, this.#known.get(agent) ?? OWN_FILE)) continue;
      if (isSame(now, OWN_FILE)) this.#known.delete(agent);
      else this.#known.set(agent, now);
      if (!this.#isFirst) onChange(agent, now);
    }
    for (const agent of gone) this.#known.delete(agent);
    this.#isFirst = false;
  }
}

function isSame(a: ConfigStanding, b: ConfigStanding): boolean {
  return (
    a.state === b.state &&
    a.desired === b.desired &&
    a.running === b.running &&
    (a.problem?.revision ?? 0) === (b.problem?.revision ?? 0)
  );
}
