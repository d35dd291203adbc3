import type { Socket } from 'node:net';
import type { Clock } from '../../../runtime/clock.ts';
import type { ConnectionGuard, ProvenClient } from './connection-guard.ts';
import type { BrokerRefusal } from './refusal.ts';

export interface GuardFramesDeps {
  readonly clock: Clock;
  readonly onRefused: (refusal: BrokerRefusal) => void;
  /** The client is not read for a while since it has sent too much. */
  readonly onHeldBack: (client: string) => void;
}

/** A connection of which the guard sees every byte before the MQTT parser gets it. */
export interface GuardedConnection {
  /** Undefined before authentication. */
  readonly client: string | undefined;
  /** From now on it belongs to an authenticated client. */
  prove(client: ProvenClient): void;
  /** Reads nothing until then, so that TCP slows the sender down. */
  holdBack(until: Promise<void>): void;
}

/** A bad header ends the connection before the parser buffers its frame; a client that sends too much is not read for a while. */
export function guardFrames(
  socket: Socket,
  guard: ConnectionGuard,
  deps: GuardFramesDeps,
): GuardedConnection {
  const { clock, onRefused, onHeldBack } = deps;
  const read = socket.read.bind(socket) as (size?: number) => unknown;
  let holds = 0;
  const holdBack = (until: Promise<void>): void => {
    holds++;
    void until.then(() => {
      holds--;
      // What has arrived in the meantime was announced then, and nobody took it.
      if (holds === 0 && !socket.destroyed) socket.emit('readable');
    });
  };
  const refuse = (reason: string): null => {
    const { client } = guard;
    const address = socket.remoteAddress;
    const who = { ...(client !== undefined && { client }), ...(address !== undefined && { address }) };
    onRefused({ kind: 'protocol', reason, ...who });
    socket.destroy();
    return null;
  };
  socket.read = (size?: number): unknown => {
    if (holds > 0) return null;
    const chunk = read(size);
    if (!Buffer.isBuffer(chunk)) return chunk;
    const reason = guard.scan(chunk);
    if (reason !== undefined) return refuse(reason);
    const waitMs = guard.waitMs(clock.monotonicMs());
    if (waitMs > 0) {
      if (guard.client !== undefined) onHeldBack(guard.client);
      holdBack(clock.sleep(waitMs));
    }
    return chunk;
  };
  return {
    get client() {
      return guard.client;
    },
    prove: (client) => guard.prove(client),
    holdBack,
  };
}
