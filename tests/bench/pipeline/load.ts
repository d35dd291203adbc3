import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '../sleep.ts';
import type { LoadConfig, LoadReport, LoadRequest } from './load-messages.ts';

const ANSWER_MS = 20_000;
const CONNECT_LIMIT_S = 60;

/** The process of the load generator. */
export class Load {
  readonly #child;

  constructor(dist: string, config: LoadConfig) {
    this.#child = fork(join(dist, 'bench-load.js'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.send(config);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the load generator did not start');
    return this.#child.pid;
  }

  async untilConnected(): Promise<void> {
    await until('every agent of the load is connected', CONNECT_LIMIT_S, async () => {
      const { agents, connected } = await this.ask('report');
      return agents > 0 && connected === agents;
    });
  }

  async ask(request: LoadRequest): Promise<LoadReport> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(ANSWER_MS) });
    this.#child.send(request);
    const [report] = (await answer) as [LoadReport];
    return report;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
