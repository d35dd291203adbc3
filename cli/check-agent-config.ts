import type { ConfigChecker } from '../central/agent-config/agent-configs.ts';

/** The agent's own check, for central. Loaded at the first use: a central that pushes nothing does not need it. */
export const checkAgentConfig: ConfigChecker = async (config) => {
  const { problemsOfPushedConfig } = await import('../edge/remote-config/check-pushed-config.ts');
  return problemsOfPushedConfig(config);
};
