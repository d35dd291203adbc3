import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Part } from '../jobs/part.ts';
import type { CentralBus } from '../mqtt/open-bus.ts';
import type { StateDatabase } from '../state/database.ts';
import { openAgentCredentials, type AgentCredentials } from './agent-credentials.ts';
import { openAuditLog, type AuditLog } from './audit.ts';
import { RefusedConnections } from './refused-connections.ts';
import { RefusedLogins } from './refused-logins.ts';
import { RefusedTokens } from './refused-tokens.ts';
import { Sessions } from './sessions.ts';
import { openTokenStore, type TokenStore } from './tokens.ts';

export interface AccessPartDeps {
  readonly database: StateDatabase;
  /** Ends the sessions of these agents at the embedded broker. */
  readonly disconnect: CentralBus['disconnect'];
  /** Of the identity provider; undefined: there is none. */
  readonly grantsHash: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface SharedAccess {
  readonly tokens: TokenStore;
  readonly credentials: AgentCredentials;
  /** Ends its session at the embedded broker. */
  readonly disconnectAgent: (agent: string) => void;
  readonly audit: AuditLog;
  readonly refusedTokens: RefusedTokens;
  readonly refusedConnections: RefusedConnections;
  readonly sessions: Sessions;
}

export interface AccessPart extends Part<SharedAccess> {
  readonly refusedLogins: RefusedLogins;
}

/** A revoked password ends its session within a second, also when another process revoked it. */
const REVOKED_MS = 500;
const MINUTE_MS = 60_000;

/** Who may do what, and who tried without. */
export function createAccessPart({
  database,
  disconnect,
  grantsHash,
  clock,
  log,
}: AccessPartDeps): AccessPart {
  const credentials = openAgentCredentials(database);
  const audit = openAuditLog(database);
  const tokens = openTokenStore(database);
  const sessions = new Sessions({ database, tokens, grantsHash });
  const saveLastUse = (): void => {
    tokens.saveLastUse();
    sessions.saveLastUse();
  };
  return {
    shared: {
      tokens,
      credentials,
      disconnectAgent: (agent) => disconnect((id) => id === agent),
      audit,
      refusedTokens: new RefusedTokens({ audit, clock, log }),
      refusedConnections: new RefusedConnections({ clock, log }),
      sessions,
    },
    refusedLogins: new RefusedLogins({ audit, clock, log }),
    jobs: [
      {
        name: 'revoked agents',
        everyMs: REVOKED_MS,
        run: () => {
          if (credentials.changedElsewhere()) disconnect((id) => !credentials.has(id));
        },
      },
      { name: 'tokens', everyMs: MINUTE_MS, run: saveLastUse },
    ],
    save: { name: 'tokens', run: saveLastUse },
  };
}
