import { z } from 'zod';

const problemSchema = z.object({ revision: z.int(), reason: z.string() });

/** What an agent last reported of its config. */
export interface ReportedConfig {
  /** 0: its own file, and it never took one from central. */
  readonly revision: number;
  readonly trial: boolean;
  readonly problem?: z.infer<typeof problemSchema>;
}

export const CONFIG_STATES = ['own_file', 'pending', 'trial', 'running', 'failed', 'ahead'] as const;

/**
 * `own_file`: no other is desired. `pending`: the agent has not reported on it yet. `trial`: runs for some seconds,
 * and is rolled back if it fails. `running`: accepted. `failed`: refused or rolled back; the one before runs.
 * `ahead`: the agent has a newer one than this central knows.
 */
export type ConfigState = (typeof CONFIG_STATES)[number];

export const configStandingSchema = z.object({
  state: z.enum(CONFIG_STATES),
  desired: z.int().describe('revision; 0: none'),
  running: z.int().describe("revision; 0: the agent's own file, and it never took one from central"),
  problem: problemSchema.exactOptional().describe('a revision that the agent refused or rolled back'),
});
export type ConfigStanding = z.infer<typeof configStandingSchema>;

/** Of an agent that never was given another; nearly all of a city, each second. */
export const OWN_FILE: ConfigStanding = { state: 'own_file', desired: 0, running: 0 };

/** Pure. `desired.config`: null if the agent is to run its own file again. */
export function standingOf(
  desired: { readonly revision: number; readonly config: unknown } | undefined,
  reported: ReportedConfig | undefined,
): ConfigStanding {
  const wanted = desired?.revision ?? 0;
  const running = reported?.revision ?? 0;
  const problem = reported?.problem;
  if (desired === undefined && running === 0 && problem === undefined) return OWN_FILE;
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
