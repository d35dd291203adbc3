import type { Socket } from 'node:net';
import { mailPort, type MailCheck } from './check.ts';
import { LineDialogue } from '../../protocols/tcp-tls/line-dialogue.ts';
import { timed } from '../../protocols/tcp-tls/connection-context.ts';
import type { ProbeContext } from './probe.ts';
import { openTcp } from '../../protocols/tcp-tls/tcp-connection.ts';
import { startTls } from '../../protocols/tcp-tls/tls-connection.ts';

/** What differs between SMTP and IMAP. */
export interface MailProtocol {
  readonly scheme: 'smtp' | 'imap';
  /** Throws a ProbeFailure when it is invalid. */
  readGreeting(dialogue: LineDialogue, context: ProbeContext): Promise<void>;
  /** Requests TLS on this connection; throws a ProbeFailure when refused. */
  askForTls(dialogue: LineDialogue): Promise<void>;
  /** EHLO where the protocol has it, then the end of the session. */
  finish(dialogue: LineDialogue): Promise<void>;
}

/** Greeting, TLS where configured, end of the session. Sends no mail and does not log in. */
export async function probeMail(
  check: MailCheck,
  protocol: MailProtocol,
  context: ProbeContext,
): Promise<void> {
  const { findings, clock, signal } = context;
  const startMs = clock.monotonicMs();
  const isTls = check.security === 'tls';
  const port = mailPort(check);
  const source = `${protocol.scheme}://${check.host}:${port}`;
  const plain = await openTcp({ host: check.host, port }, context);
  const secure = (): Promise<Socket> => startTls(plain, { host: check.host, source }, context);
  try {
    let dialogue = new LineDialogue(isTls ? await secure() : plain, signal);
    await timed(context, 'firstByteMs', `waiting for the greeting of ${source}`, () =>
      protocol.readGreeting(dialogue, context),
    );
    if (check.security === 'starttls') {
      findings.step = `asking ${source} for TLS`;
      await protocol.askForTls(dialogue);
      dialogue.requireNoInput();
      dialogue = new LineDialogue(await secure(), signal);
    }
    findings.step = `talking to ${source}`;
    await protocol.finish(dialogue);
    findings.responseMs = clock.monotonicMs() - startMs;
  } finally {
    plain.destroy();
  }
}
