import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentCredentials } from '../../central/access/agent-credentials.ts';
import { openTokenStore } from '../../central/access/tokens.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import { freePort } from '../support/free-port.ts';
import { ServerProcess } from '../support/server-process.ts';

export const BENCH_PASSWORD = 'bench';

export interface CentralProcess {
  readonly process: ServerProcess;
  metrics(): Promise<string>;
}

/** `wardwatch central` as it is run in production, in `scratch`, letting the named agents in. */
export async function startCentral(options: {
  readonly dist: string;
  readonly scratch: string;
  readonly broker: object;
  readonly store: object;
  readonly agents: readonly string[];
  /** Rules beside the shipped ones: file name → YAML. */
  readonly rules?: Readonly<Record<string, string>>;
}): Promise<CentralProcess> {
  const directory = join(options.scratch, 'central');
  const rules = join(options.scratch, 'rules');
  mkdirSync(directory);
  mkdirSync(rules);
  for (const [file, yaml] of Object.entries(options.rules ?? {})) writeFileSync(join(rules, file), yaml);
  const state = openStateDatabase(join(directory, 'state.db'));
  const { token } = openTokenStore(state).create('bench', 'viewer', Date.now());
  openAgentCredentials(state).register(
    options.agents.map((agent) => [agent, BENCH_PASSWORD] as const),
    Date.now(),
  );
  state.close();
  const apiPort = await freePort();
  const file = join(options.scratch, 'central.yaml');
  const { broker, store } = options;
  const config = {
    dataDirectory: directory,
    api: { port: apiPort },
    broker,
    store,
    rulesDirectory: rules,
    log: { level: 'error' },
  };
  writeFileSync(file, JSON.stringify(config));
  const url = `http://127.0.0.1:${apiPort}`;
  const server = new ServerProcess({
    program: process.execPath,
    args: [join(options.dist, 'wardwatch.js'), 'central', '--config', file],
    isReady: async () => {
      try {
        return (await fetch(`${url}/healthz`)).ok;
      } catch {
        return false;
      }
    },
  });
  await server.start();
  return {
    process: server,
    metrics: async () => {
      const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
      return answer.text();
    },
  };
}
