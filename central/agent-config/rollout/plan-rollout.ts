import { z } from 'zod';
import type { AgentConfigs } from '../agent-configs.ts';
import { applyChange, samePushedConfig, type ConfigChange } from './config-change.ts';
import { diffLines } from './config-diff.ts';

/** Agents for which the change is the same. */
export const plannedGroupSchema = z.object({
  agents: z.array(z.string()),
  diff: z.array(z.string()).describe('a line for each setting that changes'),
  problems: z.array(z.string()).describe('why it would be refused; empty: it would not'),
});
export type PlannedGroup = z.infer<typeof plannedGroupSchema>;

export interface Plan {
  /** Those that need it, in the order in which they get it, with the desired revision that they have now. */
  readonly members: readonly { readonly agent: string; readonly fromRevision: number }[];
  readonly groups: readonly PlannedGroup[];
  /** They have it already. */
  readonly unchanged: readonly string[];
}

/** So many different configs are checked for one plan. */
const MOST_CONFIGS = 200;
const MOST_AT_A_STRETCH = 50;

/** What a change would do to each agent; nothing is sent. `agents`: in the order in which they get it. */
export async function planRollout(
  agents: readonly string[],
  change: ConfigChange,
  configs: Pick<AgentConfigs, 'desired' | 'problemsOf'>,
): Promise<Plan> {
  const members: { agent: string; fromRevision: number }[] = [];
  const groups = new Map<string, PlannedGroup>();
  const unchanged: string[] = [];
  const checked = new Map<string, readonly string[]>();
  for (const [at, agent] of agents.entries()) {
    if (at % MOST_AT_A_STRETCH === 0) await new Promise(setImmediate);
    const desired = configs.desired(agent);
    const current = desired?.config;
    const after = applyChange(change, current);
    if (typeof after !== 'string' && samePushedConfig(current, after)) {
      unchanged.push(agent);
      continue;
    }
    members.push({ agent, fromRevision: desired?.revision ?? 0 });
    const problems = typeof after === 'string' ? [after] : await problemsOf(agent, after);
    const diff = typeof after === 'string' ? [] : diffLines(current ?? undefined, after);
    const key = JSON.stringify([diff, problems]);
    const group = groups.get(key) ?? { agents: [], diff: [...diff], problems: [...problems] };
    group.agents.push(agent);
    groups.set(key, group);
  }
  return { members, groups: [...groups.values()], unchanged };

  /** What a config declares may be of the agent: only one without own measurements is checked once for all. */
  async function problemsOf(agent: string, config: unknown): Promise<readonly string[]> {
    const text = JSON.stringify(config);
    const key = text.includes('"custom"') ? `${agent} ${text}` : text;
    const known = checked.get(key);
    if (known !== undefined) return known;
    if (checked.size >= MOST_CONFIGS)
      return [`more than ${MOST_CONFIGS} different configs at once: choose fewer agents, or a whole config`];
    const found = await configs.problemsOf(agent, config);
    checked.set(key, found);
    return found;
  }
}
