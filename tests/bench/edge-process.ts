import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ServerProcess } from '../support/server-process.ts';
import { BENCH_PASSWORD } from './pipeline/sender.ts';

/** As in packaging/systemd/wardwatch-edge.service, which starts the agent's own bundle, too. */
const EDGE_NODE_OPTIONS = ['--max-semi-space-size=1'];

export interface EdgeProcessOptions {
  readonly dist: string;
  /** Its files go into a subdirectory named after the agent. */
  readonly directory: string;
  readonly agent: string;
  readonly brokerPort: number;
  readonly collectors: readonly object[];
  readonly logLevel?: 'error' | 'warn';
  /** Put in front of its PATH. */
  readonly programsDirectory?: string;
  /** Whether the started agent works. */
  readonly isReady: () => Promise<boolean>;
}

/** A real `wardwatch edge`, connected to the bench's central. */
export async function startEdgeProcess(options: EdgeProcessOptions): Promise<ServerProcess> {
  const { agent, dist, brokerPort, collectors, isReady } = options;
  const directory = join(options.directory, agent);
  mkdirSync(directory);
  const file = join(directory, 'edge.yaml');
  const config = {
    agent,
    dataDirectory: join(directory, 'data'),
    broker: { url: `mqtt://127.0.0.1:${brokerPort}`, username: agent, password: BENCH_PASSWORD },
    collectors,
    log: { level: options.logLevel ?? 'error' },
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const args = [...EDGE_NODE_OPTIONS, join(dist, 'wardwatch-edge.mjs'), '--config', file];
  const env = {
    ...process.env,
    PATH: [options.programsDirectory, process.env['PATH']]
      .filter((part) => part !== undefined)
      .join(delimiter),
  };
  const edge = new ServerProcess({ program: process.execPath, args, env, isReady });
  await edge.start();
  return edge;
}
