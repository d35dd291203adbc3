import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { ConfigRefusedError, NoSuchRevisionError, type AgentConfigs } from '../agent-configs.ts';
import { RevisionMovedError } from '../config-revisions.ts';

interface RestoreWays {
  readonly configs: Pick<AgentConfigs, 'restore' | 'remove'>;
  readonly log: Logger;
  readonly actor: string;
  readonly expectedRevision: number;
}

/** Gives an agent its config from before; 0: it had none from central. Returns why it could not be. */
export async function restoreConfig(
  agent: string,
  revision: number,
  { configs, log, ...author }: RestoreWays,
): Promise<string | undefined> {
  try {
    if (revision === 0) configs.remove(agent, author);
    else await configs.restore(agent, revision, author);
    return undefined;
  } catch (error) {
    const isExpected =
      error instanceof ConfigRefusedError ||
      error instanceof RevisionMovedError ||
      error instanceof NoSuchRevisionError;
    if (!isExpected) throw error;
    log.warn({ agent, revision, err: error }, 'a roll-out could not give an agent its config from before');
    return `it did not get its config from before: ${messageOf(error)}`;
  }
}
