import { isPhone, PHONE_ID_PATTERN, PHONE_PREFIX } from '../contract/survey-topics.ts';
import type { Logger } from '../runtime/logger.ts';
import type { AgentCredentials } from './access/agent-credentials.ts';

export interface KnownIds {
  /** Of the inventory, and those that central has heard. */
  readonly agents: Iterable<string>;
  readonly logins: ReturnType<AgentCredentials['list']>;
  readonly log: Pick<Logger, 'warn'>;
}

const MAX_TOLD = 20;

/** Names the agents that had their id before it was reserved for phones: nothing that they send is taken. */
export function warnOfReservedIds({ agents, logins, log }: KnownIds): void {
  const noPhones = logins.map(({ agent }) => agent).filter((id) => !PHONE_ID_PATTERN.test(id));
  const found = [...new Set([...agents, ...noPhones])].filter(isPhone).sort();
  if (found.length === 0) return;
  log.warn(
    { agents: found.slice(0, MAX_TOLD), count: found.length },
    `ids that begin with ${PHONE_PREFIX} are those of phones: what these agents send is refused (survey-id); give each another id`,
  );
}
