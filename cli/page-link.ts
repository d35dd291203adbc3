import { z } from 'zod';
import { EXIT, UserError } from '../runtime/errors.ts';
import { CentralRefusal, createCentralClient } from './central-client.ts';
import { print, printError, terminalText } from './terminal.ts';

const linkSchema = z.object({ path: z.string().startsWith('/'), expiresAtMs: z.number() });

/** Prints a link to the board on stdout, and on stderr what it is good for. */
export async function runPageLink(
  options: { readonly url: string; readonly tokenFile: string },
  signal: AbortSignal,
): Promise<void> {
  const client = createCentralClient(options, signal);
  try {
    const { path, expiresAtMs } = await client.call('POST', '/page-links', linkSchema);
    print(`${terminalText(new URL(path, options.url).href)}\n`);
    printError(`It opens the board once, until ${new Date(expiresAtMs).toISOString()}.\n`);
  } catch (error) {
    if (error instanceof CentralRefusal) throw new UserError(EXIT.failure, error.problems, error);
    throw error;
  }
}
