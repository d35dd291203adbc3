import { z } from 'zod';
import { EXIT, UserError } from '../runtime/errors.ts';
import { CentralRefusal, createCentralClient } from './central-client.ts';
import { print } from './terminal.ts';

const answerSchema = z.object({ closed: z.int() });

/** Closes the alerts about what an agent reported: it made them up, or it is gone. */
export async function runCloseAlerts(
  agent: string,
  options: { readonly url: string; readonly tokenFile: string },
  signal: AbortSignal,
): Promise<void> {
  const client = createCentralClient(options, signal);
  try {
    const path = `/agents/${encodeURIComponent(agent)}/alerts`;
    const { closed } = await client.call('DELETE', path, answerSchema);
    print(`${closed} alerts of ${agent} are closed\n`);
  } catch (error) {
    if (error instanceof CentralRefusal) throw new UserError(EXIT.failure, error.problems, error);
    throw error;
  }
}
