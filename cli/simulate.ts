import { z } from 'zod';
import { deriveAgentPassword } from '../contract/credentials.ts';
import { checkConfig } from '../runtime/config.ts';
import { lockDirectory } from '../runtime/directory-lock.ts';
import { createLogger } from '../runtime/logger.ts';
import { urlSchema } from '../runtime/url-schema.ts';
import { demoMessageSchema } from '../simulators/demo/demo-fault.ts';
import { DemoFaults } from '../simulators/demo/demo-faults.ts';
import { runSimulate } from '../simulators/main.ts';
import { createSecretFile } from './secret-file.ts';
import { print, terminalJson } from './terminal.ts';

export interface SimulateCommand {
  readonly broker: string;
  readonly dataDir: string;
  readonly secretFile: string;
  readonly units: number;
  readonly seed: number;
  readonly interval: number;
  readonly json?: true;
}

const BROKER_URL = urlSchema({ protocol: /^mqtts?$/, expected: 'mqtt://host:port or mqtts://host:port' });

export async function runSimulateCommand(options: SimulateCommand, shutdown: AbortSignal): Promise<void> {
  checkConfig('command line', { '--broker': options.broker }, z.object({ '--broker': BROKER_URL }));
  const secret = createSecretFile(options.secretFile);
  const lock = lockDirectory(options.dataDir);
  try {
    await runSimulate({
      brokerUrl: options.broker,
      units: options.units,
      seed: options.seed,
      intervalMs: options.interval,
      directory: options.dataDir,
      credentials: (agent) => ({ username: agent, password: deriveAgentPassword(secret, agent) }),
      shutdown,
      log: createLogger({ name: 'simulate', level: 'warn' }),
      ...(process.channel !== undefined && { demo: followDemo() }),
      onReady: () => announce(options, { event: 'ready' }),
      onProgress: (stats) => announce(options, { event: 'progress', ...stats }),
    });
  } finally {
    lock.release();
  }
}

/** What the program that started this one says of the faults that people ask for. */
function followDemo(): DemoFaults {
  const demo = new DemoFaults();
  process.on('message', (message) => {
    const { data } = demoMessageSchema.safeParse(message);
    if (data !== undefined) demo.set(data.demoFaults);
  });
  return demo;
}

function announce(options: SimulateCommand, line: object): void {
  const text =
    options.json === true
      ? terminalJson(line)
      : `${Object.entries(line)
          .map(([name, value]) => `${name} ${String(value)}`)
          .join(' · ')}\n`;
  print(text);
}
