import type { MailCheck } from './check.ts';
import { shown, type LineDialogue } from '../../protocols/tcp-tls/line-dialogue.ts';
import { probeMail, type MailProtocol } from './mail-connection.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import type { Probe } from './probe.ts';
import { requireValidChain } from '../../protocols/tcp-tls/tls-connection.ts';

/** An IMAP server (RFC 9051): greeting, STARTTLS where configured, LOGOUT. */
export const probeImap: Probe<MailCheck> = async (check, context) => {
  await probeMail(check, IMAP, context);
  if (!check.allowInvalidCertificate) requireValidChain(context.findings.chains);
};

const IMAP: MailProtocol = {
  scheme: 'imap',
  readGreeting: async (dialogue) => {
    const line = await dialogue.nextLine();
    const [, state] = /^\* (OK|PREAUTH|BYE)\b/i.exec(line) ?? [];
    if (state === undefined) throw new ProbeFailure('protocol', `the greeting is not IMAP: ${shown(line)}`);
    if (state.toUpperCase() === 'BYE')
      throw new ProbeFailure('status', `refused the connection: ${shown(line)}`);
  },
  askForTls: (dialogue) => command(dialogue, 'a1', 'STARTTLS'),
  finish: (dialogue) => command(dialogue, 'a2', 'LOGOUT'),
};

const MAX_UNTAGGED_LINES = 100;

async function command(dialogue: LineDialogue, tag: string, name: string): Promise<void> {
  dialogue.send(`${tag} ${name}`);
  for (let lines = 0; lines < MAX_UNTAGGED_LINES; lines++) {
    const line = await dialogue.nextLine();
    if (line.startsWith('* ')) continue;
    if (new RegExp(`^${tag} OK\\b`, 'i').test(line)) return;
    throw new ProbeFailure('status', `answered ${name} with ${shown(line)}`);
  }
  throw new ProbeFailure('protocol', `did not answer ${name} within ${MAX_UNTAGGED_LINES} lines`);
}
