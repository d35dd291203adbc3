import { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import type { Endpoint } from '../dial.ts';

/** After `afterMs` of the clock, the address accepts the connection, or fails with `error`; undefined: never an answer. */
export type Behaviour = { readonly afterMs: number; readonly error?: string } | undefined;

/** Sockets that connect as a test says, on its clock. */
export class FakeNetwork {
  /** What was tried, and when. */
  readonly attempts: { readonly address: string; readonly atMs: number }[] = [];
  readonly sockets: Socket[] = [];
  readonly #behaviours: Readonly<Record<string, Behaviour>>;
  readonly #clock: Clock;
  readonly #startMs: number;

  constructor(behaviours: Readonly<Record<string, Behaviour>>, clock: Clock) {
    this.#behaviours = behaviours;
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
  }

  readonly connect = ({ host }: Endpoint): Socket => {
    this.attempts.push({ address: host, atMs: this.#clock.monotonicMs() - this.#startMs });
    const socket = new Socket();
    this.sockets.push(socket);
    const behaviour = this.#behaviours[host];
    if (behaviour !== undefined) void this.#answer(socket, host, behaviour);
    return socket;
  };

  async #answer(socket: Socket, host: string, { afterMs, error }: NonNullable<Behaviour>): Promise<void> {
    await this.#clock.sleep(afterMs);
    if (socket.destroyed) return;
    if (error === undefined) socket.emit('connect');
    else socket.destroy(Object.assign(new Error(`connect ${error} ${host}`), { code: error }));
  }
}
