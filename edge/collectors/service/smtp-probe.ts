import type { MailCheck } from './check.ts';
import { shown, type LineDialogue } from '../../protocols/tcp-tls/line-dialogue.ts';
import { probeMail, type MailProtocol } from './mail-connection.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import type { Probe } from './probe.ts';
import { requireValidChain } from '../../protocols/tcp-tls/tls-connection.ts';

/** An SMTP server (RFC 5321): greeting, EHLO, STARTTLS where configured, QUIT. */
export const probeSmtp: Probe<MailCheck> = async (check, context) => {
  await probeMail(check, SMTP, context);
  if (!check.allowInvalidCertificate) requireValidChain(context.findings.chains);
};

const SMTP: MailProtocol = {
  scheme: 'smtp',
  readGreeting: async (dialogue, { findings }) => {
    const reply = await readReply(dialogue);
    findings.statusCode = reply.code;
    expectCode(reply, 220, 'the greeting');
  },
  askForTls: async (dialogue) => {
    const hello = await sendCommand(dialogue, EHLO);
    expectCode(hello, 250, 'EHLO');
    if (!hello.lines.some((line) => line.toUpperCase().trim() === 'STARTTLS')) {
      throw new ProbeFailure('protocol', 'does not offer STARTTLS');
    }
    expectCode(await sendCommand(dialogue, 'STARTTLS'), 220, 'STARTTLS');
  },
  finish: async (dialogue) => {
    expectCode(await sendCommand(dialogue, EHLO), 250, 'EHLO');
    dialogue.send('QUIT');
  },
};

/** An address literal, because a gateway has no name in DNS. */
const EHLO = 'EHLO [127.0.0.1]';
const MAX_REPLY_LINES = 100;

interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

async function sendCommand(dialogue: LineDialogue, command: string): Promise<Reply> {
  dialogue.send(command);
  return readReply(dialogue);
}

/** All lines of a reply: `250-…` goes on, `250 …` ends it. */
async function readReply(dialogue: LineDialogue): Promise<Reply> {
  const lines: string[] = [];
  while (lines.length < MAX_REPLY_LINES) {
    const line = await dialogue.nextLine();
    const [, code, more, text = ''] = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line) ?? [];
    if (code === undefined) throw new ProbeFailure('protocol', `the reply is not SMTP: ${shown(line)}`);
    lines.push(text);
    if (more !== '-') return { code: Number(code), lines };
  }
  throw new ProbeFailure('protocol', `sent a reply of more than ${MAX_REPLY_LINES} lines`);
}

function expectCode(reply: Reply, code: number, to: string): void {
  if (reply.code === code) return;
  const got = shown(`${reply.code} ${reply.lines[0] ?? ''}`);
  throw new ProbeFailure('status', `answered ${to} with ${got}, expected ${code}`);
}
