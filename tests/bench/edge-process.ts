import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ServerProcess } from '../support/server-process.ts';
import type { CentralProcess } from './pipeline/central-process.ts';
import { BENCH_PASSWORD } from './pipeline/sender.ts';

/** As packaging/systemd/wardwatch-edge.service runs it. */
export const EDGE_NODE_OPTIONS = ['--max-semi-space-size=1'];

export interface EdgeProcessOptions {
  readonly dist: string;
  /** Its own files go into a directory of its name below this one. */
  readonly directory: string;
  readonly agent: string;
  readonly brokerPort: number;
  readonly collectors: readonly object[];
  readonly logLevel?: 'error' | 'warn';
  /** Goes before its PATH. */
  readonly programsDirectory?: string;
  /** Whether it works, once it runs. */
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
  const args = [...EDGE_NODE_OPTIONS, join(dist, 'wardwatch.js'), 'edge', '--config', file];
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

/** What central has stored so far, of all agents. */
export async function storedPoints(central: CentralProcess): Promise<number> {
  const metrics = await central.metrics();
  return Number(/^wardwatch_stored_points_total (\d+)/m.exec(metrics)?.[1] ?? 0);
}
