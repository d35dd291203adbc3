import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { dial } from '../../../../runtime/dial/dial.ts';
import { dialTls } from '../../../../runtime/dial/dial-tls.ts';
import type { TargetGuard } from '../../../../runtime/dial/target-guard.ts';
import { untilAborted } from '../../../../runtime/dial/until-aborted.ts';
import { composeMail, type Mail } from './compose.ts';
import { resultOfFailure, resultOfSending, type SendingResult } from './smtp-result.ts';

export interface MailServer {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** `starttls`: nothing is sent without it. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  /** PEM; default: the authorities that Node knows. */
  readonly ca?: string;
  readonly login?: { readonly user: string; readonly password: string };
  readonly guard: TargetGuard;
  /** Of the whole attempt. */
  readonly timeoutMs: number;
}

const MAX_RESPONSE_BYTES = 16_384;
const CLOSE_WITHIN_MS = 1_000;

/** One attempt to send `mail` to `recipients`, in a connection of its own (RFC 5321). Never rejects. */
export function sendMail(
  mail: Mail,
  recipients: readonly string[],
  server: MailServer,
  signal: AbortSignal,
): Promise<SendingResult> {
  return attempt({ mail, recipients }, server, signal);
}

/** Goes as far as the login, and takes leave: nothing is sent. Has an answer when that went well. Never rejects. */
export function visitMailServer(server: MailServer, signal: AbortSignal): Promise<SendingResult> {
  return attempt(undefined, server, signal);
}

async function attempt(
  letter: { readonly mail: Mail; readonly recipients: readonly string[] } | undefined,
  server: MailServer,
  signal: AbortSignal,
): Promise<SendingResult> {
  const { timeoutMs } = server;
  const deadline = new AbortController();
  let step = 'connecting';
  const timer = setTimeout(
    () => deadline.abort(new Error(`no answer within ${timeoutMs} ms (${step})`)),
    timeoutMs,
  );
  const either = AbortSignal.any([signal, deadline.signal]);
  const onStep = (next: string): void => {
    step = next;
  };
  try {
    const sending = letter && {
      from: letter.mail.from,
      recipients: letter.recipients,
      content: await composeMail(letter.mail),
    };
    const socket = await connect(server, either, onStep);
    return await converse(socket, server, { sending, signal: either, onStep });
  } catch (error) {
    const reason: unknown = either.aborted ? either.reason : error;
    const recipients = letter?.recipients ?? [server.host];
    return resultOfFailure(reason, { step, recipients, login: server.login });
  } finally {
    clearTimeout(timer);
  }
}

async function connect(
  { host, port, tls, ca, guard }: MailServer,
  signal: AbortSignal,
  onStep: (step: string) => void,
): Promise<Socket> {
  const options = { guard, signal, onStep };
  if (tls !== 'implicit') return (await dial({ host, port }, options)).socket;
  return dialTls({ host, port }, ca === undefined ? {} : { ca }, options);
}

interface Conversation {
  readonly sending:
    { readonly from: string; readonly recipients: readonly string[]; readonly content: Buffer } | undefined;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}

async function converse(
  socket: Socket,
  { host, port, tls, ca, login, timeoutMs }: MailServer,
  { sending, signal, onStep }: Conversation,
): Promise<SendingResult> {
  const connection = new SMTPConnection({
    host,
    port,
    connection: socket,
    secure: tls === 'implicit',
    secured: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
    maxResponseSize: MAX_RESPONSE_BYTES,
    socketCloseTimeout: CLOSE_WITHIN_MS,
    // The caller's time limit comes first, and names the step.
    connectionTimeout: 2 * timeoutMs,
    greetingTimeout: 2 * timeoutMs,
    socketTimeout: 2 * timeoutMs,
  });
  const broken = new Promise<never>((_resolve, reject) => connection.on('error', reject));
  broken.catch(() => undefined);
  const during = <T>(next: string, begin: (done: Done<T>) => void): Promise<T> => {
    onStep(next);
    const work = new Promise<T>((resolve, reject) => {
      begin((error, result) => (error ? reject(error) : resolve(result as T)));
    });
    return untilAborted(Promise.race([work, broken]), signal);
  };
  try {
    const opening =
      tls === 'starttls' ? 'waiting for greeting, EHLO, STARTTLS' : 'waiting for greeting, EHLO';
    await during<undefined>(opening, (done) => connection.connect(done));
    if (login !== undefined) {
      const auth = { user: login.user, pass: login.password };
      await during<boolean>('logging in', (done) => connection.login(auth, done));
    }
    if (sending === undefined) {
      connection.quit();
      return { taken: [], refusals: [], answer: login === undefined ? 'greeted' : 'logged in' };
    }
    const { from, recipients, content } = sending;
    const envelope = { from, to: [...recipients], size: content.length };
    const info = await during<SMTPConnection.SentMessageInfo>('sending the message', (done) =>
      connection.send(envelope, content, done),
    );
    connection.quit();
    return resultOfSending(info);
  } finally {
    connection.close();
  }
}

type Done<T> = (error?: Error | null, result?: T) => void;
