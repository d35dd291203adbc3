import { isPhone } from '../../contract/survey-topics.ts';
import type { AgentCredentials } from '../access/agent-credentials.ts';
import type { RefusedLogins } from '../access/refused-logins.ts';
import type { BusHooks } from '../mqtt/open-bus.ts';
import type { Quarantine } from './quarantine/quarantine.ts';

export interface BusHooksDeps {
  readonly credentials: Pick<AgentCredentials, 'verify' | 'nodeOf'>;
  readonly refusedLogins: Pick<RefusedLogins, 'record'>;
  readonly quarantine: Pick<Quarantine, 'add'>;
}

/** Whom the embedded broker lets in, and where it is kept what it refused. */
export function createBusHooks({ credentials, refusedLogins, quarantine }: BusHooksDeps): BusHooks {
  return {
    authenticate: (name, password) => {
      if (!credentials.verify(name, password)) return undefined;
      if (isPhone(name)) return 'phone';
      const node = credentials.nodeOf(name);
      return node === undefined ? 'agent' : { role: 'sparkplug', node };
    },
    onRefused: ({ kind, reason, client, claimed = '', topic, address = 'unknown' }) => {
      if (kind === 'authentication') refusedLogins.record({ address, claimed, reason });
      // What strangers send is counted and in the log, but never takes room from the data of agents.
      if (client === undefined) return;
      const where = topic === undefined ? `from ${address}` : `topic ${topic}, from ${address}`;
      quarantine.add({ agent: client, code: `broker-${kind}`, reason: `${reason}, ${where}` });
    },
  };
}
