import { stateSchema, type AgentState } from '../../../contract/state.ts';

const MAX_STATE_BYTES = 4 * 1024;

/** A birth or death off the wire, or what is wrong with it. */
export function readState(payload: Buffer): { state: AgentState } | { state: undefined; reason: string } {
  if (payload.length > MAX_STATE_BYTES) {
    return {
      state: undefined,
      reason: `state has ${payload.length} bytes, at most ${MAX_STATE_BYTES} are allowed`,
    };
  }
  let json: unknown;
  try {
    json = JSON.parse(payload.toString('utf8'));
  } catch {
    return { state: undefined, reason: 'state is not JSON' };
  }
  const result = stateSchema.safeParse(json);
  if (result.success) return { state: result.data };
  const problems = result.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return { state: undefined, reason: problems.join('; ') };
}
