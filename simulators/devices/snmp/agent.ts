import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { systemClock, type Clock } from '../../../runtime/clock.ts';
import { BerError } from './ber.ts';
import { DeviceState, type Motion } from './device-state.ts';
import type { Recording } from './recording.ts';
import { respond } from './respond.ts';

export interface AgentOptions {
  readonly recording: Recording;
  /** Default: any free port. */
  readonly port?: number;
  /** Default: 127.0.0.1. */
  readonly address?: string;
  readonly community?: string;
  readonly maxResponseBytes?: number;
  readonly motion?: Motion;
  readonly clock?: Clock;
}

/** Faults of an answer: late, missing or corrupted. */
export interface Behaviour {
  readonly isDead?: boolean;
  readonly lagMs?: number;
  /** Replaces the answer. */
  readonly mangle?: (answer: Buffer, request: Buffer) => readonly Buffer[];
}

export interface SnmpAgent {
  readonly port: number;
  readonly state: DeviceState;
  /** Datagrams received so far. */
  readonly requestCount: number;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

const LARGEST_DATAGRAM = 65_507;

/** Replays a recording over SNMP v2c: GET, GETNEXT and GETBULK over UDP on an address of this machine. */
export async function startSnmpAgent(options: AgentOptions): Promise<SnmpAgent> {
  const {
    recording,
    port = 0,
    address = '127.0.0.1',
    community = 'public',
    motion,
    clock = systemClock,
  } = options;
  const state = new DeviceState(recording, clock, motion);
  const responder = { community, maxResponseBytes: options.maxResponseBytes ?? LARGEST_DATAGRAM };
  const closing = new AbortController();
  let behaviour: Behaviour = {};
  let requestCount = 0;
  const socket = createSocket('udp4');
  socket.on('error', () => undefined); // a datagram that could not be sent is lost, as on a network

  const answer = async (request: Buffer, sender: RemoteInfo): Promise<void> => {
    requestCount++;
    const { isDead = false, lagMs = 0, mangle } = behaviour;
    if (isDead) return;
    const bytes = tryRespond(request, state, responder);
    if (bytes === undefined) return;
    const answers = mangle === undefined ? [bytes] : mangle(bytes, request);
    if (lagMs > 0) await clock.sleep(lagMs, closing.signal);
    for (const datagram of answers) socket.send(datagram, sender.port, sender.address);
  };
  socket.on('message', (request, sender) => void answer(request, sender).catch(() => undefined));
  socket.bind(port, address);
  await once(socket, 'listening');

  return {
    port: socket.address().port,
    state,
    get requestCount() {
      return requestCount;
    },
    behave: (next) => {
      behaviour = next;
    },
    close: () => {
      closing.abort(new Error('the agent is closed'));
      return closeSocket(socket);
    },
  };
}

function tryRespond(
  request: Buffer,
  state: DeviceState,
  options: Parameters<typeof respond>[2],
): Buffer | undefined {
  try {
    return respond(request, state, options);
  } catch (error) {
    if (error instanceof BerError) return undefined; // RFC 3417, 3: dropped
    throw error;
  }
}

async function closeSocket(socket: Socket): Promise<void> {
  socket.close();
  await once(socket, 'close');
}
