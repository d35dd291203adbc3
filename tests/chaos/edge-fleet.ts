import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ChaosEdgeConfig, ChaosEdgeOrder } from './edge-process.ts';

export interface EdgeReport {
  readonly pending: number;
  readonly lost: number;
  readonly producing: boolean;
}

/** The process with the agents: can be killed and started again; it ends with this process. */
export class EdgeFleet {
  readonly #config: ChaosEdgeConfig;
  readonly #program: string;
  #child: ChildProcess | undefined;
  #report: EdgeReport | undefined;

  constructor(program: string, config: ChaosEdgeConfig) {
    this.#program = program;
    this.#config = config;
  }

  get report(): EdgeReport | undefined {
    return this.#report;
  }

  async start(): Promise<void> {
    const child = fork(join(this.#program), [JSON.stringify(this.#config)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    this.#report = undefined;
    child.on('message', (message) => {
      this.#report = message as EdgeReport;
    });
    await once(child, 'message');
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  stopProducing(): void {
    this.#order({ kind: 'stop producing' });
  }

  /** Sets the clock of the first agent; a new process has it right again. */
  setClockOfOne(offsetMs: number): void {
    this.#order({ kind: 'set the clock of one', offsetMs });
  }

  #order(order: ChaosEdgeOrder): void {
    this.#child?.send(order);
  }
}
