import { z } from 'zod';
import { EXIT, UserError } from '../runtime/errors.ts';
import { CentralRefusal, createCentralClient } from './central-client.ts';
import { print, terminalText } from './terminal.ts';

const answerSchema = z.object({ outcome: z.string(), answer: z.string() });

/** Central sends it, as it does with every other message: with its secrets, from its network. */
export async function runNotifyTest(
  channel: string,
  options: { readonly url: string; readonly tokenFile: string },
  signal: AbortSignal,
): Promise<void> {
  const client = createCentralClient(options, signal);
  try {
    const { outcome, answer } = await client.call('POST', '/notifications/test', answerSchema, { channel });
    if (outcome !== 'delivered') {
      throw new UserError(EXIT.failure, [`${channel}: not delivered: ${terminalText(answer)}`]);
    }
    print(`${channel}: delivered: ${terminalText(answer)}\n`);
  } catch (error) {
    if (error instanceof CentralRefusal) throw new UserError(EXIT.failure, error.problems, error);
    throw error;
  }
}
