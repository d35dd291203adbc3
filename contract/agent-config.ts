import { z } from 'zod';
import { PROTOCOL_VERSION } from './batch.ts';

/** As published. Well below the 64 KiB that brokers are set to let through. */
export const MAX_CONFIG_BYTES = 32 * 1024;
/** A pushed config may name only environment variables with this prefix: others may hold unrelated secrets. */
export const SECRET_ENV_PREFIX = 'WARDWATCH_SECRET_';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/**
 * What central may decide for an agent: what it measures, and how much it logs. Never who it is, where it keeps its data
 * and whom it talks to: a wrong config must not cut an agent off from central, and a forged one must not send its data elsewhere.
 * The edge's own schema checks the entries of `collectors`.
 */
export const pushedConfigSchema = z.strictObject({
  collectors: z
    .array(z.looseObject({ kind: z.string() }))
    .min(1, 'expected at least one collector (remove the config to go back to the agent’s own file)')
    .max(64),
  log: z.strictObject({ level: z.enum(LOG_LEVELS) }).optional(),
});
export type PushedConfig = z.infer<typeof pushedConfigSchema>;

/**
 * `…/config`, from central, retained. Revisions of an agent only grow. `config` is checked by the agent, so that a
 * mistake in it is reported under its revision; `null` returns the agent to the collectors of its own file.
 */
export const agentConfigSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  revision: z.int().min(1),
  config: z.unknown(),
});
export type AgentConfigMessage = z.infer<typeof agentConfigSchema>;

/** Pure. */
export function encodeAgentConfig(revision: number, config: PushedConfig | null): string {
  return JSON.stringify({ v: PROTOCOL_VERSION, revision, config } satisfies AgentConfigMessage);
}
