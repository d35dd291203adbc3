/** What an agent last said of its config. */
export interface ReportedConfig {
  /** 0: its own file, and none from central was ever taken. */
  readonly revision: number;
  readonly trial: boolean;
  readonly problem?: { readonly revision: number; readonly reason: string };
}

export const CONFIG_STATES = ['own_file', 'pending', 'trial', 'running', 'failed', 'ahead'] as const;

/**
 * `own_file`: nothing else is wanted. `pending`: not heard of yet. `trial`: at work for some seconds. `running`: good.
 * `failed`: refused or rolled back, the one before runs. `ahead`: the agent has a newer one than this central knows.
 */
export type ConfigState = (typeof CONFIG_STATES)[number];

export interface ConfigStanding {
  readonly state: ConfigState;
  /** 0: none. */
  readonly desired: number;
  readonly running: number;
  readonly problem?: { readonly revision: number; readonly reason: string };
}

/** Pure. `desired.config`: null when the agent is wanted back on its own file. */
export function standingOf(
  desired: { readonly revision: number; readonly config: unknown } | undefined,
  reported: ReportedConfig | undefined,
): ConfigStanding {
  const wanted = desired?.revision ?? 0;
  const running = reported?.revision ?? 0;
  const problem = reported?.problem;
  const facts = { desired: wanted, running, ...(problem !== undefined && { problem }) };
  return { state: stateOf(), ...facts };

  function stateOf(): ConfigState {
    if (running > wanted) return 'ahead';
    if (desired === undefined) return 'own_file';
    if (running < wanted) return (problem?.revision ?? 0) >= wanted ? 'failed' : 'pending';
    if (reported?.trial === true) return 'trial';
    return desired.config === null ? 'own_file' : 'running';
  }
}
