import { z } from 'zod';
import { EXIT, UserError } from '../runtime/errors.ts';
import { CentralRefusal, createCentralClient } from './central-client.ts';
import { print } from './terminal.ts';

/** Central does it, as it holds what has to end: the session, the alerts, the retained messages. */
export async function runRetireAgent(
  agent: string,
  options: { readonly url: string; readonly tokenFile: string },
  signal: AbortSignal,
): Promise<void> {
  const client = createCentralClient(options, signal);
  try {
    await client.call('DELETE', `/agents/${encodeURIComponent(agent)}`, z.undefined());
    print(`${agent} is retired\n`);
  } catch (error) {
    if (error instanceof CentralRefusal) throw new UserError(EXIT.failure, error.problems, error);
    throw error;
  }
}
