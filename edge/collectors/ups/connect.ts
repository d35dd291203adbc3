import type { Socket } from 'node:net';
import { readSecret } from '../../../runtime/secret-source.ts';
import { ProbeFailure } from '../../protocols/probe-failure.ts';
import type { ConnectionContext } from '../../protocols/tcp-tls/connection-context.ts';
import { openTcp } from '../../protocols/tcp-tls/tcp-connection.ts';
import { requireValidChain, startTls } from '../../protocols/tcp-tls/tls-connection.ts';
import type { ServerConfig } from './config.ts';
import { NutDialogue } from './nut-dialogue.ts';
import { NutRefusal } from './refusal.ts';

/** Answers of a server without TLS. */
const NO_TLS = new Set(['FEATURE-NOT-CONFIGURED', 'FEATURE-NOT-SUPPORTED', 'UNKNOWN-COMMAND']);

/** Connects, over TLS if available, and logs in. The signal destroys the socket. */
export async function connectNut(server: ServerConfig, context: ConnectionContext): Promise<NutDialogue> {
  const socket = await openTcp({ host: server.address, port: server.port }, context);
  const plain = new NutDialogue(socket, context.signal);
  const isSecure = server.tls !== 'never' && (await askForTls(plain, server));
  const dialogue = isSecure ? await overTls(socket, server, context) : plain;
  if (server.login !== undefined) await logIn(dialogue, server, isSecure || socket.remoteAddress);
  return dialogue;
}

async function askForTls(dialogue: NutDialogue, { tls }: ServerConfig): Promise<boolean> {
  try {
    await dialogue.command('STARTTLS');
    return true;
  } catch (error) {
    if (!(error instanceof NutRefusal) || !NO_TLS.has(error.code)) throw error;
    if (tls === 'needed') throw new ProbeFailure('protocol', `no TLS: ${error.message}`, error);
    return false;
  } finally {
    dialogue.requireNoInput();
  }
}

async function overTls(
  socket: Socket,
  { address, port }: ServerConfig,
  context: ConnectionContext,
): Promise<NutDialogue> {
  const secure = await startTls(socket, { host: address, source: `nut://${address}:${port}` }, context);
  requireValidChain(context.findings.chains);
  return new NutDialogue(secure, context.signal);
}

/** `way`: true if encrypted, otherwise the remote address. */
async function logIn(
  dialogue: NutDialogue,
  { login, tls }: ServerConfig,
  way: true | string | undefined,
): Promise<void> {
  if (login === undefined) return;
  if (way !== true && tls !== 'never' && !isLoopback(way)) {
    throw new ProbeFailure('protocol', 'has no TLS: the password is not sent (tls: never would send it)');
  }
  const password = readSecret('login.password', login.password, process.env);
  await dialogue.command('USERNAME', login.username);
  await dialogue.command('PASSWORD', password);
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}
