import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DeviceRequest, DevicesReady, Round, RoundsReport } from './device-messages.ts';

/** Simulated switches in another process, which ends with this one. */
export class SimulatedDevices {
  readonly #child: ChildProcess;
  readonly ports: readonly number[];

  private constructor(child: ChildProcess, ports: readonly number[]) {
    this.#child = child;
    this.ports = ports;
  }

  static async start(
    dist: string,
    options: { readonly devices: number; readonly ports: number; readonly dead: number },
  ): Promise<SimulatedDevices> {
    const child = fork(join(dist, 'bench-snmp-devices.js'), { stdio: 'ignore' });
    const { ports } = await ask<DevicesReady>(child, { kind: 'start', ...options });
    return new SimulatedDevices(child, ports);
  }

  reset(): void {
    this.#child.send({ kind: 'reset' } satisfies DeviceRequest);
  }

  async rounds(): Promise<readonly Round[]> {
    return (await ask<RoundsReport>(this.#child, { kind: 'rounds' })).rounds;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}

async function ask<Answer>(child: ChildProcess, request: DeviceRequest): Promise<Answer> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const answered = Promise.race([
      once(child, 'message', { signal }).then(([answer]) => answer as Answer),
      once(child, 'exit', { signal }).then(() => {
        throw new Error('the process of simulated devices ended');
      }),
    ]);
    child.send(request);
    return await answered;
  } finally {
    over.abort();
  }
}
